"""Saying yes, saying stop, and taking a stop back."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.flows import enrolments as runs
from aftercare.flows import replan, support_mail
from aftercare.flows.calendar import spec_of
from aftercare.models import CareSession, Client, Consent
from aftercare.store import audit, clients, consents, enrolments, issue_runs, messages

TOPICS = ("aftercare", "staying-in-touch", "newsletter")
EVERYTHING = "*"
REQUEST_SLUG = consents.REQUEST_SLUG
WAITS_FOR_A_YES = timedelta(days=7)
"""A session so old is planned after all when consent comes; what is too late by then is left out."""


def give(
    db: Session, client: Client, topics: Iterable[str], *, source: str, wording: str, by: str, now: datetime
) -> None:
    """Record consent to these topics. Whoever left an issue that is still to come is to have it again."""
    clients.lock(db, client.id)
    reopened = False
    for topic in topics:
        consents.record(db, client, topic, given=True, source=source, wording=wording, by=by, now=now)
        reopened |= issue_runs.reopen(db, client.id, topic=topic, now=now)
    if reopened:
        replan.replan_client(db, client.id, now=now)


def say_yes(
    db: Session,
    client_id: str,
    topics: Iterable[str],
    *,
    source: str,
    wording: str,
    by: str | None = None,
    now: datetime,
) -> int:
    """Record consent, by herself unless `by` says who, and plan the sessions of the last days that only
    lacked it; returns how many of them bring emails now. What stands in force in the same words already is
    not recorded again."""
    waiting = consents.lock_waiting_sessions(db, client_id, now - WAITS_FOR_A_YES)
    client = clients.lock(db, client_id)
    known = consents.current(db, client.id)
    new = [name for name in topics if not _says(known.get(name), source, wording)]
    by = by or _herself(client)
    give(db, client, new, source=source, wording=wording, by=by, now=now)
    if new:
        _take_the_question_back(db, client, by, now)
        _audit(db, client, "consent.given", new, by, now)
    for care_session in waiting:
        if runs.what_follows(db, care_session, client, now) != "no_consent":
            care_session.planned_at = care_session.plan_note = None
            db.flush()
            runs.schedule_followups(db, care_session.id, now=now)
    return sum(_brings_emails(db, care_session, now) for care_session in waiting)


def opt_out(
    db: Session,
    client_id: str,
    topic: str,
    *,
    source: str,
    wording: str = "Unsubscribe",
    by: str | None = None,
    now: datetime,
) -> bool:
    """This person wants no more of a topic, or (`*`) of anything. From the commit on nothing of it starts
    transmission (P7); doing it again changes nothing. `by`: who recorded it, if not she herself. Returns
    whether anything changed."""
    client = clients.lock(db, client_id)
    by = by or _herself(client)
    known = consents.current(db, client.id)
    asked = sorted({*TOPICS, *known}) if topic == EVERYTHING else [topic]
    leaving = [name for name in asked if name not in known or known[name].given]
    for name in leaving:
        consents.record(db, client, name, given=False, source=source, wording=wording, by=by, now=now)
    # Also where she had stopped before: she asked for a call since, and now for no more of what that brings.
    ends_follow_up = support_mail.stop(db, client, asked, by=by, now=now)
    if leaving:
        _stop_runs(db, client, set(leaving), by, now)
        _audit(db, client, "consent.withdrawn", leaving, by, now)
    return bool(leaving) or ends_follow_up


def undo_opt_out(db: Session, client_id: str, topic: str, *, by: str | None = None, now: datetime) -> bool:
    """Take the latest stop back, not those of earlier days: what she had said yes to before it is in force
    again, and the runs that it ended go on with what is not too late. Returns whether anything changed."""
    client = clients.lock(db, client_id)
    by = by or _herself(client)
    withdrawn = _taken_away(db, client, topic)
    for record in withdrawn:
        name, stopped_at = record.topic, record.recorded_at
        consents.record(db, client, name, given=True, source="undo", wording="Undo", by=by, now=now)
        enrolments.reopen(db, client.id, topic=name, reason="opted_out", ended_at=stopped_at)
    if withdrawn:
        support_mail.take_stop_back(db, client, [record.topic for record in withdrawn])
        replan.replan_client(db, client.id, now=now)
        _audit(db, client, "consent.restored", [record.topic for record in withdrawn], by, now)
    return bool(withdrawn)


def can_undo(db: Session, client_id: str, topic: str) -> bool:
    """Whether `undo_opt_out` would bring something back."""
    client = clients.by_id(db, client_id)
    return client is not None and bool(_taken_away(db, client, topic))


def _taken_away(db: Session, client: Client, topic: str) -> list[Consent]:
    return latest_stop(consents.current(db, client.id), topic, unasked=client.staff_id is not None)


def latest_stop(known: Mapping[str, Consent], topic: str, *, unasked: bool = False) -> list[Consent]:
    """The records that one act of stopping left behind, as far as they took a yes away. `unasked`: she gets
    emails without one, as colleagues do."""
    stops = [record for name, record in known.items() if topic in (EVERYTHING, name) and not record.given]
    latest = max((record.recorded_at for record in stops), default=None)
    yes = (True, None) if unasked else (True,)
    return [record for record in stops if record.recorded_at == latest and record.replaced_given in yes]


def _says(record: Consent | None, source: str, wording: str) -> bool:
    return record is not None and record.given and (record.source, record.wording) == (source, wording)


def _brings_emails(db: Session, care_session: CareSession, now: datetime) -> bool:
    """A later visit may have taken its place, and what it brings may be too late."""
    going = [run.id for run in enrolments.of_session(db, care_session.id) if run.ended_at is None]
    return care_session.plan_note == "planned" and any(
        row.state in messages.UNSENT and now - row.planned_for <= timedelta(seconds=row.max_late)
        for row in messages.of_runs(db, going)
    )


def _stop_runs(db: Session, client: Client, topics: set[str], by: str, now: datetime) -> None:
    """What she asked for herself (purpose account) goes on: a topic is not what it came from. That the clinic
    asks for consent was never her wish."""
    ending = [
        run.id
        for run, sequence, version in enrolments.active(db, client.id)
        if sequence.topic in topics and spec_of(version).purpose != "account"
    ]
    enrolments.end(db, ending, reason="opted_out", by=by, now=now)
    _take_the_question_back(db, client, by, now)
    messages.cancel_unsent(
        db,
        reason="opted_out",
        by=by,
        now=now,
        client_id=[client.id],
        topic=topics,
        purpose=("care", "newsletter"),
    )


def _take_the_question_back(db: Session, client: Client, by: str, now: datetime) -> None:
    """She has spoken: an email that asks her for consent is of no use any more, whatever she said."""
    active = enrolments.active(db, client.id)
    asking = [run.id for run, sequence, _ in active if sequence.slug == REQUEST_SLUG]
    enrolments.end(db, asking, reason="answered", by=by, now=now)
    messages.cancel_unsent(db, reason="answered", by=by, now=now, enrolment_id=asking)


def _audit(db: Session, client: Client, action: str, topics: list[str], by: str, now: datetime) -> None:
    audit.record(db, client.clinic_id, action, client.id, actor=by, now=now, detail={"topics": topics})


def _herself(client: Client) -> str:
    return f"client:{client.id}"
