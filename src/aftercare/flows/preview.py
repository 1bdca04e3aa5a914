"""What a session or a start by hand will bring, before anything is planned: the planner's own answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.caps import PRIORITY
from aftercare.domain.fates import Fate, foresee
from aftercare.domain.localtime import Anchor, to_local
from aftercare.domain.plan import LESS_OFTEN, PlannedStep, Run
from aftercare.domain.states import CANCELLABLE, MessageState
from aftercare.flows import booked, sessions
from aftercare.flows.calendar import ActiveRun, Calendar, read_calendar, taken_by, wanted
from aftercare.flows.cards import Memory, deal, remember
from aftercare.flows.enrolments import Start, what_follows, what_starts_by_hand
from aftercare.flows.foresight import around, of_new, of_standing
from aftercare.flows.replan import why_still
from aftercare.flows.second_thoughts import leaves_from
from aftercare.flows.sessions import SessionFacts
from aftercare.models import Appointment, CareSession, Client, EmailVersion, Message
from aftercare.store import clients, sequences

NEW = "new"
"""The key of the run that does not exist yet."""


@dataclass(frozen=True)
class PreviewedMessage:
    """One step as it will be planned. `planned_for` is UTC, `local` the client's clock; `cards` are those
    that its rotating blocks would show.

    `leaves_at`: when it will go out (UTC), later than planned where that moment has passed already; None
    where it will not, or not before staff say so."""

    step: str
    planned_for: datetime
    local: datetime
    state: str
    reason: str | None
    subject: str
    email_version_id: str
    cards: Mapping[str, str]
    too_late: bool = False
    """Its moment is over already: it will be skipped, not sent (a session that was logged late)."""
    leaves_at: datetime | None = None


@dataclass(frozen=True)
class OtherRun:
    """A run that is going on. `name` is its sequence's for staff, `unsent` how many emails it still has."""

    enrolment: str
    sequence: str
    name: str
    unsent: int


@dataclass(frozen=True)
class Preview:
    """`note` is what the session's plan will be noted with: `planned`, or why nothing starts. `ends` are the
    runs that give way, `going_on` those that stay; `name` is the sequence's for staff."""

    starts: bool
    note: str
    sequence: str | None = None
    name: str | None = None
    messages: tuple[PreviewedMessage, ...] = ()
    ends: tuple[OtherRun, ...] = ()
    going_on: tuple[OtherRun, ...] = ()
    every_visit_only: bool = False
    """The whole series was sent not long ago, so only what belongs to every visit comes (R6)."""

    @property
    def by_date(self) -> tuple[PreviewedMessage, ...]:
        """All emails by when they leave, or would have left."""
        return tuple(sorted(self.messages, key=lambda one: one.leaves_at or one.planned_for))

    @property
    def coming(self) -> tuple[PreviewedMessage, ...]:
        """The emails that are sent sooner or later, unless somebody stops them."""
        return tuple(one for one in self.messages if one in self.waiting or one in self.leaving)

    @property
    def leaving(self) -> tuple[PreviewedMessage, ...]:
        """The emails that will go out, in the order in which they do."""
        found = [(one.leaves_at, one) for one in self.messages if one.leaves_at is not None]
        return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))

    @property
    def waiting(self) -> tuple[PreviewedMessage, ...]:
        """The emails that stand still until staff say otherwise. What a pause or her wish for fewer emails
        keeps back never comes."""
        held = [one for one in self.messages if one.state == MessageState.HELD and not one.too_late]
        return tuple(one for one in held if one.reason not in ("paused", LESS_OFTEN))


def preview_facts(db: Session, clinic_id: str, facts: SessionFacts, *, by: str, now: datetime) -> Preview:
    """What will follow if `by` logs a session with these facts. Reads only. InvalidInput, NotFound."""
    return preview_session(db, sessions.unsaved_session(db, clinic_id, facts, by=by, now=now), now=now)


def preview_session(db: Session, care_session: CareSession, *, now: datetime) -> Preview:
    """What follows from this session. Reads only. InvalidInput where a step falls out of the calendar."""
    client = clients.get(db, care_session.clinic_id, care_session.client_id)
    first = max(now, leaves_from(care_session) or now)
    return _preview(db, client, what_follows(db, care_session, client, now), now, first)


def preview_booked(db: Session, appointment: Appointment, *, now: datetime) -> Preview:
    """What will come before this appointment. Reads only. InvalidInput as above."""
    client = clients.get(db, appointment.clinic_id, appointment.client_id)
    return _preview(db, client, booked.what_is_booked(db, appointment, client, now), now, now)


