"""Saying yes, saying stop, and taking a stop back."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.flows import replan
from aftercare.flows.calendar import spec_of
from aftercare.models import Client, Consent
from aftercare.store import audit, clients, consents, enrolments, messages

TOPICS = ("aftercare", "staying-in-touch", "newsletter")
EVERYTHING = "*"
REQUEST_SLUG = "consent-request"
"""The sequence of the one email that asks for consent; no trigger starts it."""


def give(
    db: Session, client: Client, topics: Iterable[str], *, source: str, wording: str, by: str, now: datetime
) -> None:
    """Record consent to these topics."""
    clients.lock(db, client.id)
    for topic in topics:
        consents.record(db, client, topic, given=True, source=source, wording=wording, by=by, now=now)


def opt_out(db: Session, client_id: str, topic: str, *, source: str, now: datetime) -> bool:
    """This person wants no more of a topic, or (`*`) of anything. From the commit on nothing of it starts
    transmission (P7); doing it again changes nothing. Returns whether anything changed."""
    client = clients.lock(db, client_id)
    known = consents.current(db, client.id)
    asked = sorted({*TOPICS, *known}) if topic == EVERYTHING else [topic]
    leaving = [name for name in asked if name not in known or known[name].given]
    for name in leaving:
        _record_own_word(db, client, name, given=False, source=source, wording="Unsubscribe", now=now)
    if leaving:
        _stop_runs(db, client, set(leaving), now)
        _audit(db, client, "consent.withdrawn", leaving, now)
    return bool(leaving)


def undo_opt_out(db: Session, client_id: str, topic: str, *, now: datetime) -> bool:
    """Take the latest stop back, not those of earlier days: what she had said yes to before it is in force
    again, and the runs that it ended go on with what is not too late. Returns whether anything changed."""
    client = clients.lock(db, client_id)
    withdrawn = _latest_stop(consents.current(db, client.id), topic)
    for record in withdrawn:
        name, stopped_at = record.topic, record.recorded_at
        _record_own_word(db, client, name, given=True, source="undo", wording="Undo", now=now)
        enrolments.reopen(db, client.id, topic=name, reason="opted_out", ended_at=stopped_at)
    if withdrawn:
        replan.replan_client(db, client.id, now=now)
        _audit(db, client, "consent.restored", [record.topic for record in withdrawn], now)
    return bool(withdrawn)


def can_undo(db: Session, client_id: str, topic: str) -> bool:
    """Whether `undo_opt_out` would bring something back."""
    return bool(_latest_stop(consents.current(db, client_id), topic))


def _latest_stop(known: Mapping[str, Consent], topic: str) -> list[Consent]:
    """The records that one act of stopping left behind, as far as they took a yes away."""
    stops = [record for name, record in known.items() if topic in (EVERYTHING, name) and not record.given]
    latest = max((record.recorded_at for record in stops), default=None)
    return [record for record in stops if record.recorded_at == latest and record.replaced_given]


def _record_own_word(
    db: Session, client: Client, topic: str, *, given: bool, source: str, wording: str, now: datetime
) -> None:
    by = _herself(client)
    consents.record(db, client, topic, given=given, source=source, wording=wording, by=by, now=now)


def _stop_runs(db: Session, client: Client, topics: set[str], now: datetime) -> None:
    """What she asked for herself (purpose account) goes on: a topic is not what it came from."""
    runs = [
        run.id
        for run, sequence, version in enrolments.active(db, client.id)
        if sequence.topic in topics and spec_of(version).purpose != "account"
    ]
    by = _herself(client)
    enrolments.end(db, runs, reason="opted_out", by=by, now=now)
    messages.cancel_unsent(
        db,
        reason="opted_out",
        by=by,
        now=now,
        client_id=[client.id],
        topic=topics,
        purpose=("care", "newsletter"),
    )


def _audit(db: Session, client: Client, action: str, topics: list[str], now: datetime) -> None:
    audit.record(
        db, client.clinic_id, action, client.id, actor=_herself(client), now=now, detail={"topics": topics}
    )


def _herself(client: Client) -> str:
    return f"client:{client.id}"
