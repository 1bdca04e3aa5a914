"""Yes and no in other people's words, and what becomes of each row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.consent_words import Answer, read_answer
from aftercare.domain.import_fate import Fate, Known, Person, decide

MAYA = Person(2, "maya@example.com", "maya@example.com", "Maya", agreed=True)
SILENT = Person(2, "maya@example.com", "maya@example.com", "Maya")
KNOWN = Known("cli_1", "Maya", "Europe/London", "GB", frozenset({"aftercare"}))


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        *(
            (cell, Answer.YES)
            for cell in ("Yes", "y", "TRUE", "1", "x", "✓", "Ja", "oui", "Sí", "Subscribed", "はい")
        ),
        *(
            (cell, Answer.NO)
            for cell in ("", " ", "No", "n", "FALSE", "0", "-", "Nein", "unsubscribed", "unknown")
        ),
        *(
            (cell, Answer.UNCLEAR)
            for cell in ("maybe", "2", "yes?", "not yes", "2024-01-01", "yes but", "ye")
        ),
    ],
)
def test_only_a_plain_yes_is_a_yes(cell: str, answer: Answer) -> None:
    assert read_answer(cell) is answer


@pytest.mark.parametrize(
    ("person", "known", "suppressed", "fate"),
    [
        (MAYA, None, False, Fate.NEW),
        (SILENT, None, False, Fate.NO_EMAILS),
        (MAYA, None, True, Fate.STAYS_UNSUBSCRIBED),
        (MAYA, KNOWN, False, Fate.UNCHANGED),
        (SILENT, KNOWN, False, Fate.UNCHANGED),
        (MAYA, KNOWN, True, Fate.STAYS_UNSUBSCRIBED),
        (MAYA, Known("cli_1", "", None, None, frozenset({"aftercare"})), False, Fate.UPDATED),
        (MAYA, Known("cli_1", "Maya", None, None), False, Fate.UPDATED),
        (MAYA, Known("cli_1", "", None, None, frozenset(), stopped=True), False, Fate.STAYS_UNSUBSCRIBED),
    ],
)
def test_each_row_has_one_fate(person: Person, known: Known | None, suppressed: bool, fate: Fate) -> None:
    assert decide(person, known, ["aftercare"], suppressed=suppressed).fate is fate


def test_only_empty_fields_are_filled() -> None:
    person = Person(2, "m@example.com", "m@example.com", "May", "Asia/Kathmandu", "NP")
    verdict = decide(person, Known("cli_1", "Maya", None, "GB"), ["aftercare"], suppressed=False)
    assert (verdict.fill, verdict.topics) == ({"timezone": "Asia/Kathmandu"}, ())


@given(
    st.booleans(), st.booleans(), st.booleans(), st.frozensets(st.sampled_from(["aftercare", "newsletter"]))
)
def test_nobody_who_said_stop_is_given_anything(
    agreed: bool, suppressed: bool, stopped: bool, given_topics: frozenset[str]
) -> None:
    person = Person(2, "m@example.com", "m@example.com", "Maya", "Asia/Kathmandu", "NP", agreed=agreed)
    known = Known("cli_1", "", None, None, given_topics, stopped)
    verdict = decide(person, known, ["aftercare", "newsletter"], suppressed=suppressed)
    if suppressed or stopped:
        assert (verdict.fate, verdict.topics, verdict.fill) == (Fate.STAYS_UNSUBSCRIBED, (), None)
    if not agreed:
        assert verdict.topics == ()