def preview_by_hand(db: Session, clinic_id: str, client_id: str, slug: str, *, now: datetime) -> Preview:
    """What will follow if staff start this sequence now. Reads only. InvalidInput, NotFound."""
    client = clients.get(db, clinic_id, client_id)
    return _preview(db, client, what_starts_by_hand(db, client, slug, now), now, now)


def _preview(db: Session, client: Client, start: Start | str, now: datetime, first: datetime) -> Preview:
    """`first`: nothing of the new run leaves before it (UTC)."""
    calendar = read_calendar(db, client, now=now)
    ending = frozenset() if isinstance(start, str) else frozenset(start.decision.ends)
    runs = [run for run in calendar.runs if run.spec.purpose != "account"]
    others = {run.enrolment.id: _other(calendar, run) for run in runs}
    staying = tuple(other for key, other in others.items() if key not in ending)
    if isinstance(start, str):
        return Preview(starts=False, note=start, going_on=staying)
    return Preview(
        starts=True,
        note="planned",
        sequence=start.published.sequence.slug,
        name=start.published.sequence.name,
        messages=_previewed(db, _without_claims(calendar, ending), start, ending, now, first),
        ends=tuple(others[key] for key in start.decision.ends),
        going_on=staying,
        every_visit_only=start.decision.every_visit_only,
    )


def _other(calendar: Calendar, run: ActiveRun) -> OtherRun:
    own = [row for row in calendar.rows if row.enrolment_id == run.enrolment.id]
    unsent = sum(row.state in CANCELLABLE for row in own)
    return OtherRun(run.enrolment.id, run.sequence.slug, run.sequence.name, unsent)


def _without_claims(calendar: Calendar, ending: frozenset[str]) -> Calendar:
    """Claimed emails of runs that end are cancelled with them and leave their place in the caps."""
    freed = [taken_by(row) for row in calendar.rows if _will_be_cancelled(row, ending)]
    return replace(calendar, taken=tuple(taken for taken in calendar.taken if taken not in freed))


def _previewed(
    db: Session, calendar: Calendar, start: Start, ending: frozenset[str], now: datetime, first: datetime
) -> tuple[PreviewedMessage, ...]:
    memory = remember(db, calendar.client.id, ending=ending)
    emails = sequences.emails_of(db, start.published.version.id)
    steps = wanted(calendar, ending=ending, starting=(_run(start, calendar),))
    planned = [
        _message(calendar, start, step, emails[step.step_key], memory)
        for step in steps
        if step.run_key == NEW
    ]
    out = {one.step for one in planned if one.state == MessageState.SKIPPED}
    fates = foresee(
        [
            of_new(calendar, start, step, first) if step.run_key == NEW else of_standing(calendar, step, now)
            for step in steps
            if step.skip is None and not (step.run_key == NEW and step.step_key in out)
        ],
        around(calendar),
    )
    return tuple(_with_fate(one, fates.get((NEW, one.step), Fate())) for one in planned)


def _with_fate(one: PreviewedMessage, fate: Fate) -> PreviewedMessage:
    return replace(one, leaves_at=fate.sent_at, too_late=fate.reason == "expired")


def _run(start: Start, calendar: Calendar) -> Run:
    return Run(
        key=NEW,
        steps=start.spec.steps,
        anchor=Anchor.at(start.anchor, calendar.zone),
        priority=PRIORITY[start.spec.priority],
        purpose=start.spec.purpose,
        facts=start.facts,
        done=start.had,
        every_visit_only=start.decision.every_visit_only,
        known_at=start.known_at,
        still_learning=True,
    )


def _will_be_cancelled(row: Message, ending: frozenset[str]) -> bool:
    return row.enrolment_id in ending and row.state in CANCELLABLE


def _message(
    calendar: Calendar,
    start: Start,
    step: PlannedStep,
    email: EmailVersion,
    memory: Memory,
) -> PreviewedMessage:
    returning = start.decision.every_visit_only
    left_out = step.skip == LESS_OFTEN
    skip = None if left_out else step.skip
    cards = {} if skip else deal(email, memory, step.planned_for, returning=returning)
    skip = skip or ("nothing_new" if cards is None else None)
    still = why_still(calendar, start.published.sequence, start.spec.purpose, step.planned_for)
    still = still or (LESS_OFTEN if left_out else None)
    return PreviewedMessage(
        step=step.step_key,
        planned_for=step.planned_for,
        local=to_local(step.planned_for, calendar.zone),
        state=MessageState.SKIPPED if skip else MessageState.HELD if still else MessageState.PLANNED,
        reason=skip or still,
        subject=str(email.document["subject"]),
        email_version_id=email.id,
        cards=cards or {},
    )
