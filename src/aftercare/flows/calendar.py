"""What the planner looks at: one client's active runs, what was sent, and what stands planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.caps import NO_CAPS, PACES, PRIORITY, Caps, Taken, caps_at
from aftercare.domain.localtime import Anchor, parse_zone
from aftercare.domain.plan import PlannedStep, Run, plan_client
from aftercare.domain.policy import ON_TIME
from aftercare.domain.states import MessageState
from aftercare.domain.steps import SequenceSpec, Step
from aftercare.domain.windows import Window
from aftercare.flows.zones import zone_aliases
from aftercare.models import Client, Clinic, Enrolment, Message, Sequence, SequenceVersion
from aftercare.store import clinics, enrolments, messages
from aftercare.store.messages import Doubt, Had

CAPS_LOOK_BACK = timedelta(days=8)
"""Caps look at seven local dates; a day more covers every zone."""


@dataclass(frozen=True)
class ActiveRun:
    """An enrolment with what it needs to be planned."""

    enrolment: Enrolment
    sequence: Sequence
    version: SequenceVersion
    spec: SequenceSpec


@dataclass(frozen=True)
class Calendar:
    """Everything that decides when one client gets what."""

    client: Client
    clinic: Clinic
    zone: ZoneInfo
    window: Window
    caps: Caps
    runs: tuple[ActiveRun, ...]
    rows: tuple[Message, ...]
    """All messages of the active runs that were not cancelled."""
    taken: tuple[Taken, ...]
    last_catch_up: datetime | None
    """When the last email left that was more than 15 minutes late (R7); UTC."""

    had: tuple[Had, ...] = ()
    """What runs that were undone (a session logged by mistake) had sent before."""

    def run(self, key: str) -> ActiveRun:
        """The active run with this enrolment id."""
        return next(run for run in self.runs if run.enrolment.id == key)


def read_calendar(db: Session, client: Client, *, now: datetime) -> Calendar:
    """The calendar as it stands. Lock the client first where it will be changed."""
    clinic = clinics.get(db, client.clinic_id)
    runs = tuple(
        ActiveRun(enrolment, sequence, version, spec_of(version))
        for enrolment, sequence, version in enrolments.active(db, client.id)
    )
    rows = messages.of_runs(db, [run.enrolment.id for run in runs])
    since = now - look_back([client])
    sent = messages.sent_or_on_the_wire(db, [client.id], since)
    doubts = messages.in_doubt(db, [client.id], since)
    claimed = [row for row in rows if row.state == MessageState.CLAIMED]
    return Calendar(
        client=client,
        clinic=clinic,
        zone=zone_of(client, clinic),
        window=Window.parse(clinic.send_window),
        caps=caps_of(client),
        runs=runs,
        rows=tuple(rows),
        taken=(*(taken_by(row) for row in (*sent, *claimed)), *_left_out_in_doubt(rows, doubts)),
        had=messages.had_from_undone_runs(db, client.id),
        last_catch_up=last_catch_up(sent),
    )


def wanted(
    calendar: Calendar, *, ending: frozenset[str] = frozenset(), starting: tuple[Run, ...] = ()
) -> tuple[PlannedStep, ...]:
    """What should stand: the calendar planned afresh, without runs that end, with runs that start."""
    going_on = tuple(as_run(run, calendar) for run in calendar.runs if run.enrolment.id not in ending)
    return plan_client(
        going_on + starting,
        calendar.taken,
        zone=calendar.zone,
        window=calendar.window,
        caps=calendar.caps,
    )


def as_run(run: ActiveRun, calendar: Calendar) -> Run:
    """An active run as the planner reads it."""
    enrolment = run.enrolment
    anchor = Anchor(
        local=datetime.fromisoformat(enrolment.anchor_local),
        zone=parse_zone(enrolment.anchor_zone),
        instant=enrolment.anchor_at,
    )
    return Run(
        key=enrolment.id,
        steps=run.spec.steps,
        anchor=anchor,
        priority=PRIORITY[run.spec.priority],
        purpose=run.spec.purpose,
        facts=enrolment.facts,
        done=_done(enrolment, calendar),
        every_visit_only=enrolment.every_visit_only,
        known_at=enrolment.known_at,
        still_learning=True,
    )


def _done(enrolment: Enrolment, calendar: Calendar) -> frozenset[str]:
    """Steps that are over. A run that comes back when the session after it is undone does not repeat what
    that one had sent."""
    own = {
        row.step_key
        for row in calendar.rows
        if row.enrolment_id == enrolment.id and row.state not in messages.UNSENT
    }
    had = {
        one.step_key
        for one in calendar.had
        if one.sequence_id == enrolment.sequence_id and one.at >= enrolment.started_at
    }
    return frozenset(own | had)


def _left_out_in_doubt(rows: Iterable[Message], doubts: Iterable[Doubt]) -> tuple[Taken, ...]:
    """Those that the planner gives no place to itself."""
    placed = {row.id for row in rows if row.state in (*messages.UNSENT, MessageState.CLAIMED)}
    return tuple(taken_in_doubt(doubt) for doubt in doubts if doubt.message_id not in placed)


def look_back(people: Iterable[Client]) -> timedelta:
    """How far back emails of these people matter to their caps: a week, or as long as one of them asked to be
    left alone; a day more covers every zone."""
    apart = max((PACES[one.pace] for one in people if one.pace), default=0)
    return max(CAPS_LOOK_BACK, timedelta(days=apart + 1))


def taken_by(row: Message) -> Taken:
    """The place that a sent message, or one on its way, has in the caps: its planned instant, so that the
    seconds of a sweep move no later email, unless it went out as a catch-up (R7)."""
    at = went_out_at(row)
    on_time = at - row.planned_for <= ON_TIME
    return Taken(row.enrolment_id, row.planned_for if on_time else at, row.counted)


def taken_in_doubt(doubt: Doubt) -> Taken:
    """The place of an email that may have arrived."""
    return Taken(doubt.enrolment_id, doubt.at, doubt.counted)


def last_catch_up(sent: Iterable[Message]) -> datetime | None:
    """When the last of these went out that was more than 15 minutes late (R7)."""
    late = [at for row in sent if (at := went_out_at(row)) - row.planned_for > ON_TIME]
    return max(late, default=None)


def went_out_at(row: Message) -> datetime:
    """When a sent message was accepted; of one on its way, when it last moved (claimed, on the wire, or in
    doubt since)."""
    return row.sent_at or row.changed_at


def zone_of(client: Client, clinic: Clinic) -> ZoneInfo:
    """The client's zone, else the clinic's (content section 3: client, clinic, UTC)."""
    return parse_zone(client.timezone or clinic.timezone or "UTC", aliases=zone_aliases())


def caps_of(client: Client) -> Caps:
    """How much mail this person may get: the limits are for clients, not for colleagues."""
    return NO_CAPS if client.staff_id else caps_at(client.pace)


def spec_of(version: SequenceVersion) -> SequenceSpec:
    """The parsed rules of a version. Published versions never change, so parsing once is enough."""
    cached = _SPECS.get(version.id)
    if cached is None or version.state == "draft":
        cached = SequenceSpec.parse(version.spec, where=f"version {version.number}")
        _SPECS[version.id] = cached
    return cached


def step_of(spec: SequenceSpec, key: str) -> Step:
    """The step with this key."""
    return next(step for step in spec.steps if step.key == key)


_SPECS: dict[str, SequenceSpec] = {}
