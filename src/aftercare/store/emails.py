"""Email documents and what they compile to."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from aftercare.models import CompiledEmail, EmailVersion, Message, SequenceVersion, StepRow


def get(db: Session, email_version_id: str) -> EmailVersion:
    """The document of a message; it exists as long as messages point at it."""
    return db.get_one(EmailVersion, email_version_id)


def number_of_text() -> ColumnElement[int]:
    """The number of the sequence's version that a message's words are from, for queries over `Message` and
    its run's `SequenceVersion`: that one, or the last before it with these words where the run was moved to
    a newer version since."""
    before = aliased(SequenceVersion)
    last_with_them = (
        select(func.max(before.number))
        .join(StepRow, StepRow.version_id == before.id)
        .where(
            before.sequence_id == Message.sequence_id,
            before.number <= SequenceVersion.number,
            StepRow.email_version_id == Message.email_version_id,
        )
        .correlate(Message, SequenceVersion)
        .scalar_subquery()
    )
    return func.coalesce(last_with_them, SequenceVersion.number)


def compiled(db: Session, clinic_id: str, inputs_hash: str) -> str | None:
    """The id of what these inputs compiled to before, if they did; asked once per transaction, because a
    batch is mostly the same few emails."""
    known: dict[tuple[str, str], str] = db.info.setdefault("compiled", {})
    key = (clinic_id, inputs_hash)
    if key not in known:
        query = select(CompiledEmail.id).where(
            CompiledEmail.clinic_id == clinic_id, CompiledEmail.inputs_hash == inputs_hash
        )
        found = db.scalar(query)
        if found is None:
            return None
        known[key] = found
    return known[key]


def compiled_by_id(db: Session, compiled_id: str) -> CompiledEmail:
    """The frozen skeleton of a message."""
    return db.get_one(CompiledEmail, compiled_id)


def keep(db: Session, row: CompiledEmail) -> str:
    """Keep a compiled email; where another worker was quicker, theirs (the content is the same). Its id."""
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError:
        found = compiled(db, row.clinic_id, row.inputs_hash)
        if found is None:
            raise
        return found
    return row.id
