"""Everything that is known about one client's emails, in the order of time."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.flows.calendar import zone_of
from aftercare.models import AuditEntry, CareSession, Client, Consent
from aftercare.store import audit, clients, clinics, consents, sessions, timeline
from aftercare.store.timeline import MessageOfRun

MOST_MESSAGES = 500
HOLD_ACTIONS = ("client.held", "client.released")


@dataclass(frozen=True)
class Timeline:
    """One client's past and future. `zone`: where she lives now; `holds`: dated acts of staff."""

    client: Client
    zone: ZoneInfo
    messages: list[MessageOfRun]
    sessions: list[CareSession]
    consents: list[Consent]
    holds: list[AuditEntry]


def read_timeline(db: Session, clinic_id: str, client_id: str) -> Timeline:
    """The timeline with the latest `MOST_MESSAGES` messages; NotFound, also for another clinic's client."""
    client = clients.get(db, clinic_id, client_id)
    entries = audit.of_subject(db, clinic_id, client.id)
    return Timeline(
        client=client,
        zone=zone_of(client, clinics.get(db, clinic_id)),
        messages=timeline.messages_of(db, client.id, limit=MOST_MESSAGES),
        sessions=sessions.of_client(db, client.id),
        consents=consents.history(db, client.id),
        holds=[entry for entry in entries if entry.action in HOLD_ACTIONS],
    )
