"""How often which reason was given."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from aftercare.models import LeavingReason, new_id


def count(db: Session, clinic_id: str, choice: str, reason: str) -> None:
    """One more person of this clinic gave this reason for this choice."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"id": new_id("lvr"), "clinic_id": clinic_id, "choice": choice, "reason": reason, "count": 1}
    statement = insert(LeavingReason).values(row)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["clinic_id", "choice", "reason"], set_={"count": LeavingReason.count + 1}
        )
    )


def of_clinic(db: Session, clinic_id: str) -> list[LeavingReason]:
    """The counts of a clinic, largest first."""
    query = select(LeavingReason).where(LeavingReason.clinic_id == clinic_id)
    return list(db.scalars(query.order_by(LeavingReason.count.desc(), LeavingReason.id)))
