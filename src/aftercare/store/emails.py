"""Email documents and what they compile to."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from aftercare.models import CompiledEmail, EmailVersion


def get(db: Session, email_version_id: str) -> EmailVersion:
    """The document of a message; it exists as long as messages point at it."""
    return db.get_one(EmailVersion, email_version_id)


def compiled(db: Session, clinic_id: str, inputs_hash: str) -> CompiledEmail | None:
    """What these inputs compiled to before, if they did."""
    return db.scalar(
        select(CompiledEmail).where(
            CompiledEmail.clinic_id == clinic_id, CompiledEmail.inputs_hash == inputs_hash
        )
    )


def compiled_by_id(db: Session, compiled_id: str) -> CompiledEmail:
    """The frozen skeleton of a message."""
    return db.get_one(CompiledEmail, compiled_id)


def keep(db: Session, row: CompiledEmail) -> CompiledEmail:
    """Keep a compiled email; where another worker was quicker, theirs (the content is the same)."""
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError:
        found = compiled(db, row.clinic_id, row.inputs_hash)
        if found is None:
            raise
        return found
    return row
