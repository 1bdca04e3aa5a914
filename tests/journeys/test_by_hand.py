"""Starting and stopping one run by hand."""

import pytest

from aftercare.errors import NotFound
from aftercare.flows import consent, enrolments, preview
from aftercare.flows.enrolments import CannotStart
from aftercare.store import clients as client_rows
from aftercare.store import consents
from tests.journeys.harness import STRONG, Journey

TENDER = "after-a-tender-visit"
VISIT = "after-your-visit"

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""
BOOKED = {
    "name": "Before",
    "public_name": "Before your visit",
    "trigger": "appointment.booked",
    "steps": [{"key": "before", "wait": {"days": -1}}],
}


def _start(journey: Journey, client: str, slug: str = VISIT) -> str:
    with journey.app.transaction() as db:
        return enrolments.start_by_hand(
            db, journey.clinic_id, client, slug, by="staff:sam", now=journey.now
        ).id


def _plan(journey: Journey, client: str, slug: str = VISIT) -> preview.Preview:
    with journey.app.reading() as db:
        return preview.preview_by_hand(db, journey.clinic_id, client, slug, now=journey.now)


def test_a_run_by_hand_is_counted_from_now_and_is_what_its_preview_showed(journey: Journey) -> None:
    maya = journey.add_client()
    shown = _plan(journey, maya)
    _start(journey, maya)
    rows = [(row.step_key, row.planned_for, row.cards) for row in journey.messages(maya)]
    assert [(one.step, one.planned_for, one.cards) for one in shown.messages] == rows
    journey.live(days=14)
    assert journey.mail(maya)[0] == "evening-plan Mon 23 17:00"
    assert len(journey.mail(maya)) == 5


def test_it_displaces_what_a_visit_would_and_its_preview_says_so(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    [ended] = _plan(journey, maya, TENDER).ends
    assert (ended.sequence, ended.name, ended.unsent) == (VISIT, "After your visit", 5)
    _start(journey, maya, TENDER)
    journey.live(days=15)
    assert len(journey.mail(maya)) == 6


def _refused(journey: Journey, client: str, slug: str, reason: str) -> None:
    with pytest.raises(CannotStart) as refusal:
        _start(journey, client, slug)
    assert refusal.value.reason == reason
    assert _plan(journey, client, slug).note == reason
    assert journey.mail(client) == []


@ONE_IS_ENOUGH
@pytest.mark.parametrize(
    ("outcome", "slug", "reason"),
    [(STRONG, TENDER, "already_running"), (STRONG, VISIT, "tender_run_active")],
)
def test_it_is_refused_where_a_visit_would_start_nothing(
    journey: Journey, outcome: str, slug: str, reason: str
) -> None:
    maya = journey.add_client()
    journey.visit(maya, outcome)
    _refused(journey, maya, slug, reason)
    assert [run.sequence for run in _plan(journey, maya, slug).going_on] == [TENDER]


@ONE_IS_ENOUGH
def test_it_is_refused_without_consent_after_a_stop_and_for_a_dead_address(journey: Journey) -> None:
    maya, ravi = journey.add_client(topics=()), journey.add_client("ravi@example.com")
    ann = journey.add_client("ann@example.com")
    with journey.app.transaction() as db:
        consent.opt_out(db, ravi, "aftercare", source="page", now=journey.now)
        dead = client_rows.lock(db, ann)
        consents.suppress(db, dead, reason="hard_bounce", by="engine", now=journey.now)
    _refused(journey, maya, VISIT, "no_consent")
    _refused(journey, ravi, VISIT, "no_consent")
    _refused(journey, ann, VISIT, "suppressed")


@ONE_IS_ENOUGH
def test_what_counts_from_an_appointment_is_no_choice(journey: Journey) -> None:
    journey.publish("before", BOOKED)
    _refused(journey, journey.add_client(), "before", "needs_appointment")
    with journey.app.reading() as db:
        found = [one.sequence.slug for one in enrolments.startable(db, journey.clinic_id)]
    assert found == [TENDER, VISIT]


@ONE_IS_ENOUGH
def test_a_sequence_that_does_not_exist_is_not_found(journey: Journey) -> None:
    with pytest.raises(NotFound):
        _start(journey, journey.add_client(), "nothing")


def test_a_run_that_is_stopped_ends_and_the_next_visit_starts_a_new_one(journey: Journey) -> None:
    maya = journey.add_client()
    run = _start(journey, maya)
    for _ in range(2):
        with journey.app.transaction() as db:
            enrolments.stop_run(db, journey.clinic_id, run, by="staff:sam", now=journey.now)
    assert set(journey.fates(maya).values()) == {"cancelled: stopped"}
    journey.visit(maya)
    journey.live(days=14)
    assert len(journey.mail(maya)) == 5
