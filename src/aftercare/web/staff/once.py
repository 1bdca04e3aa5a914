"""A form that makes something, pressed twice, or sent again by going back: it made one thing."""

import secrets
from collections.abc import Callable

from sqlalchemy.orm import Session

from aftercare.errors import Conflict
from aftercare.store import idempotency
from aftercare.web.staff.deps import Member


def new_form_id() -> str:
    """What tells this form from every other one."""
    return secrets.token_urlsafe(16)


def made_once(db: Session, member: Member, form_id: str, make: Callable[[], str]) -> str:
    """What `make` makes for this form, or made for it before: its id. Conflict where that is unknown."""
    if not form_id:
        return make()
    key, clock = f"form:{form_id}", member.app.clock
    if idempotency.take(db, member.clinic_id, key, "form", unshifted=clock.unshifted()):
        made = make()
        idempotency.point_to(db, member.clinic_id, key, made)
        return made
    before = idempotency.get(db, member.clinic_id, key)
    if before is None or before.location is None:
        raise Conflict("This was sent already; it was not done twice.")
    return before.location
