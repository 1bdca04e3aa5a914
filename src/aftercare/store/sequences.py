"""Sequences, their versions and steps."""

from collections.abc import Sequence as Seq
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.models import EmailVersion, Sequence, SequenceVersion, StepRow


class Published(NamedTuple):
    """A sequence with its published version."""

    sequence: Sequence
    version: SequenceVersion


def by_slug(db: Session, clinic_id: str, slug: str) -> Sequence | None:
    """The clinic's sequence of that slug, if any."""
    return db.scalar(select(Sequence).where(Sequence.clinic_id == clinic_id, Sequence.slug == slug))


def require(db: Session, clinic_id: str, slug: str) -> Sequence:
    """As `by_slug`; NotFound."""
    found = by_slug(db, clinic_id, slug)
    if found is None:
        raise NotFound(f"There is no sequence '{slug}'.")
    return found


def lock(db: Session, sequence_id: str) -> None:
    """Wait for enrolments in this sequence that are under way, and let none begin until the transaction
    ends (their foreign key needs the row). Lock the clients in it first."""
    db.execute(select(Sequence.id).where(Sequence.id == sequence_id).with_for_update())


def published(db: Session, clinic_id: str) -> Seq[Published]:
    """All sequences of a clinic that have a published version."""
    query = (
        select(Sequence, SequenceVersion)
        .join(SequenceVersion, SequenceVersion.sequence_id == Sequence.id)
        .where(Sequence.clinic_id == clinic_id, SequenceVersion.state == "published")
        .order_by(Sequence.slug)
    )
    return [Published(sequence, version) for sequence, version in db.execute(query)]


def next_number(db: Session, sequence_id: str) -> int:
    """The number of the version to come."""
    query = select(func.max(SequenceVersion.number)).where(SequenceVersion.sequence_id == sequence_id)
    return (db.scalar(query) or 0) + 1


def emails_of(db: Session, version_id: str) -> dict[str, EmailVersion]:
    """The email of each step of a version, by step key."""
    query = (
        select(StepRow.key, EmailVersion)
        .join(EmailVersion, EmailVersion.id == StepRow.email_version_id)
        .where(StepRow.version_id == version_id)
    )
    return dict(db.execute(query).all())


def retire_published(db: Session, sequence_id: str) -> None:
    """The published version steps back; runs on it go on."""
    db.execute(
        update(SequenceVersion)
        .where(SequenceVersion.sequence_id == sequence_id, SequenceVersion.state == "published")
        .values(state="retired")
        .execution_options(synchronize_session=False)
    )
