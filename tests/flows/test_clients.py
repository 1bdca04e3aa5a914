"""Adding clients: what is accepted, what is refused, and how it is compared (reliability B5 to B15)."""

import pytest

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import clients
from aftercare.flows.clients import NewClient
from aftercare.flows.readers import read_address, read_country, read_name
from tests.journeys.harness import Journey


@pytest.mark.parametrize(
    ("written", "address", "key"),
    [
        ("maya@example.com", "maya@example.com", "maya@example.com"),
        (" Maya.Ray@Example.COM ", "Maya.Ray@example.com", "maya.ray@example.com"),
        ("anna@MÜNCHEN.de", "anna@xn--mnchen-3ya.de", "anna@xn--mnchen-3ya.de"),
    ],
)
def test_an_address_is_written_as_given_and_compared_without_case(
    written: str, address: str, key: str
) -> None:
    assert read_address(written) == (address, key)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "maya",
        '"x@evil.com y"@clinic.org',
        "a@x.org(<b@y.org>",
        "a@x.org, b@y.org",
        "<a@x.org> b@y.org",
        "a@x.org\r\nBcc: b@y.org",
        "maya@-example.com",
        "ma\u200dya@example.com",
    ],
)
def test_what_is_not_exactly_one_address_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_address(written)
    assert refusal.value.field == "email"
    assert not written or written not in str(refusal.value)


@pytest.mark.parametrize("name", ["Ann\r\nBcc: x@y.org", "Ann\x00", "Ann\u2028", "Ann\ud800", "A" * 101])
def test_a_name_that_could_break_a_header_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        read_name(name)


@pytest.mark.parametrize("name", ["", "Siân", "{{ 7*7 }}", "O'Brien-Łukasz", "李"])
def test_any_other_name_is_kept(name: str) -> None:
    assert read_name(f" {name} ") == name


@pytest.mark.parametrize(("written", "country"), [(None, None), ("", None), ("gb", "GB"), ("NZ", "NZ")])
def test_a_country_is_two_capital_letters(written: str | None, country: str | None) -> None:
    assert read_country(written) == country


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("UK", "this is not a country code. Did you mean GB?"),
        ("England", "Did you mean GB?"),
        ("Germny", "Did you mean DE?"),
        ("ZZ", "Write two letters"),
        ("1A", "Write two letters"),
        ("ÄÖ", "Write two letters"),
    ],
)
def test_a_country_that_does_not_exist_is_refused_with_the_one_that_was_meant(
    written: str, hint: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        read_country(written)
    assert hint in error.value.problem


def test_an_address_that_no_email_can_reach_is_refused_in_words_of_its_own() -> None:
    with pytest.raises(InvalidInput, match=r"no email can reach \.test"):
        read_address("robin@clinic.test")


def _add(journey: Journey, new: NewClient) -> str:
    with journey.app.transaction() as db:
        return clients.add_client(db, journey.clinic_id, new, by="sam", now=journey.now).id


def test_the_same_address_in_other_letters_is_the_same_client(journey: Journey) -> None:
    journey.add_client("maya@example.com")
    with pytest.raises(Conflict, match="exists already"):
        _add(journey, NewClient(email="MAYA@Example.com"))


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewClient(email="a@example.com", timezone="Mars/Phobos"), "timezone"),
        (NewClient(email="a@example.com", topics=("offers",)), "consent.topics"),
        (NewClient(email="a@example.com", topics=("aftercare",)), "consent"),
    ],
)
def test_a_refused_client_leaves_nothing_behind(journey: Journey, new: NewClient, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _add(journey, new)
    assert refusal.value.field == field
    _add(journey, NewClient(email="a@example.com", timezone="US/Eastern"))


def test_an_old_name_of_a_zone_is_kept_by_its_present_name(journey: Journey) -> None:
    client = _add(journey, NewClient(email="a@example.com", timezone="US/Eastern"))
    assert journey.client(client).timezone == "America/New_York"
