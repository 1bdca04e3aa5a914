"""Staff record what a client said; they never say it for her."""

from datetime import date, timedelta

import pytest

from aftercare.errors import Conflict, InvalidInput, NotFound
from aftercare.flows import consent, consent_by_staff
from aftercare.store import audit, consents
from tests.journeys.harness import Journey

TODAY = date(2026, 11, 23)

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""


def record(journey: Journey, client: str, given_on: date = TODAY, **changed: object) -> int:
    """She said yes on paper."""
    said = {"topics": ["aftercare"], "source": "paper form", "wording": "Yes, please write to me.", **changed}
    with journey.app.transaction() as db:
        return consent_by_staff.record_consent(
            db,
            journey.clinic_id,
            client,
            **said,  # type: ignore[arg-type] # a table of odd values is the point
            given_on=given_on,
            by="staff:sam",
            now=journey.now,
        )


def stop(journey: Journey, client: str, topic: str = "aftercare") -> bool:
    """She told Sam to stop."""
    with journey.app.transaction() as db:
        return consent_by_staff.stop(db, journey.clinic_id, client, topic, by="staff:sam", now=journey.now)


def undo_stop(journey: Journey, client: str) -> bool:
    """Sam pressed the wrong button."""
    with journey.app.transaction() as db:
        return consent_by_staff.undo_stop(
            db, journey.clinic_id, client, "aftercare", by="staff:sam", now=journey.now
        )


def stop_herself(journey: Journey, client: str) -> None:
    """By the link in an email."""
    with journey.app.transaction() as db:
        consent.opt_out(db, client, "aftercare", source="unsubscribe_page", now=journey.now)


def test_a_yes_on_paper_is_kept_with_day_words_and_name_and_plans_the_last_visit(journey: Journey) -> None:
    maya = journey.add_client(topics=())
    session = journey.visit(maya)
    assert record(journey, maya, date(2026, 11, 20)) == 1
    assert record(journey, maya, date(2026, 11, 20)) == 0
    with journey.app.reading() as db:
        [kept] = consents.history(db, maya)
        actions = [entry.action for entry in audit.of_subject(db, journey.clinic_id, maya)]
    assert (kept.source, kept.wording) == ("paper form, 2026-11-20", "Yes, please write to me.")
    assert kept.recorded_by == "staff:sam"
    assert actions.count("consent.given") == 1
    assert journey.note(session) == "planned"
    journey.live(days=14)
    assert len(journey.mail(maya)) == 5


@ONE_IS_ENOUGH
def test_a_yes_to_something_else_leaves_the_visits_as_they_are(journey: Journey) -> None:
    maya = journey.add_client(topics=())
    session = journey.visit(maya)
    assert record(journey, maya, topics=["newsletter"]) == 0
    with journey.app.reading() as db:
        actions = [entry.action for entry in audit.of_subject(db, journey.clinic_id, session)]
    assert (journey.note(session), actions.count("session.planned")) == ("no_consent", 1)


@ONE_IS_ENOUGH
def test_only_visits_that_bring_emails_in_the_end_are_counted(journey: Journey) -> None:
    maya = journey.add_client(topics=())
    for _ in range(2):
        journey.visit(maya)
        journey.live(hours=1)
    assert record(journey, maya) == 1
    journey.live(days=14)
    assert len(journey.mail(maya)) == 5


@ONE_IS_ENOUGH
@pytest.mark.parametrize(
    ("given_on", "changed", "field"),
    [
        (TODAY, {"topics": []}, "topics"),
        (TODAY, {"topics": ["offers"]}, "topics"),
        (TODAY, {"source": " "}, "source"),
        (TODAY, {"wording": ""}, "wording"),
        (TODAY, {"wording": "x" * 2001}, "wording"),
        (TODAY + timedelta(days=1), {}, "given_on"),
    ],
)
def test_a_yes_without_day_source_and_words_is_none(
    journey: Journey, given_on: date, changed: dict[str, object], field: str
) -> None:
    maya = journey.add_client(topics=())
    with pytest.raises(InvalidInput) as refusal:
        record(journey, maya, given_on, **changed)
    assert refusal.value.field == field
    with journey.app.reading() as db:
        assert consents.history(db, maya) == []


def test_whoever_stopped_comes_back_only_by_a_yes_that_she_gave_since(journey: Journey) -> None:
    maya = journey.add_client()
    journey.live(days=3)
    stop_herself(journey, maya)
    with pytest.raises(InvalidInput, match="since then counts"):
        record(journey, maya, date(2026, 11, 25))
    with pytest.raises(Conflict, match="that stands"):
        undo_stop(journey, maya)
    with pytest.raises(InvalidInput, match="at 14:00 their time") as refusal:
        record(journey, maya, date(2026, 11, 26))
    assert refusal.value.field == "after_stop"
    record(journey, maya, date(2026, 11, 26), after_stop=True)
    with journey.app.reading() as db:
        assert consents.is_given(db, maya, "aftercare")


@ONE_IS_ENOUGH
def test_a_yes_of_the_day_after_the_stop_needs_no_more_words(journey: Journey) -> None:
    maya = journey.add_client()
    stop_herself(journey, maya)
    with pytest.raises(InvalidInput, match="since then counts"):
        record(journey, maya, date(2026, 11, 22), after_stop=True)
    journey.live(days=1)
    record(journey, maya, date(2026, 11, 24))
    with journey.app.reading() as db:
        assert consents.is_given(db, maya, "aftercare")


def test_a_stop_on_her_word_is_at_once_and_a_slip_is_taken_back(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    assert stop(journey, maya)
    assert not stop(journey, maya)
    with journey.app.reading() as db:
        kept = consents.current(db, maya)["aftercare"]
    assert (kept.given, kept.source, kept.recorded_by) == (False, "staff", "staff:sam")
    assert undo_stop(journey, maya)
    assert not undo_stop(journey, maya)
    journey.live(days=14)
    assert len(journey.mail(maya)) == 5


@ONE_IS_ENOUGH
@pytest.mark.parametrize(("hours", "possible"), [(1, True), (1.1, False)])
def test_an_hour_later_a_stop_is_no_slip_any_more(journey: Journey, hours: float, possible: bool) -> None:
    maya = journey.add_client()
    stop(journey, maya)
    journey.sleep(hours=hours)
    with journey.app.reading() as db:
        can = consent_by_staff.can_undo_stop(db, journey.client(maya), "aftercare", journey.now)
    assert can is possible
    if not possible:
        with pytest.raises(Conflict):
            undo_stop(journey, maya)


@ONE_IS_ENOUGH
def test_unknown_topics_and_foreign_clients_are_refused(journey: Journey) -> None:
    maya = journey.add_client()
    with pytest.raises(InvalidInput, match="topic"):
        stop(journey, maya, "offers")
    with pytest.raises(NotFound), journey.app.transaction() as db:
        consent_by_staff.stop(db, "clc_other", maya, "aftercare", by="sam", now=journey.now)
