"""Enrolments."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select, update
from sqlalchemy.orm import Session

from aftercare.domain.localtime import Anchor, parse_zone
from aftercare.errors import NotFound
from aftercare.models import Enrolment, Message, NewsletterIssue, Sequence, SequenceVersion

WENT_OUT = ("transmitting", "unknown", "sent")
OPEN_STATES = ("planned", "claimed", "transmitting", "unknown", "held")


class RunOf(NamedTuple):
    """An enrolment with its sequence and version."""

    enrolment: Enrolment
    sequence: Sequence
    version: SequenceVersion


def active(db: Session, client_id: str) -> list[RunOf]:
    """A client's runs that have not ended, oldest first."""
    return _runs(db, Enrolment.client_id == client_id, Enrolment.ended_at.is_(None))


def superseded_by(db: Session, cause_id: str) -> list[RunOf]:
    """Runs that gave way to this session or appointment, and have not come back, oldest first."""
    return _runs(db, Enrolment.superseded_by == cause_id, Enrolment.exit_reason == "superseded")


def started_since(db: Session, client_id: str, instant: datetime) -> list[RunOf]:
    """A client's runs that began at this instant or later and were not undone, oldest first."""
    return _runs(
        db,
        Enrolment.client_id == client_id,
        Enrolment.started_at >= instant,
        Enrolment.exit_reason.is_distinct_from("session_cancelled"),
        Enrolment.exit_reason.is_distinct_from("appointment_cancelled"),
    )


def _runs(db: Session, *where: ColumnElement[bool]) -> list[RunOf]:
    query = (
        select(Enrolment, Sequence, SequenceVersion)
        .join(Sequence, Sequence.id == Enrolment.sequence_id)
        .join(SequenceVersion, SequenceVersion.id == Enrolment.version_id)
        .where(*where)
        .order_by(Enrolment.started_at, Enrolment.id)
        .execution_options(populate_existing=True)
    )
    return [RunOf(row[0], row[1], row[2]) for row in db.execute(query)]


def latest_of(db: Session, client_id: str, slugs: Collection[str]) -> RunOf | None:
    """The run of these sequences that a client began last, whether it goes on or not."""
    return next(reversed(_runs(db, Enrolment.client_id == client_id, Sequence.slug.in_(slugs))), None)


def stopped_by_client(db: Session, client_id: str) -> list[RunOf]:
    """A client's runs that her stop ended, latest first."""
    ended = _runs(db, Enrolment.client_id == client_id, Enrolment.exit_reason == "opted_out")
    return sorted(ended, key=lambda run: (str(run.enrolment.ended_at), run.enrolment.id), reverse=True)


def get(db: Session, clinic_id: str, enrolment_id: str) -> Enrolment:
    """A run of this clinic; NotFound."""
    query = select(Enrolment).where(Enrolment.clinic_id == clinic_id, Enrolment.id == enrolment_id)
    found = db.scalar(query)
    if found is None:
        raise NotFound("There is no such run.")
    return found


def by_id(db: Session, enrolment_id: str) -> Enrolment:
    """A run of any clinic, for the engine."""
    return db.get_one(Enrolment, enrolment_id)


def last_full_run(
    db: Session, client_id: str, sequence_id: str, *, but: str | None = None
) -> datetime | None:
    """Anchor of the latest whole run of a sequence (not one of `every_visit` steps alone) of which an email
    went out. A run that was superseded or undone before its first email said nothing that could repeat.
    `but`: a session whose own runs do not count."""
    went_out = (
        select(Message.id)
        .where(Message.enrolment_id == Enrolment.id, Message.state.in_(WENT_OUT))
        .correlate(Enrolment)
        .exists()
    )
    query = select(func.max(Enrolment.anchor_at)).where(
        Enrolment.client_id == client_id,
        Enrolment.sequence_id == sequence_id,
        Enrolment.every_visit_only.is_(False),
        went_out,
    )
    return db.scalar(query if but is None else query.where(Enrolment.session_id.is_distinct_from(but)))


def of_session(db: Session, session_id: str) -> list[Enrolment]:
    """The runs that a session started and that were not undone with it."""
    query = select(Enrolment).where(
        Enrolment.session_id == session_id, Enrolment.exit_reason.is_distinct_from("session_cancelled")
    )
    return list(db.scalars(query))


def of_appointment(db: Session, appointment_id: str) -> list[RunOf]:
    """The runs that an appointment started and that were not undone with it."""
    return _runs(
        db,
        Enrolment.appointment_id == appointment_id,
        Enrolment.exit_reason.is_distinct_from("appointment_cancelled"),
    )


def following(db: Session, enrolment_ids: Collection[str]) -> list[str]:
    """The runs that were started by the end of these."""
    return list(db.scalars(select(Enrolment.id).where(Enrolment.follows_id.in_(enrolment_ids))))


def begin_again(
    db: Session, run: Enrolment, instant: datetime, facts: Mapping[str, object], *, now: datetime
) -> None:
    """An undone run goes on after all, on its version, counted from `instant` (UTC): its session was logged
    by these facts. What has a row that was not cancelled never comes again."""
    run.ended_at = run.exit_reason = run.ended_by = run.superseded_by = None
    run.facts, run.started_at = dict(facts), now
    count_from(run, instant)
    db.flush()


def end(
    db: Session,
    enrolment_ids: Collection[str],
    *,
    reason: str,
    by: str,
    now: datetime,
    superseded_by: str | None = None,
) -> None:
    """End runs that are still active. Their unsent messages are the caller's to cancel. `superseded_by`: the
    session whose run takes their place."""
    if enrolment_ids:
        db.execute(
            update(Enrolment)
            .where(Enrolment.id.in_(enrolment_ids), Enrolment.ended_at.is_(None))
            .values(ended_at=now, exit_reason=reason, ended_by=by, superseded_by=superseded_by)
        )


