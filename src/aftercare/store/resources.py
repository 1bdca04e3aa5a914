"""The resource library of a clinic, and which emails link to it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from aftercare.errors import Conflict, NotFound
from aftercare.models import EmailVersion, Message, Resource, Sequence, SequenceVersion, StepRow
from aftercare.store.sequence_counts import TO_COME

_NEEDED = ("draft", "published")
_GONE = "There is no such entry in the resource library."


class Email(NamedTuple):
    """An email that is a draft, is live, or still goes out to somebody, by the name of its sequence."""

    sequence: str
    step: str
    document: Mapping[str, Any]


def all_of(db: Session, clinic_id: str) -> list[Resource]:
    """The whole library of a clinic, by title."""
    query = select(Resource).where(Resource.clinic_id == clinic_id)
    return list(db.scalars(query.order_by(Resource.title, Resource.slug)))


def get(db: Session, clinic_id: str, resource_id: str) -> Resource:
    """An entry of this clinic; NotFound."""
    query = select(Resource).where(Resource.clinic_id == clinic_id, Resource.id == resource_id)
    found = db.scalar(query)
    if found is None:
        raise NotFound(_GONE)
    return found


def by_slug(db: Session, clinic_id: str, slug: str) -> Resource:
    """As `get`, by the name that blocks use."""
    found = db.scalar(select(Resource).where(Resource.clinic_id == clinic_id, Resource.slug == slug))
    if found is None:
        raise NotFound(f"There is no entry '{slug}' in the resource library.")
    return found


def add(db: Session, row: Resource) -> Resource:
    """A new entry. Conflict where somebody was quicker with this slug."""
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError:
        raise Conflict(f"The resource library has an entry '{row.slug}' already.") from None
    return row


def remove(db: Session, row: Resource) -> None:
    """Delete an entry."""
    db.delete(row)
    db.flush()


def emails_in_use(db: Session, clinic_id: str) -> list[Email]:
    """Every email of a draft or live version, and of older ones as long as it waits to go out to somebody."""
    waits = select(Message.id).where(
        Message.email_version_id == EmailVersion.id, Message.state.in_((*TO_COME, "unknown"))
    )
    query = (
        select(Sequence.name, StepRow.key, EmailVersion.id, EmailVersion.document)
        .join(SequenceVersion, SequenceVersion.sequence_id == Sequence.id)
        .join(StepRow, StepRow.version_id == SequenceVersion.id)
        .join(EmailVersion, EmailVersion.id == StepRow.email_version_id)
        .where(Sequence.clinic_id == clinic_id, or_(SequenceVersion.state.in_(_NEEDED), waits.exists()))
        .order_by(Sequence.name, StepRow.position)
    )
    found = {row.id: Email(row.name, row.key, row.document) for row in db.execute(query)}
    return list(found.values())
