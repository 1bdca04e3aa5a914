"""What a session that was just logged will bring, before anything is planned: the planner's own answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.caps import PRIORITY
from aftercare.domain.localtime import Anchor, to_local
from aftercare.domain.plan import PlannedStep, Run
from aftercare.domain.states import MessageState
from aftercare.flows.calendar import Calendar, read_calendar, taken_by, wanted
from aftercare.flows.cards import NO_REPEAT, deal
from aftercare.flows.enrolments import Start, facts_of, what_follows
from aftercare.models import CareSession, EmailVersion, Message
from aftercare.store import clients, messages, sequences

CANCELLABLE = (*messages.UNSENT, MessageState.CLAIMED)


@dataclass(frozen=True)
class PreviewedMessage:
    """One step as `schedule_followups` will plan it. `planned_for` is UTC, `local` the client's clock."""

    step: str
    planned_for: datetime
    local: datetime
    state: str
    reason: str | None
    too_late: bool = False
    """Its moment is over already: it will be skipped, not sent (a session that was logged late)."""


@dataclass(frozen=True)
class EndedRun:
    """A run that gives way to the new one."""

    enrolment: str
    sequence: str


@dataclass(frozen=True)
class Preview:
    """`note` is what the session's plan will be noted with: `planned`, or why nothing starts."""

    starts: bool
    note: str
    sequence: str | None = None
    messages: tuple[PreviewedMessage, ...] = ()
    ends: tuple[EndedRun, ...] = ()


def preview_session(db: Session, care_session: CareSession, *, now: datetime) -> Preview:
    """What follows from this session. Reads only. InvalidInput where a step falls out of the calendar."""
    client = clients.get(db, care_session.clinic_id, care_session.client_id)
    start = what_follows(db, care_session, client, now)
    if isinstance(start, str):
        return Preview(starts=False, note=start)
    ending = frozenset(start.decision.ends)
    calendar = _without_claims(read_calendar(db, client, now=now), ending)
    run = _run(start, care_session, calendar)
    steps = [step for step in wanted(calendar, ending=ending, starting=(run,)) if step.run_key == run.key]
    had = _cards_had(db, client.id, ending, now)
    emails = sequences.emails_of(db, start.published.version.id)
    return Preview(
        starts=True,
        note="planned",
        sequence=start.published.sequence.slug,
        messages=_previewed(calendar, start, steps, emails, had, now),
        ends=tuple(EndedRun(key, calendar.run(key).sequence.slug) for key in start.decision.ends),
    )


def _without_claims(calendar: Calendar, ending: frozenset[str]) -> Calendar:
    """Claimed emails of runs that end are cancelled with them and leave their place in the caps."""
    freed = [taken_by(row) for row in calendar.rows if _will_be_cancelled(row, ending)]
    return replace(calendar, taken=tuple(taken for taken in calendar.taken if taken not in freed))


def _run(start: Start, care_session: CareSession, calendar: Calendar) -> Run:
    return Run(
        key=care_session.id,
        steps=start.spec.steps,
        anchor=Anchor.at(care_session.ended_at, calendar.zone),
        priority=PRIORITY[start.spec.priority],
        purpose=start.spec.purpose,
        facts=facts_of(care_session),
        every_visit_only=start.decision.every_visit_only,
    )


def _cards_had(db: Session, client_id: str, ending: frozenset[str], now: datetime) -> set[str]:
    counted = (MessageState.SENT, *messages.ON_ITS_WAY, *messages.UNSENT)
    rows = [
        row
        for row in messages.of_client(db, client_id)
        if row.planned_for >= now - NO_REPEAT and row.state in counted and not _will_be_cancelled(row, ending)
    ]
    return {card for row in rows for card in row.cards.values()}


def _will_be_cancelled(row: Message, ending: frozenset[str]) -> bool:
    return row.enrolment_id in ending and row.state in CANCELLABLE


def _previewed(
    calendar: Calendar,
    start: Start,
    steps: Sequence[PlannedStep],
    emails: dict[str, EmailVersion],
    had: set[str],
    now: datetime,
) -> tuple[PreviewedMessage, ...]:
    still = _why_still(calendar, start)
    previewed = []
    for step in steps:
        skip = step.skip or _nothing_new(emails[step.step_key], had, start)
        state = MessageState.SKIPPED if skip else MessageState.HELD if still else MessageState.PLANNED
        local = to_local(step.planned_for, calendar.zone)
        previewed.append(
            PreviewedMessage(
                step.step_key,
                step.planned_for,
                local,
                state,
                skip or still,
                too_late=now - step.planned_for > step.max_late,
            )
        )
    return tuple(previewed)


def _nothing_new(email: EmailVersion, had: set[str], start: Start) -> str | None:
    return "nothing_new" if deal(email, had, returning=start.decision.every_visit_only) is None else None


def _why_still(calendar: Calendar, start: Start) -> str | None:
    if calendar.client.held_at is not None:
        return "held"
    return "sequence_paused" if start.published.sequence.paused_at is not None else None
