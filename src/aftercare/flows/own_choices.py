"""What a client chooses on the page of her email settings, and taking it back.

Each choice leaves one entry in the trail with what stood before and after it. The link to undo it names that
entry, so nothing else is remembered, and it restores exactly what was (ADR 16)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.caps import PACES
from aftercare.domain.localtime import to_local
from aftercare.domain.states import MessageState
from aftercare.errors import InvalidInput
from aftercare.flows import consent, pausing, replan, signups
from aftercare.flows.calendar import spec_of, zone_of
from aftercare.models import Client
from aftercare.store import audit, clients, clinics, consents, messages, newsletter_pages, sequences

PAGE = "settings_page"
CHOSEN = "settings.chosen"
RESTS: Mapping[str, int] = {"two-weeks": 14, "one-month": 30, "three-months": 91}
"""Days of the pauses that the page offers."""


@dataclass(frozen=True)
class Standing:
    """How things stand for her; `is_stopped`: staff have stopped everything; `given` and `offered` are
    topics; `rests_until`, `today` and `ends` (by key of `RESTS`) are days of her calendar, `next` is her
    clock at the next email that is planned."""

    given: frozenset[str]
    offered: tuple[str, ...]
    pace: str | None
    rests_until: date | None
    ends: Mapping[str, date]
    today: date
    next: datetime | None
    is_stopped: bool


@dataclass(frozen=True)
class Topics:
    """A choice of topics: by topic the words that she says yes to, those on offer, what the button says."""

    yes: Mapping[str, str]
    offered: tuple[str, ...]
    button: str


def how_things_stand(db: Session, client: Client, *, now: datetime) -> Standing:
    """What the page says and offers. Reads only."""
    zone = _zone(db, client)
    today = to_local(now, zone).date()
    rests = client.paused_until if client.paused_until and client.paused_until > now else None
    return Standing(
        given=gets(db, client),
        offered=_offered(db, client),
        pace=client.pace,
        rests_until=to_local(rests, zone).date() if rests else None,
        ends={key: today + timedelta(days=days) for key, days in RESTS.items()},
        today=today,
        next=_next(db, client, zone),
        is_stopped=client.stopped_at is not None,
    )


def gets(db: Session, client: Client) -> frozenset[str]:
    """Topics that she gets: those that she said yes to; a colleague all that she has not stopped."""
    known = consents.current(db, client.id)
    unspoken = set(consent.TOPICS) - known.keys() if client.staff_id else set()
    return frozenset({topic for topic, record in known.items() if record.given} | unspoken)


def stop_all(db: Session, client_id: str, *, wording: str, now: datetime) -> str:
    """She wants no more emails, by the button with these words. The id to undo it by, as from every choice;
    empty where it changed nothing."""

    def act(client: Client) -> None:
        consent.opt_out(db, client.id, consent.EVERYTHING, source=PAGE, wording=wording, now=now)

    return _chosen(db, client_id, "stop", act, now)


def rest(db: Session, client_id: str, length: str, *, now: datetime) -> str:
    """Her emails rest, for a key of `RESTS`. InvalidInput."""
    if length not in RESTS:
        raise InvalidInput("want", f"choose from {', '.join(RESTS)}")

    def act(client: Client) -> None:
        until = to_local(now, _zone(db, client)).date() + timedelta(days=RESTS[length])
        pausing.pause(db, client.clinic_id, client.id, until, by=_herself(client), now=now)

    return _chosen(db, client_id, "pause", act, now)


def go_on(db: Session, client_id: str, *, now: datetime) -> str:
    """The pause ends now."""

    def act(client: Client) -> None:
        pausing.resume(db, client.clinic_id, client.id, by=_herself(client), now=now)

    return _chosen(db, client_id, "resume", act, now)


def less_often(db: Session, client_id: str, pace: str | None, *, now: datetime) -> str:
    """At most one email in so many days, a key of `PACES`; None: as planned. InvalidInput."""
    if pace is not None and pace not in PACES:
        raise InvalidInput("want", f"choose from {', '.join(PACES)}")

    def act(client: Client) -> None:
        _set_pace(db, client, pace, now)

    return _chosen(db, client_id, "pace", act, now)


def choose_topics(db: Session, client_id: str, chosen: Topics, *, now: datetime) -> str:
    """She wants these of the topics on offer, and the others no more. A yes is recorded in its words, and no
    yes that stands already is recorded again."""

    def act(client: Client) -> None:
        given = consents.current(db, client.id)
        for topic in chosen.offered:
            has = topic in given and given[topic].given
            if topic in chosen.yes and not has:
                consent.say_yes(db, client.id, [topic], source=PAGE, wording=chosen.yes[topic], now=now)
            elif topic not in chosen.yes and has:
                consent.opt_out(db, client.id, topic, source=PAGE, wording=chosen.button, now=now)

    return _chosen(db, client_id, "topics", act, now)


def undo(db: Session, client_id: str, entry_id: str, *, now: datetime) -> bool | None:
    """Restore what stood before a choice: True; done already: True as well. False where something else was
    chosen since; None where this was no choice of hers."""
    client = _lock(db, client_id, now)
    entry = audit.get(db, client.clinic_id, entry_id)
    if entry is None or (entry.action, entry.subject) != (CHOSEN, client.id):
        return None
    stands = _snapshot(db, client)
    if stands == entry.detail["before"]:
        return True
    if stands != entry.detail["after"]:
        return False
    _restore(db, client, entry.detail["before"], stands, now)
    return True


def _chosen(db: Session, client_id: str, choice: str, act: Callable[[Client], None], now: datetime) -> str:
    client = _lock(db, client_id, now)
    before = _snapshot(db, client)
    act(client)
    after = _snapshot(db, client)
    if before == after:
        return ""
    detail = {"choice": choice, "before": before, "after": after}
    return audit.record(
        db, client.clinic_id, CHOSEN, client.id, actor=_herself(client), now=now, detail=detail
    )


def _snapshot(db: Session, client: Client) -> dict[str, Any]:
    """All that her choices can change, as the trail keeps it."""
    until = client.paused_until
    return {
        "topics": sorted(gets(db, client)),
        "pace": client.pace,
        "paused_until": until.isoformat() if until else None,
        "paused_by": client.paused_by,
    }


def _restore(
    db: Session, client: Client, before: Mapping[str, Any], after: Mapping[str, Any], now: datetime
) -> None:
    had, has = set(before["topics"]), set(after["topics"])
    for topic in sorted(had - has):
        consent.undo_opt_out(db, client.id, topic, now=now)
    for topic in sorted(has - had):
        consent.opt_out(db, client.id, topic, source="undo", wording="Undo", now=now)
    if before["pace"] != after["pace"]:
        _set_pace(db, client, before["pace"], now)
    if before["paused_until"] != after["paused_until"]:
        until = datetime.fromisoformat(before["paused_until"]) if before["paused_until"] else None
        still = until is not None and until > now
        pausing.put_back(
            db, client, until if still else None, before["paused_by"], by=_herself(client), now=now
        )


def _set_pace(db: Session, client: Client, pace: str | None, now: datetime) -> None:
    if client.pace == pace:
        return
    client.pace = pace
    db.flush()
    by = _herself(client)
    replan.replan_client(db, client.id, now=now, by=by)
    audit.record(db, client.clinic_id, f"client.pace_{pace or 'planned'}", client.id, actor=by, now=now)


def _lock(db: Session, client_id: str, now: datetime) -> Client:
    """Sessions are locked before the client, as everywhere: a yes may plan those that waited for it."""
    consents.lock_waiting_sessions(db, client_id, now - consent.WAITS_FOR_A_YES)
    return clients.lock(db, client_id)


def _offered(db: Session, client: Client) -> tuple[str, ...]:
    """Topics that she has ever said yes to, or could have: some sequence that is live writes about them, or
    the clinic takes sign-ups. A no to everything is also one to topics of which she has never heard."""
    page = newsletter_pages.of_clinic(db, client.clinic_id)
    known = {record.topic for record in consents.history(db, client.id) if record.given}
    known |= {signups.TOPIC} if page and page.takes_signups else set()
    live = {
        one.sequence.topic
        for one in sequences.published(db, client.clinic_id)
        if spec_of(one.version).purpose != "account"
    }
    return tuple(topic for topic in consent.TOPICS if topic in live | known)


def _next(db: Session, client: Client, zone: ZoneInfo) -> datetime | None:
    coming = [
        row.comes_at
        for row in messages.of_client(db, client.id)
        if row.state == MessageState.PLANNED and row.purpose != "account"
    ]
    return to_local(min(coming), zone) if coming and client.held_at is None else None


def _zone(db: Session, client: Client) -> ZoneInfo:
    return zone_of(client, clinics.get(db, client.clinic_id))


def _herself(client: Client) -> str:
    return f"client:{client.id}"
