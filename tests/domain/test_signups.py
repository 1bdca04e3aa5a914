"""Who may get one more email that asks for a yes, and what counts as one mailbox or one network."""

from datetime import UTC, datetime, timedelta

import pytest

from aftercare.domain.signups import PER_CLINIC, Facts, mailbox_of, network_of, refusal

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), None),
        (Facts(takes_signups=False), "closed"),
        (Facts(suppressed=True), "suppressed"),
        (Facts(consent=True), "subscribed"),
        (Facts(consent=False), "stopped"),
        (Facts(sent=2, last_sent_at=NOW - DAY), None),
        (Facts(sent=1, last_sent_at=NOW - DAY + timedelta(seconds=1)), "today"),
        (Facts(sent=3, last_sent_at=NOW - 400 * DAY), "three_times"),
        (Facts(sent_by_clinic_today=PER_CLINIC - 1), None),
        (Facts(sent_by_clinic_today=PER_CLINIC), "clinic_full"),
    ],
)
def test_one_email_a_day_three_in_all_and_none_against_her_word(facts: Facts, expected: str | None) -> None:
    assert refusal(facts, NOW) == expected


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [
        ("ann@example.com", "ann@example.com"),
        ("ann+a@example.com", "ann@example.com"),
        ("ann+a+b@example.com", "ann@example.com"),
        ("an.n@example.com", "an.n@example.com"),
        ("a.n.n+x@gmail.com", "ann@gmail.com"),
        ("ann@googlemail.com", "ann@gmail.com"),
        ("+@example.com", "+@example.com"),
    ],
)
def test_what_follows_a_plus_is_no_other_mailbox(typed: str, mailbox: str) -> None:
    assert mailbox_of(typed) == mailbox


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_household_of_ipv6_is_one_network(peer: str, network: str) -> None:
    assert network_of(peer) == network
