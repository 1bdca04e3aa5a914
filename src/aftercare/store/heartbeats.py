"""Signs of life, read."""

from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.models import Heartbeat


def last_beat(db: Session, name: str) -> datetime | None:
    """When this part of the engine last did its work (unshifted UTC); None where it never did."""
    row = db.get(Heartbeat, name)
    return None if row is None else row.beat_at