def undo(db: Session, enrolment_ids: Collection[str], *, reason: str, by: str, now: datetime) -> None:
    """Mark the runs of a session that is undone (`session_cancelled`) or of an appointment that is called off
    (`appointment_cancelled`), also those that ended before: nothing opens them again but the session itself,
    should it start the same sequence anew. Their unsent messages are the caller's."""
    db.execute(
        update(Enrolment)
        .where(Enrolment.id.in_(enrolment_ids))
        .values(ended_at=func.coalesce(Enrolment.ended_at, now), exit_reason=reason, ended_by=by)
    )


def end_completed(db: Session, now: datetime) -> int:
    """End every run that has no open message left; returns how many (exit reason `completed`).

    An email in doubt that waits for staff keeps no run open: else one lost reply at the end of a run that
    nothing starts beside would silence every later visit."""
    # Whoever is changing a run holds its person and may want messages that this sweep has locked: waiting
    # for him here could close a ring, and the next sweep comes soon.
    over = run_out().with_for_update(skip_locked=True)
    # Nothing follows on a newsletter, and thousands end at once.
    news = select(Sequence.id).where(Sequence.topic == "newsletter")
    followed = case((Enrolment.sequence_id.in_(news), now), else_=Enrolment.followed_at)
    ended = db.execute(
        update(Enrolment)
        .where(Enrolment.id.in_(over))
        .values(ended_at=now, exit_reason="completed", ended_by="engine", followed_at=followed)
        .returning(Enrolment.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def run_out() -> Select[str]:
    """Runs that go on although no message of theirs is open."""
    still_open = (
        select(Message.id)
        .where(
            Message.enrolment_id == Enrolment.id,
            Message.state.in_(OPEN_STATES),
            Message.reason.is_distinct_from("ambiguous"),
        )
        .correlate(Enrolment)
        .exists()
    )
    return select(Enrolment.id).where(Enrolment.ended_at.is_(None), ~still_open)


def completed(db: Session, *, besides: Collection[str] = (), limit: int) -> list[str]:
    """Ids of completed runs of which nobody has looked yet what follows them, longest over first."""
    query = unfollowed().where(Enrolment.id.not_in(besides))
    return list(db.scalars(query.order_by(Enrolment.ended_at).limit(limit)))


def unfollowed() -> Select[str]:
    """Completed runs of which nobody has looked yet what follows them."""
    return select(Enrolment.id).where(Enrolment.exit_reason == "completed", Enrolment.followed_at.is_(None))


def looked_at(db: Session, client_id: str) -> list[Enrolment]:
    """A client's completed runs of which somebody has looked what follows them."""
    query = select(Enrolment).where(
        Enrolment.client_id == client_id,
        Enrolment.exit_reason == "completed",
        Enrolment.followed_at.is_not(None),
    )
    return list(db.scalars(query))


def anything_over(db: Session) -> bool:
    """Whether a run has come to its end, or has ended, without what follows it having been looked at."""
    return bool(db.scalar(select(run_out().exists() | unfollowed().exists())))


def reopen(db: Session, client_id: str, *, topic: str, reason: str, ended_at: datetime) -> None:
    """Open again the runs of a topic that ended for `reason` at exactly that instant, but for a
    newsletter's issue that was cancelled since: nothing would settle its email."""
    cancelled = select(NewsletterIssue.sequence_id).where(NewsletterIssue.state == "cancelled")
    of_topic = select(Sequence.id).where(Sequence.topic == topic, Sequence.id.not_in(cancelled))
    db.execute(
        update(Enrolment)
        .where(
            Enrolment.client_id == client_id,
            Enrolment.sequence_id.in_(of_topic),
            Enrolment.exit_reason == reason,
            Enrolment.ended_at == ended_at,
        )
        .values(ended_at=None, exit_reason=None, ended_by=None)
        .execution_options(synchronize_session=False)
    )


def reopen_completed(db: Session, enrolment_id: str) -> None:
    """Open this run again if nothing but its end has come (`end_completed`), for an email that goes after
    all; one that ended for another reason stays ended."""
    db.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.exit_reason == "completed")
        .values(ended_at=None, exit_reason=None, ended_by=None)
    )


def reopen_one(db: Session, run: Enrolment) -> None:
    """This run goes on, whatever ended it. Its client is locked."""
    run.ended_at = run.exit_reason = run.ended_by = run.superseded_by = None
    db.flush()


def move_anchor(db: Session, session_id: str, instant: datetime) -> None:
    """The session ended at another instant: its active runs are counted from there, on the wall clock of
    the zone that each was counted in before."""
    for run in of_session(db, session_id):
        if run.ended_at is None:
            count_from(run, instant)


def count_from(run: Enrolment, instant: datetime) -> None:
    """Count an active run from this instant, on the wall clock of the zone that it was counted in before."""
    anchor = Anchor.at(instant, parse_zone(run.anchor_zone))
    run.anchor_at = anchor.instant
    run.anchor_local = anchor.local.isoformat()


def people_in(db: Session, sequence_id: str) -> list[str]:
    """Clients with an active run of this sequence, in the order in which they are to be locked."""
    query = select(Enrolment.client_id).where(
        Enrolment.sequence_id == sequence_id, Enrolment.ended_at.is_(None)
    )
    return sorted(set(db.scalars(query)))
