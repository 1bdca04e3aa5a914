"""A clinic's clients as a list: where each of them stands, and what comes next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.states import FINAL
from aftercare.errors import NotFound
from aftercare.flows.calendar import spec_of, zone_of
from aftercare.models import Client, Clinic, Enrolment, Message, SequenceVersion
from aftercare.store import clients, clinics, roster

PAGE = 50
FILTERS = tuple(roster.ONLY)


@dataclass(frozen=True)
class Place:
    """A step's place in its run, from 1."""

    number: int
    steps: int


@dataclass(frozen=True)
class Going:
    """A run that is going on: its sequence's name for staff, and the place of its next email, if any."""

    name: str
    place: Place | None


@dataclass(frozen=True)
class Line:
    """One client of the list. `last_session` is UTC; `consent` is yes, none or stopped."""

    client: Client
    zone: ZoneInfo
    last_session: datetime | None
    going: tuple[Going, ...]
    next: Message | None
    consent: str
    suppressed: bool


@dataclass(frozen=True)
class Listing:
    """A page of the list. `more`: whether others follow."""

    lines: tuple[Line, ...]
    zone: ZoneInfo
    """The clinic's."""
    more: bool = False


def read_page(db: Session, clinic_id: str, *, only: str = "all", after: str | None = None) -> Listing:
    """Clients by first name, `PAGE` at a time. `only`: one of `FILTERS`; `after`: the id of the last client
    of the page before. NotFound."""
    if only not in FILTERS:
        raise NotFound("There is no such list of clients.")
    last = clients.get(db, clinic_id, after) if after else None
    found = roster.page(db, clinic_id, only=only, after=last, limit=PAGE + 1)
    return _listing(db, clinic_id, found)


def find(db: Session, clinic_id: str, words: str) -> Listing:
    """The first `PAGE` clients whose first name holds these words or whose address begins with them."""
    return _listing(db, clinic_id, clients.search(db, clinic_id, words, limit=PAGE + 1))


def place_of(run: Enrolment, version: SequenceVersion, step_key: str) -> Place | None:
    """Where this step stands in this run; None where its version no longer has it."""
    steps = spec_of(version).steps
    keys = [step.key for step in steps if step.every_visit or not run.every_visit_only]
    return Place(keys.index(step_key) + 1, len(keys)) if step_key in keys else None


def place_then(run: Enrolment, version: SequenceVersion, message: Message) -> Place | None:
    """Where this email of the run stands; None also where it was settled before the version came out to which
    the run was moved since: it stood elsewhere among its steps then."""
    is_older = message.state in FINAL and version.published_at and message.changed_at < version.published_at
    return None if is_older else place_of(run, version, message.step_key)


def _listing(db: Session, clinic_id: str, found: Sequence[Client]) -> Listing:
    clinic, shown = clinics.get(db, clinic_id), found[:PAGE]
    return Listing(_lines(db, clinic, shown), ZoneInfo(clinic.timezone), more=len(found) > PAGE)


def _lines(db: Session, clinic: Clinic, shown: Sequence[Client]) -> tuple[Line, ...]:
    ids = [client.id for client in shown]
    sessions, says = roster.last_sessions(db, ids), roster.consents(db, ids)
    blocked = roster.suppressed(db, clinic.id, [client.email_key for client in shown])
    coming = roster.upcoming(db, ids)
    going = _going(db, coming, ids)
    return tuple(
        Line(
            client=client,
            zone=zone_of(client, clinic),
            last_session=sessions.get(client.id),
            going=tuple(going[client.id]),
            next=next((message for message in coming if message.client_id == client.id), None),
            consent={None: "none", True: "yes", False: "stopped"}[says.get(client.id)],
            suppressed=client.email_key in blocked,
        )
        for client in shown
    )


def _going(db: Session, coming: Sequence[Message], client_ids: Sequence[str]) -> dict[str, list[Going]]:
    steps: dict[str, str] = {}
    for message in coming:
        steps.setdefault(message.enrolment_id, message.step_key)
    going: dict[str, list[Going]] = defaultdict(list)
    for run, sequence, version in roster.runs(db, client_ids):
        going[run.client_id].append(Going(sequence.name, place_of(run, version, steps.get(run.id, ""))))
    return going
