"""Who did something, as staff call her."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.store import clinics

NAMES = {
    "cli": "the command line",
    "client": "the client",
    "demo": "the demonstration",
    "engine": "Aftercare",
    "sandbox": "the sandbox",
    "token": "a connected program",
}
"""What acts are signed with, where it is nobody of the staff."""


def names(db: Session, clinic_id: str, actors: Iterable[str | None]) -> dict[str | None, str]:
    """A name for each actor as the audit trail writes them, such as `staff:sta_...`."""
    return {actor: _name(db, clinic_id, actor) for actor in set(actors)}


def _name(db: Session, clinic_id: str, actor: str | None) -> str:
    kind, _, rest = (actor or "").partition(":")
    if kind != "staff":
        return NAMES.get(kind, "somebody")
    try:
        return clinics.staff_member(db, clinic_id, rest).first_name or "a colleague"
    except NotFound:
        return "a colleague"
