"""What staff record on a client's word: a yes that she gave elsewhere, and a stop.

A yes is never made up: it has a date, a source and the words that she agreed to. Whoever has stopped comes
back only by a yes that she gave after it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.localtime import to_local
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import consent
from aftercare.flows.calendar import zone_of
from aftercare.models import Client, Consent
from aftercare.store import clients, clinics, consents

SOURCE = "staff"
LONGEST = 2000
UNDO_WITHIN = timedelta(hours=1)
"""After that a stop that staff recorded is ended by a new yes only, like any other."""


def record_consent(
    db: Session,
    clinic_id: str,
    client_id: str,
    topics: Iterable[str],
    *,
    source: str,
    wording: str,
    given_on: date,
    after_stop: bool = False,
    by: str,
    now: datetime,
) -> int:
    """Record a yes that the client gave elsewhere (on paper, in the room) on her local day `given_on`, in
    exactly these words. Sessions of the last seven days that only lacked it are planned; returns how many.
    `after_stop`: who records it knows that the yes of the day on which she stopped came after the stop.

    InvalidInput names `topics`, `source`, `wording`, `given_on` or `after_stop`; NotFound."""
    names = list(dict.fromkeys(topics))
    if not names or not set(names) <= set(consent.TOPICS):
        raise InvalidInput("topics", f"choose from {', '.join(consent.TOPICS)}")
    source, wording = _said("source", source), _said("wording", wording)
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    zone = zone_of(client, clinics.get(db, clinic_id))
    if given_on > to_local(now, zone).date():
        raise InvalidInput("given_on", "this day is still to come; write the day on which they said yes")
    _check_stops(db, client, names, given_on, zone, after_stop=after_stop)
    return consent.say_yes(
        db, client.id, names, source=f"{source}, {given_on.isoformat()}", wording=wording, by=by, now=now
    )


def stop(db: Session, clinic_id: str, client_id: str, topic: str, *, by: str, now: datetime) -> bool:
    """The client told staff to stop a topic, or (`*`) everything. At once, as by her own link; doing it again
    changes nothing. Returns whether anything changed. InvalidInput, NotFound."""
    if topic not in (*consent.TOPICS, consent.EVERYTHING):
        raise InvalidInput("topic", f"choose from {', '.join(consent.TOPICS)} or {consent.EVERYTHING}")
    client = clients.get(db, clinic_id, client_id)
    return consent.opt_out(
        db, client.id, topic, source=SOURCE, wording="On the client's word", by=by, now=now
    )


def undo_stop(db: Session, clinic_id: str, client_id: str, topic: str, *, by: str, now: datetime) -> bool:
    """Staff stopped by mistake and take it back; what is not too late goes on. Returns whether anything
    changed. Conflict where it was her own stop, or longer ago than an hour."""
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    stops = consent.latest_stop(consents.current(db, client.id), topic)
    if not all(_is_fresh(record, now) for record in stops):
        raise Conflict(
            "This client stopped the emails, and that stands. If they have said yes since, record that with"
            " its date, source and words."
        )
    return consent.undo_opt_out(db, client.id, topic, by=by, now=now)


def can_undo_stop(db: Session, client: Client, topic: str, now: datetime) -> bool:
    """Whether `undo_stop` would bring something back now."""
    stops = consent.latest_stop(consents.current(db, client.id), topic)
    return bool(stops) and all(_is_fresh(record, now) for record in stops)


def _is_fresh(record: Consent, now: datetime) -> bool:
    return record.source == SOURCE and now - record.recorded_at <= UNDO_WITHIN


def _check_stops(
    db: Session, client: Client, topics: list[str], given_on: date, zone: ZoneInfo, *, after_stop: bool
) -> None:
    """A date has no hour: of a yes and a stop of one day only a person knows which came first."""
    known = consents.current(db, client.id)
    stops = [record for name, record in known.items() if name in topics and not record.given]
    latest = max((to_local(record.recorded_at, zone) for record in stops), default=None)
    if latest is None or given_on > latest.date():
        return
    if given_on < latest.date():
        raise InvalidInput(
            "given_on",
            f"this client stopped the emails on {latest.date().isoformat()}. Only a yes that they gave since"
            " then counts: record it with its own date, source and words",
        )
    if not after_stop:
        raise InvalidInput(
            "after_stop",
            f"this client stopped the emails on that very day, at {latest:%H:%M} their time. Say that the yes"
            " came after the stop; one that came before it does not count any more",
        )


def _said(field: str, text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise InvalidInput(field, f"write it down, in 1 to {LONGEST} characters")
    return text
