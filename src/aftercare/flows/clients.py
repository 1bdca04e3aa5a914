"""Adding clients, correcting them, holding and releasing them, moving them to another zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.localtime import parse_zone
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import consent, pausing, replan, support_path
from aftercare.flows.calendar import zone_of
from aftercare.flows.readers import read_address, read_country, read_language, read_name
from aftercare.flows.zones import zone_aliases
from aftercare.models import Client
from aftercare.models.client import COMPLAINT
from aftercare.store import alerts, audit, clients, clinics


@dataclass(frozen=True)
class NewClient:
    """What a clinic says of a new client. `topics` are those she consented to, with source and wording; no
    language: the clinic's."""

    email: str
    first_name: str = ""
    timezone: str | None = None
    country: str | None = None
    language: str = ""
    topics: Sequence[str] = ()
    consent_source: str = ""
    consent_wording: str = ""


def add_client(db: Session, clinic_id: str, new: NewClient, *, by: str, now: datetime) -> Client:
    """Add a client with her consents. InvalidInput names the field; Conflict where the address is known."""
    email, email_key = read_address(new.email)
    if clients.by_email(db, clinic_id, email_key) is not None:
        raise Conflict("A client with this email address exists already. Open that client instead.")
    client = Client(
        clinic_id=clinic_id,
        email=email,
        email_key=email_key,
        first_name=read_name(new.first_name),
        timezone=parse_zone(new.timezone, aliases=zone_aliases()).key if new.timezone else None,
        country=read_country(new.country),
        language=read_language(new.language or clinics.get(db, clinic_id).language),
        created_at=now,
    )
    db.add(client)
    db.flush()
    _record_consents(db, client, new, by, now)
    audit.record(db, clinic_id, "client.added", client.id, actor=by, now=now)
    return client


def _record_consents(db: Session, client: Client, new: NewClient, by: str, now: datetime) -> None:
    unknown = [topic for topic in new.topics if topic not in consent.TOPICS]
    if unknown:
        raise InvalidInput("consent.topics", f"choose from {', '.join(consent.TOPICS)}")
    if new.topics and not (new.consent_source and new.consent_wording):
        raise InvalidInput("consent", "give the source and the wording that the client agreed to")
    consent.give(
        db,
        client,
        new.topics,
        source=new.consent_source,
        wording=new.consent_wording,
        by=by,
        now=now,
    )


def correct(
    db: Session,
    clinic_id: str,
    client_id: str,
    *,
    first_name: str | None = None,
    email: str | None = None,
    country: str | None = None,
    language: str | None = None,
    by: str,
    now: datetime,
) -> Client:
    """Correct what is given; None leaves as it is, an empty country means the clinic's. Emails that were not
    sent yet are written with it. What was consented to and stopped stays, since it belongs to the person and
    not to an address; an address that takes no emails still does not. InvalidInput names the field; Conflict
    where the address belongs to another client."""
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    new: dict[str, str | None] = {}
    if first_name is not None:
        new["first_name"] = read_name(first_name)
    if email is not None:
        new["email"], new["email_key"] = _read_new_address(db, client, email)
    if country is not None:
        new["country"] = read_country(country.strip())
    if language is not None:
        new["language"] = read_language(language)
    changed = {name: value for name, value in new.items() if getattr(client, name) != value}
    for name, value in changed.items():
        setattr(client, name, value)
    db.flush()
    if changed:
        # Which fields, and never their values: a trail of acts is kept longer than a name.
        detail = {"fields": sorted(changed.keys() - {"email_key"})}
        audit.record(db, clinic_id, "client.corrected", client.id, actor=by, now=now, detail=detail)
    return client


def _read_new_address(db: Session, client: Client, text: str) -> tuple[str, str]:
    address, key = read_address(text)
    other = clients.by_email(db, client.clinic_id, key)
    if other is not None and other.id != client.id:
        raise Conflict("Another client has this email address already. Open that client, or check it.")
    return address, key


def hold(db: Session, clinic_id: str, client_id: str, *, reason: str, by: str, now: datetime) -> None:
    """Hold everything for one client until a person releases; doing it twice changes nothing. A reason beside
    the support path outlives it, and a complaint takes the place of any other."""
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    gives_way = client.held_reason == support_path.HELD_BECAUSE or reason == COMPLAINT
    if client.held_at is not None and gives_way and client.held_reason != reason:
        client.held_by, client.held_reason = by, reason
        db.flush()
        replan.replan_client(db, client.id, now=now)
        audit.record(db, clinic_id, "client.held", client.id, actor=by, now=now)
    if client.held_at is None:
        client.held_at, client.held_by, client.held_reason = now, by, reason
        db.flush()
        replan.replan_client(db, client.id, now=now)
        audit.record(db, clinic_id, "client.held", client.id, actor=by, now=now)


def release(db: Session, clinic_id: str, client_id: str, *, by: str, now: datetime) -> bool:
    """Let a held client's emails go on; whether they do. What is too late by now is skipped, never sent in a
    burst (R7). Where she was held because she asked for a call, that is over with it; Conflict for a program,
    since people decide about that. Held for another reason, she may have asked since, unseen by whoever
    releases: then her emails wait for that."""
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    if client.held_at is None:
        return True
    if client.held_reason != support_path.HELD_BECAUSE and alerts.open_of(db, client.id) is not None:
        client.held_reason = support_path.HELD_BECAUSE
    else:
        support_path.close(db, client, by=by, now=now)
        client.held_at = client.held_by = client.held_reason = None
    db.flush()
    replan.replan_client(db, client.id, now=now)
    audit.record(db, clinic_id, "client.released", client.id, actor=by, now=now)
    return client.held_at is None


def end_support(db: Session, clinic_id: str, alert_id: str, *, by: str, now: datetime) -> bool:
    """The support path is over, and her emails go on unless another reason holds them, such as a complaint;
    whether they do. What is over already stays as it is: she may have asked anew since that page was shown.
    NotFound; Conflict for a program."""
    alert = alerts.get(db, clinic_id, alert_id)
    client = clients.lock(db, alert.client_id)
    db.refresh(alert)
    if alert.closed_at is not None:
        return client.held_at is None
    if client.held_at is None or client.held_reason == support_path.HELD_BECAUSE:
        release(db, clinic_id, client.id, by=by, now=now)
    else:
        support_path.close(db, client, by=by, now=now)
    return client.held_at is None


def move_zone(
    db: Session, clinic_id: str, client_id: str, zone: str | None, *, by: str, now: datetime
) -> None:
    """The client lives in another time zone from now on (None: the clinic's); unsent emails follow her wall
    clock (R5). InvalidInput, NotFound."""
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    clinic = clinics.get(db, clinic_id)
    old = zone_of(client, clinic)
    client.timezone = parse_zone(zone, aliases=zone_aliases()).key if zone is not None else None
    client.paused_until = pausing.moved(client, old, zone_of(client, clinic))
    db.flush()
    replan.replan_client(db, client.id, now=now)
    audit.record(db, clinic_id, "client.zone_changed", client.id, actor=by, now=now)
