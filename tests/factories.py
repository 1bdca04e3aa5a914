"""Builders with a cast of names: a clinic, its therapist Sam, clients Maya and others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from aftercare.config import Settings
from aftercare.flows import clients, clinics, sequences, sessions
from aftercare.flows.clients import NewClient
from aftercare.flows.clinics import NewClinic
from aftercare.flows.sessions import SessionFacts
from aftercare.mail.paths import templates_root
from aftercare.models import Client, Message
from aftercare.store import messages
from aftercare.store import sessions as session_rows
from aftercare.testing.inline import InlineApp, inline_app

SECRET = "1:a-secret-that-is-only-ever-used-in-tests-0123456789"
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
)
SLUGS = ("after-your-visit", "after-a-tender-visit")


@dataclass
class World:
    """A running app with one clinic."""

    app: InlineApp
    clinic_id: str
    therapist_id: str

    def add_client(
        self,
        email: str = "maya@example.com",
        *,
        timezone: str = "Europe/London",
        topics: Sequence[str] = ("aftercare",),
        first_name: str = "Maya",
    ) -> str:
        """A client who consented to `topics`; her id."""
        new = NewClient(
            email=email,
            first_name=first_name,
            timezone=timezone,
            country="GB",
            topics=topics,
            consent_source="intake form",
            consent_wording="Yes, send me aftercare emails.",
        )
        with self.app.transaction() as db:
            return clients.add_client(db, self.clinic_id, new, by="test", now=self.app.clock.now()).id

    def log_session(self, client_id: str, ended_at: datetime, outcome: str = "ordinary") -> str:
        """Log a session the way the interfaces do: commit, then submit; its id."""
        facts = SessionFacts(
            client_id=client_id, ended_at=ended_at, outcome=outcome, therapist_id=self.therapist_id
        )
        with self.app.transaction() as db:
            session_id = sessions.log_session(
                db, self.clinic_id, facts, by="test", now=self.app.clock.now()
            ).id
        self.app.submit("schedule_followups", session_id)
        return session_id

    def session_of(self, client_id: str) -> str:
        """The id of a client's latest session."""
        with self.app.reading() as db:
            return session_rows.of_client(db, client_id)[-1].id

    def messages(self, client_id: str) -> list[Message]:
        """A client's messages by planned instant."""
        with self.app.reading() as db:
            return messages.of_client(db, client_id)

    def client(self, client_id: str) -> Client:
        """The client's row as it is now."""
        with self.app.reading() as db:
            return db.get_one(Client, client_id)


def make_world(
    database_url: str, folder: Path, start: datetime, *, smtp_url: str = "", clinic: NewClinic = CLINIC
) -> World:
    """An app on this database with a clinic, a therapist and both sequences published."""
    settings = Settings(data_dir=folder, database_url=database_url, smtp_url=smtp_url, secret_key=SECRET)
    app = inline_app(settings, start)
    with app.transaction() as db:
        now = app.clock.now()
        clinic_id = clinics.add_clinic(db, replace(clinic), by="test", now=now).id
        sam = clinics.add_staff(
            db, clinic_id, first_name="Sam", email="sam@example.com", role="therapist", by="test", now=now
        )
        for slug in SLUGS:
            files = sequences.read_folder(templates_root() / "sequences" / "en" / slug)
            sequences.publish(db, clinic_id, files, by="test", now=now)
    return World(app, clinic_id, sam.id)
