"""Who is part-way in a sequence, and what publishing its draft would mean for them, in dates. Reads only: the
planner that moves people is the one that shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.caps import Caps
from aftercare.domain.localtime import Anchor, parse_zone, to_local
from aftercare.domain.plan import PlannedStep, Run, plan_client
from aftercare.domain.windows import Window
from aftercare.errors import NotFound
from aftercare.flows import drafts
from aftercare.flows.calendar import Calendar, read_calendar, wanted
from aftercare.flows.drafts import Version
from aftercare.flows.moving import plan_move
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.flows.zones import zone_aliases
from aftercare.store import clients, clinics, enrolments, recipients, sequences

BEFORE = timedelta(days=7)
LOOKED_AT = 20
"""People of whom the examples are chosen."""


@dataclass(frozen=True)
class DatedStep:
    """A step with its moment on the client's wall clock; `skip` says why it does not come, if so."""

    key: str
    subject: str
    local: datetime
    skip: str | None = None


@dataclass(frozen=True)
class Example:
    """What is still to come for somebody in flight if she is kept on her version, and if she is moved."""

    client_id: str
    first_name: str
    keep: tuple[DatedStep, ...]
    move: tuple[DatedStep, ...]


def people_in_flight(db: Session, clinic_id: str, slug: str) -> int:
    """How many people are part-way in the sequence, on whatever version. NotFound."""
    return len(enrolments.people_in(db, sequences.require(db, clinic_id, slug).id))


def examples(db: Session, clinic_id: str, slug: str, *, now: datetime, limit: int = 3) -> list[Example]:
    """Up to `limit` people in flight with their remaining dates under both choices; none without a draft.
    Those for whom the choices differ come first. NotFound."""
    sequence = sequences.require(db, clinic_id, slug)
    draft = drafts.draft(db, clinic_id, slug)
    if draft is None:
        return []
    people = recipients.only_clients(db, enrolments.people_in(db, sequence.id))[:LOOKED_AT]
    found = [_example(db, clinic_id, client_id, draft, now) for client_id in people]
    return sorted(found, key=lambda example: example.keep == example.move)[:limit]


def next_client_example(db: Session, clinic_id: str, slug: str, *, now: datetime) -> tuple[DatedStep, ...]:
    """What the next client would get by the draft (else by what is live) after a visit that ends now, in the
    clinic's zone; where emails come before a visit, one in a week. NotFound."""
    version = drafts.draft(db, clinic_id, slug) or drafts.live(db, clinic_id, slug)
    if version is None:
        raise NotFound(f"The sequence '{slug}' has neither a draft nor a live version.")
    clinic = clinics.get(db, clinic_id)
    zone = parse_zone(clinic.timezone or "UTC", aliases=zone_aliases())
    ahead = BEFORE if version.files.spec.trigger.on == "appointment.booked" else timedelta(0)
    return dated(version.files, Anchor.at(now + ahead, zone), Window.parse(clinic.send_window))


def dated(files: SequenceFiles, anchor: Anchor, window: Window) -> tuple[DatedStep, ...]:
    """The dates of these steps for somebody new, who gets nothing else and lives in the anchor's zone; of
    conditions, those hold that a first visit of the sequence's own trigger fulfils."""
    spec = files.spec
    facts = {condition.fact: min(condition.values) for condition in spec.trigger.conditions}
    run = Run(
        key=files.slug,
        steps=spec.steps,
        anchor=anchor,
        priority=spec.priority_rank,
        purpose=spec.purpose,
        facts={"first_session": True, **facts},
    )
    planned = plan_client([run], (), zone=anchor.zone, window=window, caps=Caps())
    return _dated(planned, anchor.zone, _subjects(files))


def _example(db: Session, clinic_id: str, client_id: str, draft: Version, now: datetime) -> Example:
    client = clients.get(db, clinic_id, client_id)
    calendar = read_calendar(db, client, now=now)
    move = plan_move(calendar, draft.sequence_id, draft.id, draft.files.spec, now)
    runs = {run.enrolment.id for run in calendar.runs if run.sequence.id == draft.sequence_id}
    moved = [step for step in move.planned if step.run_key in runs]
    return Example(
        client_id=client.id,
        first_name=client.first_name or "no name",
        keep=_kept(db, calendar, runs),
        move=_dated(moved, calendar.zone, _subjects(draft.files)),
    )


def _kept(db: Session, calendar: Calendar, runs: Iterable[str]) -> tuple[DatedStep, ...]:
    subjects: dict[str, str] = {}
    for key in runs:
        emails = sequences.emails_of(db, calendar.run(key).version.id)
        subjects |= {step: str(email.document["subject"]) for step, email in emails.items()}
    steps = [step for step in wanted(calendar) if step.run_key in runs]
    return _dated(steps, calendar.zone, subjects)


def _dated(
    steps: Iterable[PlannedStep], zone: ZoneInfo, subjects: Mapping[str, str]
) -> tuple[DatedStep, ...]:
    """In the order in which they come."""
    return tuple(
        DatedStep(step.step_key, subjects[step.step_key], to_local(step.planned_for, zone), step.skip)
        for step in sorted(steps, key=lambda step: step.planned_for)
    )


def _subjects(files: SequenceFiles) -> dict[str, str]:
    return {key: email.subject for key, email in files.emails.items()}
