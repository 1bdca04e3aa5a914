"""Emails to people who work at the clinic."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from aftercare.errors import Conflict
from aftercare.flows import clinics, consent, enrolments, recipients, sequences
from aftercare.mail.paths import templates_root
from aftercare.models import Alert, Client
from aftercare.store import clients, roster, today
from aftercare.store import recipients as rows
from tests.journeys.harness import MONDAY_14, Journey

GUIDE = ["part-1-the-room Tue 24 09:00", "part-2-when-feelings-come-up Fri 27 09:00"]


@pytest.fixture
def guided(journey: Journey) -> Journey:
    """The clinic, with the guide for therapists live."""
    files = sequences.read_folder(templates_root() / "sequences" / "en" / "therapist-guide")
    with journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, files, by="sam", now=journey.now)
    return journey


def _join(journey: Journey, email: str = "noor@example.com") -> Client:
    with journey.app.transaction() as db:
        member = clinics.add_staff(
            db, journey.clinic_id, first_name="Noor", email=email, role="therapist", by="sam", now=journey.now
        )
        row = rows.of_staff(db, member.id)
    assert row is not None
    return row


def test_who_joins_gets_the_guide_without_consent_or_caps_and_says_why(guided: Journey) -> None:
    noor = _join(guided)
    guided.live(days=12)
    assert guided.mail(noor.id) == [*GUIDE, "part-3-referring-on Wed 02 09:00"]
    assert b"because you work at Willow Lane Clinic" in guided.server.received[0].content


def test_the_guide_goes_on_for_a_colleague_who_takes_her_stop_back(guided: Journey) -> None:
    noor = _join(guided)
    guided.live(days=2)
    with guided.app.transaction() as db:
        consent.opt_out(db, noor.id, consent.EVERYTHING, source="settings_page", now=guided.now)
    with guided.app.transaction() as db:
        assert consent.can_undo(db, noor.id, consent.EVERYTHING)
        consent.undo_opt_out(db, noor.id, consent.EVERYTHING, now=guided.now)
    guided.live(days=10)
    assert guided.mail(noor.id) == [*GUIDE, "part-3-referring-on Wed 02 09:00"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_week_is_told_in_numbers_that_name_nobody(guided: Journey) -> None:
    noor, maya = _join(guided), guided.add_client()
    guided.live(days=11)
    guided.visit(maya)
    with guided.app.transaction() as db:
        db.add(Alert(clinic_id=guided.clinic_id, client_id=maya, raised_by="test", raised_at=guided.now))
    guided.live(days=3)
    assert guided.mail(noor.id)[-1] == "your-week Mon 07 08:00"
    letter = message_from_bytes(guided.server.received[-2].content, policy=default)
    body = letter.get_body(("plain",))
    assert body is not None
    said = " ".join(str(body.get_content()).split())
    assert "Emails to clients in the next seven days: 2. Answers that wait for somebody: 1." in said
    assert "Maya" not in said


def test_a_colleague_is_in_no_list_of_clients(guided: Journey) -> None:
    noor = _join(guided)
    with guided.app.reading() as db:
        assert roster.page(db, guided.clinic_id, only="all", after=None, limit=None) == []
        assert clients.recent(db, guided.clinic_id, limit=9) == []
        assert clients.search(db, guided.clinic_id, "noor", limit=9) == []
        assert clients.by_email(db, guided.clinic_id, "noor@example.com") is None
        assert not today.has_clients(db, guided.clinic_id)
        day = today.of_day(db, guided.clinic_id, MONDAY_14, MONDAY_14 + timedelta(days=9))
    assert day == []
    assert noor.email == "noor@example.com"


def test_she_may_be_a_client_here_too_and_her_stop_as_one_is_not_the_other(guided: Journey) -> None:
    noor, as_client = _join(guided), guided.add_client("noor@example.com")
    with guided.app.transaction() as db:
        consent.opt_out(db, as_client, "aftercare", source="page", now=guided.now)
    guided.live(days=1)
    assert guided.mail(noor.id) == GUIDE[:1]


def test_her_own_stop_ends_the_guide(guided: Journey) -> None:
    noor = _join(guided)
    with guided.app.transaction() as db:
        consent.opt_out(db, noor.id, "aftercare", source="page", now=guided.now)
    guided.live(days=5)
    assert guided.mail(noor.id) == []


def test_who_leaves_gets_no_more(guided: Journey) -> None:
    noor = _join(guided)
    guided.live(days=1)
    with guided.app.transaction() as db:
        clinics.leave(db, guided.clinic_id, "noor@example.com", by="sam", now=guided.now)
    guided.live(days=9)
    assert guided.mail(noor.id) == GUIDE[:1]
    assert guided.fates(noor.id)["part-3-referring-on"] == "cancelled: left"


def test_the_guide_is_not_for_clients_and_begins_once(guided: Journey) -> None:
    noor, maya = _join(guided), guided.add_client()
    with guided.app.transaction() as db, pytest.raises(Conflict, match="for people who work here"):
        enrolments.start_by_hand(db, guided.clinic_id, maya, "therapist-guide", by="sam", now=guided.now)
    with guided.app.transaction() as db:
        member = clinics.find_staff(db, guided.clinic_id, noor.email)
        assert recipients.welcome(db, member, by="sam", now=guided.now) == 0
