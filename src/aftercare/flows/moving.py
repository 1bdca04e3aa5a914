"""Moving people who are part-way in a sequence to its new version: the rest of their run becomes the new
one's, and nobody gets a step twice or several at once."""

from collections.abc import Sequence as Seq
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.moving import MOVED_PAST, Before, plan_moved
from aftercare.domain.plan import PlannedStep, moment
from aftercare.domain.states import CANCELLABLE, MessageState
from aftercare.domain.steps import SequenceSpec
from aftercare.flows import replan
from aftercare.flows.calendar import ActiveRun, Calendar, as_run, read_calendar, spec_of, taken_by
from aftercare.models import Message, Sequence, SequenceVersion
from aftercare.store import clients, enrolments, messages, sequences


@dataclass(frozen=True)
class Move:
    """What moving one client's runs of a sequence means: the calendar after it, the ids of the rows that are
    cancelled, the plan, and how many runs move."""

    calendar: Calendar
    cancelled: tuple[str, ...]
    planned: tuple[PlannedStep, ...]
    runs: int


def move_people(db: Session, sequence: Sequence, version: SequenceVersion, *, by: str, now: datetime) -> int:
    """Move everybody who is active on an older version; returns how many runs moved. Lock the people and
    then the sequence first."""
    people = enrolments.people_in(db, sequence.id)
    return sum(_move_client(db, client_id, sequence, version, by=by, now=now) for client_id in people)


def plan_move(
    calendar: Calendar, sequence_id: str, version_id: str, spec: SequenceSpec, now: datetime
) -> Move:
    """What moving to these rules would mean for a client. Decides; changes nothing."""
    moving = [run for run in calendar.runs if _moves(run, sequence_id, version_id)]
    before = {run.enrolment.id: _before(run, calendar, now) for run in moving}
    gone = [row for row in calendar.rows if row.enrolment_id in before and _goes(row, spec)]
    after = replace(
        _without(calendar, gone),
        runs=tuple(replace(run, spec=spec) if run.enrolment.id in before else run for run in calendar.runs),
    )
    planned = plan_moved(
        [as_run(run, after) for run in after.runs],
        after.taken,
        before,
        zone=after.zone,
        window=after.window,
        caps=after.caps,
        now=now,
    )
    return Move(after, tuple(row.id for row in gone), planned, len(moving))


def _before(run: ActiveRun, calendar: Calendar, now: datetime) -> Before:
    rows = [row for row in calendar.rows if row.enrolment_id == run.enrolment.id and row.state in CANCELLABLE]
    steps = {step.key: step for step in run.spec.steps}
    planned = as_run(run, calendar)
    return Before(
        moments={
            row.step_key: moment(planned, steps[row.step_key], zone=calendar.zone, window=calendar.window)
            for row in rows
            if row.step_key in steps
        },
        overdue=frozenset(row.step_key for row in rows if row.planned_for <= now),
    )


def _move_client(
    db: Session, client_id: str, sequence: Sequence, version: SequenceVersion, *, by: str, now: datetime
) -> int:
    calendar = read_calendar(db, clients.lock(db, client_id), now=now)
    move = plan_move(calendar, sequence.id, version.id, spec_of(version), now)
    if not move.runs:
        return 0
    messages.cancel_unsent(db, reason="moved", by=by, now=now, id=move.cancelled)
    for run in calendar.runs:
        if _moves(run, sequence.id, version.id):
            run.enrolment.version_id = version.id
    db.flush()
    _leave_out(db, move, version, by=by, now=now)
    replan.replan_client(db, client_id, now=now, by=by)
    return move.runs


def _leave_out(db: Session, move: Move, version: SequenceVersion, *, by: str, now: datetime) -> None:
    """Rows that say why a step does not come; what has a row is never planned again."""
    past = [step for step in move.planned if step.skip == MOVED_PAST]
    emails = sequences.emails_of(db, version.id) if past else {}
    standing = {(row.enrolment_id, row.step_key): row for row in move.calendar.rows}
    new = []
    for step in past:
        row = standing.get((step.run_key, step.step_key))
        if row is None:
            row = replan.message_of(move.calendar.run(step.run_key), step, emails[step.step_key].id)
            row.state = MessageState.PLANNED
            new.append(row)
        messages.set_state(row, MessageState.SKIPPED, reason=MOVED_PAST, by=by, now=now)
    messages.add_all(db, new)


def _moves(run: ActiveRun, sequence_id: str, version_id: str) -> bool:
    return run.sequence.id == sequence_id and run.version.id != version_id


def _goes(row: Message, spec: SequenceSpec) -> bool:
    """Whether a row gives way to one of the new version. What may have arrived already is settled as it is,
    in its old words, unless its step is gone (P3)."""
    in_doubt = row.resends > 0 or row.reason == "ambiguous"
    stays = in_doubt and any(step.key == row.step_key for step in spec.steps)
    return row.state in CANCELLABLE and not stays


def _without(calendar: Calendar, gone: Seq[Message]) -> Calendar:
    """Rows that are cancelled leave their place in the caps."""
    freed = [taken_by(row) for row in gone if row.state == MessageState.CLAIMED]
    return replace(
        calendar,
        rows=tuple(row for row in calendar.rows if row not in gone),
        taken=tuple(taken for taken in calendar.taken if taken not in freed),
    )
