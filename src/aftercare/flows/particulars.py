"""What emails say of the clinic by themselves. Whoever needs a person tonight must not find a blank there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from aftercare.errors import ContentError, InvalidInput
from aftercare.flows import countries
from aftercare.flows.readers import read_country, read_line
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.models import Clinic
from aftercare.store import audit, clinics

IN_EVERY_EMAIL = ("name", "postal_address", "reply_reader", "hours")
"""The frame says who sends it, from where (CAN-SPAM), and who reads replies when."""
HELPING = ("support", "contact")
"""Blocks that tell whom to call: content section 6 wants a country, section 5 the hours and a person."""
_NAMES = {
    "name": "name",
    "postal_address": "postal address",
    "reply_reader": "word on who reads replies",
    "hours": "hours",
    "country": "country",
    "phone": "telephone number",
}
_LINE_LIMIT = 200


def missing(clinic: Clinic, files: SequenceFiles) -> str:
    """What this sequence shows and the clinic has not said, in one sentence with the fix; empty where all is
    there. A sequence without a block of `HELPING` needs neither country nor telephone."""
    helps = any(block.type in HELPING for email in files.emails.values() for block in email.blocks)
    fields = (*IN_EVERY_EMAIL, *(("country", "phone") if helps else ()))
    gaps = [field for field in fields if not _is_filled(clinic, field)]
    if not gaps:
        return ""
    named = " and no ".join(_NAMES[field] for field in gaps)
    options = " ".join(f"--{field.replace('_', '-')} ..." for field in gaps)
    why = "tell people how to reach you and whom to call" if helps else "say who writes"
    return f"Its emails {why}, but the clinic has no {named} yet. Fill it in: aftercare clinic set {options}"


def check(db: Session, clinic_id: str, files: SequenceFiles) -> None:
    """ContentError with the sentence of `missing`."""
    if gap := missing(clinics.get(db, clinic_id), files):
        raise ContentError(f"{files.slug} cannot go live. {gap}")


def change(db: Session, clinic_id: str, new: Mapping[str, str], *, by: str, now: datetime) -> Clinic:
    """Fill in or correct what the clinic says of itself (keys as in `_NAMES`); emails that have not gone out
    yet follow. InvalidInput."""
    checked: dict[str, Any] = {field: _checked(field, text.strip()) for field, text in new.items()}
    clinic = clinics.get(db, clinic_id)
    for field, text in checked.items():
        setattr(clinic, field, text)
    db.flush()
    detail = {"fields": sorted(checked)}
    audit.record(db, clinic_id, "clinic.corrected", clinic_id, actor=by, now=now, detail=detail)
    return clinic


def _is_filled(clinic: Clinic, field: str) -> bool:
    text = str(getattr(clinic, field) or "").strip()
    return text in countries.names() if field == "country" else bool(text)


def _checked(field: str, text: str) -> str:
    if field not in _NAMES:
        raise InvalidInput(field, f"choose from {', '.join(_NAMES)}")
    if not text:
        raise InvalidInput(field, "fill it in: emails show it")
    if field == "country":
        return read_country(text) or ""
    for line in text.split("\n") if field == "postal_address" else [text]:
        read_line(field, line, _LINE_LIMIT)
    return text
