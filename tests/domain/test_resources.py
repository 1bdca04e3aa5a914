"""When an entry of the resource library may stand in an email."""

from datetime import date, timedelta

import pytest

from aftercare.domain.resources import fault, is_https, needs_a_look

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("https://example.org", True),
        ("https://example.org/a?b=1&c=2#d", True),
        ("https://bücher.example/ä", True),
        ("HTTPS://example.org", True),
        ("http://example.org", False),
        ("//example.org", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://sam:secret@example.org", False),
        ("https://example.org/a b", False),
        ("https://example.org/{{ first_name }}", False),
        ('https://example.org/"onclick="x', False),
        ("https://[::1", False),
        ("https://example.org/" + "a" * 500, False),
        ("", False),
    ],
)
def test_only_a_whole_https_address_is_usable(url: str, usable: bool) -> None:
    assert is_https(url) is usable


@pytest.mark.parametrize(
    ("days", "warned", "refused"),
    [
        (-1, False, None),
        (0, False, None),
        (180, False, None),
        (181, True, None),
        (365, True, None),
        (366, True, "expired"),
    ],
)
def test_a_link_is_looked_at_twice_a_year_and_after_one_it_is_refused(
    days: int, warned: bool, refused: str | None
) -> None:
    checked = TODAY - timedelta(days=days)
    assert needs_a_look(checked, TODAY) is warned
    assert fault("https://example.org", is_dead=False, last_checked=checked, today=TODAY) == refused


def test_what_is_worst_is_named_first() -> None:
    old = TODAY - timedelta(days=999)
    assert fault("http://example.org", is_dead=True, last_checked=old, today=TODAY) == "not_https"
    assert fault("https://example.org", is_dead=True, last_checked=old, today=TODAY) == "dead"
