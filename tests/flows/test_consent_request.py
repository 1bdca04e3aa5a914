"""Asking for consent: one email, at most once a month, and never after a no."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from aftercare.errors import NotFound
from aftercare.flows import (
    clients,
    consent,
    consent_by_staff,
    consent_request,
    enrolments,
    sequences,
    sessions,
)
from aftercare.flows.consent_request import SLUG, CannotAsk
from aftercare.flows.why_not import WHY_NOT
from aftercare.mail.paths import templates_root
from aftercare.store import clients as client_rows
from aftercare.store import consents
from tests.journeys.harness import STRONG, Journey

NIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
WORDS = "Yes, Willow Lane Clinic may send me short emails."

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""


def ask(journey: Journey, client: str, session: str | None = None) -> None:
    """Staff ask her for consent."""
    with journey.app.transaction() as db:
        consent_request.ask(
            db, journey.clinic_id, client, session_id=session, by="staff:sam", now=journey.now
        )
    journey.app.sweep()


def say_yes(journey: Journey, client: str) -> int:
    """She presses Yes on the page."""
    with journey.app.transaction() as db:
        return consent_request.say_yes(db, client, WORDS, now=journey.now)


def say_no(journey: Journey, client: str) -> bool:
    """She presses No, thank you."""
    with journey.app.transaction() as db:
        return consent_request.say_no(db, client, now=journey.now)


def stop(journey: Journey, client: str) -> None:
    """She follows the link of an old email and stops."""
    with journey.app.transaction() as db:
        consent.opt_out(db, client, "*", source="unsubscribe_page", now=journey.now)


def stop_by_staff(journey: Journey, client: str) -> None:
    """She says so at the desk."""
    with journey.app.transaction() as db:
        consent_by_staff.stop(db, journey.clinic_id, client, "*", by="staff:sam", now=journey.now)


def suppress(journey: Journey, client: str) -> None:
    """Her address bounced."""
    with journey.app.transaction() as db:
        dead = client_rows.lock(db, client)
        consents.suppress(db, dead, reason="hard_bounce", by="engine", now=journey.now)


def pause_the_email(journey: Journey, _client: str) -> None:
    """Nobody is to be asked."""
    with journey.app.transaction() as db:
        files = sequences.read_folder(templates_root() / "sequences" / "en" / SLUG)
        sequences.publish(db, journey.clinic_id, files, by="sam", now=journey.now)
        sequences.pause(db, journey.clinic_id, SLUG, by="sam", now=journey.now)


def test_the_email_leaves_at_once_at_night_from_a_clinic_that_never_had_it_even_on_hold(
    journey: Journey,
) -> None:
    maya = journey.add_client(topics=())
    journey.live_until(NIGHT)
    with journey.app.transaction() as db:
        clients.hold(db, journey.clinic_id, maya, reason="asked", by="sam", now=journey.now)
    ask(journey, maya)
    assert journey.mail(maya) == ["may-we-write Mon 23 23:00"]
    mail = message_from_bytes(journey.server.received[0].content, policy=default)
    bodies = [str(part.get_content()) for part in mail.iter_parts()]
    assert all("/c/" in body and "/u/" not in body and "This email only asks" in body for body in bodies)


@ONE_IS_ENOUGH
@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (say_yes, "already_given"),
        (say_no, "refused"),
        (stop, "stopped_by_client"),
        (stop_by_staff, "stopped_for_client"),
        (suppress, "suppressed"),
        (ask, "asked_recently"),
        (pause_the_email, "request_paused"),
    ],
)
def test_nobody_is_asked_twice_or_against_her_word(
    journey: Journey, before: Callable[[Journey, str], object], reason: str
) -> None:
    maya = journey.add_client(topics=())
    before(journey, maya)
    sent = journey.mail(maya)
    journey.sleep(days=29)
    with pytest.raises(CannotAsk, match=WHY_NOT[reason].sentence.partition(".")[0]) as refusal:
        ask(journey, maya)
    assert refusal.value.reason == reason
    assert journey.mail(maya) == sent


@ONE_IS_ENOUGH
def test_she_can_be_asked_again_after_a_month_without_an_answer(journey: Journey) -> None:
    maya = journey.add_client(topics=())
    ask(journey, maya)
    journey.live(days=30)
    ask(journey, maya)
    assert len(journey.mail(maya)) == 2


def test_it_starts_by_no_trigger_by_no_hand_and_takes_no_place_in_the_caps(journey: Journey) -> None:
    maya = journey.add_client()
    with journey.app.transaction() as db:
        files = sequences.read_folder(templates_root() / "sequences" / "en" / SLUG)
        sequences.publish(db, journey.clinic_id, files, by="sam", now=journey.now)
    with journey.app.reading() as db:
        assert SLUG not in [one.sequence.slug for one in enrolments.startable(db, journey.clinic_id)]
    ravi = journey.add_client("ravi@example.com", topics=())
    session = journey.visit(ravi)
    ask(journey, ravi, session)
    say_yes(journey, ravi)
    journey.visit(maya)
    journey.live(days=14)
    assert journey.mail(ravi)[1:] == journey.mail(maya)
    assert len(journey.mail(maya)) == 5


def test_a_yes_plans_the_visits_of_the_last_week_in_their_order(journey: Journey) -> None:
    maya = journey.add_client(topics=())
    long_ago = journey.visit(maya)
    journey.live(days=8)
    strong = journey.visit(maya, STRONG)
    journey.live(days=1)
    ordinary = journey.visit(maya)
    ask(journey, maya, ordinary)
    assert say_yes(journey, maya) == 1
    assert say_yes(journey, maya) == 0
    notes = [journey.note(session) for session in (long_ago, strong, ordinary)]
    assert notes == ["no_consent", "planned", "tender_run_active"]
    journey.live(days=15)
    assert {line.split()[0] for line in journey.mail(maya)[:2]} == {"may-we-write", "checking-in"}
    with journey.app.reading() as db:
        record = consents.current(db, maya)["aftercare"]
    assert (record.source, record.wording, record.recorded_by) == ("consent_page", WORDS, f"client:{maya}")


def test_a_no_is_kept_and_nothing_follows_until_she_says_yes_herself(journey: Journey) -> None:
    maya = journey.add_client(topics=())
    session = journey.visit(maya)
    ask(journey, maya, session)
    assert say_no(journey, maya)
    assert not say_no(journey, maya)
    journey.live(days=2, hours=1)
    assert journey.note(session) == "no_consent"
    assert say_yes(journey, maya) == 1
    journey.live(days=14)
    assert [line.split()[0] for line in journey.mail(maya)] == [
        "may-we-write",
        "short-walk",
        "quiet-minutes",
        "how-are-things",
    ]


@pytest.mark.parametrize("speak", [stop, say_yes, say_no])
def test_whatever_she_says_takes_a_question_back_that_has_not_left(
    journey: Journey, speak: Callable[[Journey, str], object]
) -> None:
    maya = journey.add_client(topics=())
    journey.app.broker_is_up = False
    ask(journey, maya)
    speak(journey, maya)
    with journey.app.transaction() as db:
        consent.undo_opt_out(db, maya, "*", now=journey.now)
    journey.app.broker_is_up = True
    journey.live(days=1)
    assert journey.fates(maya) == {"may-we-write": "cancelled: answered"}


def test_undoing_the_session_takes_its_question_back_and_she_can_be_asked_again(journey: Journey) -> None:
    maya = journey.add_client(topics=())
    session = journey.visit(maya)
    journey.app.broker_is_up = False
    ask(journey, maya, session)
    with journey.app.transaction() as db:
        sessions.cancel_session(db, journey.clinic_id, session, by="sam", now=journey.now)
    journey.app.broker_is_up = True
    journey.live(hours=1)
    assert journey.mail(maya) == []
    ask(journey, maya, journey.visit(maya))
    assert journey.mail(maya) == ["may-we-write Mon 23 15:00"]


def test_asked_again_about_the_same_session_after_the_email_failed(journey: Journey) -> None:
    maya = journey.add_client(topics=())
    session = journey.visit(maya)
    journey.app.broker_is_up = False
    ask(journey, maya, session)
    journey.sleep(days=2)
    journey.app.broker_is_up = True
    journey.live(minutes=5)
    assert journey.fates(maya) == {"may-we-write": "skipped: expired"}
    ask(journey, maya, session)
    assert len(journey.mail(maya)) == 1


@ONE_IS_ENOUGH
def test_another_clinics_client_is_not_found(journey: Journey) -> None:
    with pytest.raises(NotFound), journey.app.transaction() as db:
        consent_request.ask(
            db, "clc_other", journey.add_client(), by="sam", now=journey.now + timedelta(days=1)
        )
