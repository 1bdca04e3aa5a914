"""Setting up a clinic."""

import hashlib
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from aftercare.domain import hours
from aftercare.domain.localtime import parse_zone
from aftercare.domain.windows import Window
from aftercare.errors import Conflict, InvalidInput, NotFound
from aftercare.flows import duty, recipients, support_path
from aftercare.flows.readers import read_address, read_country, read_language, read_line, read_name
from aftercare.flows.zones import zone_aliases
from aftercare.mail.colours import Colours
from aftercare.mail.scene import languages, root_of
from aftercare.models import ApiToken, Clinic, Staff
from aftercare.store import audit, clinics, logins

ROLES = ("owner", "editor", "therapist", "viewer")
SHOWN_IN_EVERY_EMAIL = ("name", "sender_name", "reply_reader", "postal_address", "hours")
LINE_LIMIT = 200


@dataclass(frozen=True)
class NewClinic:
    """What a clinic says of itself."""

    name: str
    sender_name: str
    sender_address: str
    reply_to: str
    reply_reader: str
    postal_address: str
    phone: str
    hours: str
    country: str
    timezone: str
    language: str = "en"
    send_window: str = "08:00-20:00"
    logo_url: str | None = None
    colours: dict[str, Any] = field(default_factory=dict)


def add_clinic(db: Session, new: NewClinic, *, by: str, now: datetime) -> Clinic:
    """Add a clinic. InvalidInput names the field that cannot be used."""
    read_address(new.sender_address)
    read_address(new.reply_to)
    _check_texts(new)
    country = read_country(new.country)
    if country is None:
        raise InvalidInput("country", "write two letters such as GB or US")
    if root_of(read_language(new.language)) not in languages():
        raise InvalidInput("language", f"choose from {', '.join(sorted(languages()))}")
    Window.parse(new.send_window)
    Colours(**new.colours)
    if new.logo_url and not new.logo_url.startswith("https://"):
        raise InvalidInput("logo_url", "must start with https://")
    zone = parse_zone(new.timezone, aliases=zone_aliases())
    known = hours.from_words(new.hours)
    read = {"timezone": zone.key, "country": country, "opening": known.written() if known else {}}
    clinic = Clinic(**(asdict(new) | read), created_at=now)
    db.add(clinic)
    db.flush()
    audit.record(db, clinic.id, "clinic.added", clinic.id, actor=by, now=now)
    return clinic


def check_answer(field: str, text: str) -> None:
    """One answer about a new clinic or its owner, as soon as it is given. InvalidInput."""
    match field:
        case "email" | "owner_email":
            read_address(text)
        case "country":
            read_country(text)
        case "timezone":
            parse_zone(text, aliases=zone_aliases())
        case "owner_name":
            read_name(text)
        case _:
            read_line(field, text, LINE_LIMIT)


def _check_texts(new: NewClinic) -> None:
    for name in SHOWN_IN_EVERY_EMAIL:
        text = getattr(new, name)
        if not text.strip():
            raise InvalidInput(name, "fill it in: every email shows it")
        for line in text.split("\n") if name == "postal_address" else [text]:
            read_line(name, line, LINE_LIMIT)


def add_staff(
    db: Session, clinic_id: str, *, first_name: str, email: str, role: str, by: str, now: datetime
) -> Staff:
    """Add a member of staff, and begin what welcomes her. InvalidInput; Conflict: the address is known."""
    if role not in ROLES:
        raise InvalidInput("role", f"choose from {', '.join(ROLES)}")
    address, email_key = read_address(email)
    if any(member.clinic_id == clinic_id for member in logins.candidates(db, email_key)):
        raise Conflict("Somebody who works here has this email address already.")
    member = Staff(
        clinic_id=clinic_id,
        first_name=read_name(first_name),
        email=address,
        email_key=email_key,
        role=role,
        created_at=now,
    )
    db.add(member)
    db.flush()
    audit.record(db, clinic_id, "staff.added", member.id, actor=by, now=now)
    _on_duty_where_nobody_is(db, member, now)
    recipients.welcome(db, member, by=by, now=now)
    return member


def _on_duty_where_nobody_is(db: Session, member: Staff, now: datetime) -> None:
    """The first person who may ring is who hears of “Please call me”, until Settings name another one."""
    clinic = clinics.get(db, member.clinic_id)
    if clinic.duty_id is None and member.role in duty.RINGS:
        duty.name(db, clinic, member, None, now=now)


def find_staff(db: Session, clinic_id: str, email: str) -> Staff:
    """Who works here under this address. InvalidInput, NotFound."""
    found = logins.candidates(db, read_address(email)[1])
    member = next((one for one in found if one.clinic_id == clinic_id), None)
    if member is None:
        raise NotFound("Nobody who works here has this email address.")
    return member


def change_role(db: Session, clinic_id: str, email: str, role: str, *, by: str, now: datetime) -> Staff:
    """Give a member another role, from her next click on. InvalidInput, NotFound; Conflict where nobody would
    be left who is an owner."""
    if role not in ROLES:
        raise InvalidInput("role", f"choose from {', '.join(ROLES)}")
    member = find_staff(db, clinic_id, email)
    if member.role == role:
        return member
    _keep_an_owner(db, member)
    member.role = role
    db.flush()
    support_path.hand_over(db, clinic_id, now=now)
    detail = {"role": role}
    audit.record(db, clinic_id, "staff.role_changed", member.id, actor=by, now=now, detail=detail)
    return member


def leave(db: Session, clinic_id: str, email: str, *, by: str, now: datetime) -> Staff:
    """A member works here no longer: her log-ins end and her link opens nothing. What she did keeps her name.
    InvalidInput, NotFound; Conflict where nobody would be left who is an owner."""
    member = find_staff(db, clinic_id, email)
    _keep_an_owner(db, member)
    member.left_at = now
    logins.delete_of_staff(db, member.id)
    duty.forget(db, member)
    recipients.farewell(db, member, by=by, now=now)
    support_path.hand_over(db, clinic_id, now=now)
    audit.record(db, clinic_id, "staff.left", member.id, actor=by, now=now)
    return member


def _keep_an_owner(db: Session, member: Staff) -> None:
    if {owner.id for owner in clinics.lock_owners(db, member.clinic_id)} == {member.id}:
        raise Conflict("This is the last owner of the clinic. Make somebody else an owner first.")


def create_token(db: Session, clinic_id: str, *, name: str, by: str, now: datetime) -> str:
    """A new API token of this clinic. It is shown once; only its hash is kept."""
    token = f"act_{secrets.token_urlsafe(32)}"
    row = ApiToken(clinic_id=clinic_id, name=name, token_hash=hash_token(token), created_at=now)
    db.add(row)
    db.flush()
    audit.record(db, clinic_id, "token.created", row.id, actor=by, now=now)
    return token


def revoke_token(db: Session, clinic_id: str, token_id: str, *, by: str, now: datetime) -> None:
    """The program with this token gets no further. Doing it twice changes nothing. NotFound."""
    token = clinics.token(db, clinic_id, token_id)
    if token.revoked_at is None:
        token.revoked_at = now
        audit.record(db, clinic_id, "token.revoked", token.id, actor=by, now=now)


def hash_token(token: str) -> str:
    """SHA-256, hex: the token itself is 256 random bits, so a fast hash is enough (ASVS 11.4)."""
    return hashlib.sha256(token.encode()).hexdigest()
