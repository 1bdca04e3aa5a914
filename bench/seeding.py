"""Thousands of clients with one due email each, written straight into the tables."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from aftercare.bootstrap import App
from aftercare.domain.states import MessageState
from aftercare.flows import clients, clinics, enrolments, sequences, sessions
from aftercare.flows.clients import NewClient
from aftercare.flows.clinics import NewClinic
from aftercare.flows.sessions import SessionFacts
from aftercare.mail.paths import templates_root
from aftercare.models import CareSession, Client, Consent, Enrolment, Message, new_id
from aftercare.store import enrolments as enrolment_rows
from aftercare.store import messages

CLINIC = NewClinic(
    name="Willow Lane Clinic",
    sender_name="Willow Lane",
    sender_address="hello@willow.example.com",
    reply_to="hello@willow.example.com",
    reply_reader="Sam at the front desk",
    postal_address="12 Willow Lane, Leeds LS1 4AB",
    phone="0113 496 0000",
    hours="Monday to Friday, 9:00 to 17:00",
    country="GB",
    timezone="Europe/London",
    send_window="00:00-24:00",  # so that the hour at which this runs does not matter
)
NAMES = ("Maya", "Tom", "Ines", "Noor", "Wei", "Ólafur", "Anne-Marie", "")
PORTION = 1000
COPIED = ("sequence_id", "step_key", "email_version_id", "topic", "purpose", "ambiguous", "max_late", "cards")


@dataclass(frozen=True)
class Stage:
    """A clinic that is ready to follow up, and one run as the planner itself planned it, to copy from."""

    clinic_id: str
    therapist_id: str
    run: Enrolment
    steps: list[Message]


def set_stage(app: App) -> Stage:
    """A clinic, a therapist, the shipped sequence `after-your-visit`, published, and a first client."""
    now = app.clock.now()
    files = sequences.read_folder(templates_root() / "sequences" / "en" / "after-your-visit")
    with app.transaction() as db:
        clinic = clinics.add_clinic(db, CLINIC, by="bench", now=now)
        sam = clinics.add_staff(
            db, clinic.id, first_name="Sam", email="sam@example.com", role="therapist", by="bench", now=now
        )
        sequences.publish(db, clinic.id, files, by="bench", now=now)
        new = NewClient(
            "first@example.net", topics=["aftercare"], consent_source="form", consent_wording="Yes."
        )
        first = clients.add_client(db, clinic.id, new, by="bench", now=now)
        facts = SessionFacts(client_id=first.id, ended_at=now, outcome="ordinary", therapist_id=sam.id)
        visit = sessions.log_session(db, clinic.id, facts, by="bench", now=now)
        enrolments.schedule_followups(db, visit.id, now=now)
        run, _, _ = enrolment_rows.active(db, first.id)[0]
        return Stage(clinic.id, sam.id, run, messages.of_client(db, first.id))


def plan_emails(app: App, stage: Stage, tag: str, count: int, *, first: int = 0) -> None:
    """`count` clients `<tag>-<number>@example.com`, each with a run and one email that is due now."""
    now = app.clock.now()
    with app.transaction() as db:
        rows = (_one(stage, tag, number, now) for number in range(first, first + count))
        while portion := list(islice(rows, PORTION)):
            _insert(db, portion)


def _insert(db: Session, people: list[dict[type, dict[str, Any]]]) -> None:
    for table in (Client, Consent, CareSession, Enrolment, Message):
        db.execute(insert(table), [person[table] for person in people])


def _one(stage: Stage, tag: str, number: int, now: datetime) -> dict[type, dict[str, Any]]:
    ids = {name: new_id(name) for name in ("cli", "ses", "enr", "msg")}
    email, clinic = f"{tag}-{number:06}@example.com", {"clinic_id": stage.clinic_id}
    mine = clinic | {"client_id": ids["cli"]}
    visit = now - timedelta(hours=3)
    return {
        Client: clinic
        | {
            "id": ids["cli"],
            "email": email,
            "email_key": email,
            "created_at": now,
            "timezone": "Europe/London",
        }
        | {"first_name": NAMES[number % len(NAMES)], "country": "GB"},
        Consent: mine
        | {"topic": "aftercare", "given": True, "source": "intake form", "wording": "Yes, please."}
        | {"recorded_by": "bench", "recorded_at": now},
        CareSession: mine
        | {"id": ids["ses"], "therapist_id": stage.therapist_id, "ended_at": visit, "outcome": "ordinary"}
        | {"logged_by": "bench", "logged_at": visit, "planned_at": visit, "plan_note": "planned"},
        Enrolment: mine
        | {"id": ids["enr"], "sequence_id": stage.run.sequence_id, "version_id": stage.run.version_id}
        | {
            "session_id": ids["ses"],
            "anchor_at": visit,
            "anchor_local": visit.replace(tzinfo=None).isoformat(),
        }
        | {"anchor_zone": "Europe/London", "started_at": visit},
        Message: mine | _message(stage, ids, number, now),
    }


def _message(stage: Stage, ids: dict[str, str], number: int, now: datetime) -> dict[str, Any]:
    pattern = stage.steps[number % len(stage.steps)]
    return {column: getattr(pattern, column) for column in COPIED} | {
        "id": ids["msg"],
        "enrolment_id": ids["enr"],
        "dedupe_key": f"enr:{ids['enr']}:{pattern.step_key}",
        "state": MessageState.PLANNED,
        "changed_by": "bench",
        "changed_at": now,
        "planned_for": now,
        "due_at": now,
    }
