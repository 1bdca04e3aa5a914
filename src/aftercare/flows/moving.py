"""Moving people who are part-way in a sequence to its new version: the rest of their run becomes the new
one's, and nobody gets a step twice or several at once."""

from collections.abc import Sequence as Seq
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from aftercare.domain.moving import MOVED_PAST, plan_moved
from aftercare.domain.plan import PlannedStep, plan_client
from aftercare.domain.states import MessageState
from aftercare.domain.steps import SequenceSpec
from aftercare.flows import replan
from aftercare.flows.calendar import ActiveRun, Calendar, as_run, read_calendar, taken_by
from aftercare.models import Message, Sequence, SequenceVersion
from aftercare.store import clients, enrolments, messages, sequences

CANCELLABLE = (*messages.UNSENT, MessageState.CLAIMED)


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
    ids = {run.enrolment.id for run in moving}
    open_rows = [row for row in calendar.rows if row.enrolment_id in ids and row.state in CANCELLABLE]
    overdue = {
        run: frozenset(
            row.step_key for row in open_rows if row.enrolment_id == run and row.planned_for <= now
        )
        for run in ids
    }
    gone = [row for row in open_rows if not _stays(row, spec)]
    after = replace(
        _without(calendar, gone),
        runs=tuple(replace(run, spec=spec) if run.enrolment.id in ids else run for run in calendar.runs),
    )
    plan = partial(plan_client, taken=after.taken, zone=after.zone, window=after.window, caps=after.caps)
    planned = plan_moved([as_run(run, after) for run in after.runs], plan, overdue=overdue, now=now)
    return Move(after, tuple(row.id for row in gone), planned, len(moving))


def _move_client(
    db: Session, client_id: str, sequence: Sequence, version: SequenceVersion, *, by: str, now: datetime
) -> int:
    calendar = read_calendar(db, clients.lock(db, client_id), now=now)
    spec = SequenceSpec.parse(version.spec, where=f"version {version.number}")
    move = plan_move(calendar, sequence.id, version.id, spec, now)
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
    emails = sequences.emails_of(db, version.id)
    standing = {(row.enrolment_id, row.step_key): row for row in move.calendar.rows}
    new = []
    for step in move.planned:
        if step.skip == MOVED_PAST:
            row = standing.get((step.run_key, step.step_key))
            if row is None:
                run = move.calendar.run(step.run_key)
                row = replan.message_of(run, step, emails[step.step_key].id)
                row.state = MessageState.PLANNED
                new.append(row)
            messages.set_state(row, MessageState.SKIPPED, reason=MOVED_PAST, by=by, now=now)
    messages.add_all(db, new)


def _moves(run: ActiveRun, sequence_id: str, version_id: str) -> bool:
    return run.sequence.id == sequence_id and run.version.id != version_id


def _stays(row: Message, spec: SequenceSpec) -> bool:
    """What may have arrived already is settled as it is, in its old words (P3)."""
    in_doubt = row.resends > 0 or row.reason == "ambiguous"
    return in_doubt and any(step.key == row.step_key for step in spec.steps)


def _without(calendar: Calendar, gone: Seq[Message]) -> Calendar:
    """Rows that are cancelled leave their place in the caps."""
    freed = [taken_by(row) for row in gone if row.state == MessageState.CLAIMED]
    return replace(
        calendar,
        rows=tuple(row for row in calendar.rows if row not in gone),
        taken=tuple(taken for taken in calendar.taken if taken not in freed),
    )
