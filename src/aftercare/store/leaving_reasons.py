"""How often which reason was given."""

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from aftercare.models import LeavingReason, new_id

FEWEST = 5
"""Of fewer people a small clinic could guess who they were."""


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


def totals(db: Session, clinic_id: str) -> list[tuple[str, int]]:
    """Each reason that at least `FEWEST` people of a clinic gave, whatever they chose, the most frequent
    first."""
    number = func.sum(LeavingReason.count)
    query = (
        select(LeavingReason.reason, number)
        .where(LeavingReason.clinic_id == clinic_id)
        .group_by(LeavingReason.reason)
        .having(number >= FEWEST)
        .order_by(number.desc(), LeavingReason.reason)
    )
    return [(str(row[0]), int(row[1])) for row in db.execute(query)]


def of_clinic(db: Session, clinic_id: str) -> list[LeavingReason]:
    """The counts of a clinic, largest first."""
    query = select(LeavingReason).where(LeavingReason.clinic_id == clinic_id)
    return list(db.scalars(query.order_by(LeavingReason.count.desc(), LeavingReason.id)))
