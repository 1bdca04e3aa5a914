"""Sequences, their versions and steps."""

from collections.abc import Collection
from collections.abc import Sequence as Seq
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.models import (
    Client,
    Clinic,
    CompiledEmail,
    EmailVersion,
    Enrolment,
    Message,
    Sequence,
    SequenceVersion,
    StepRow,
)


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


def slug_of(db: Session, sequence_id: str) -> str:
    """The slug of a sequence."""
    return db.scalars(select(Sequence.slug).where(Sequence.id == sequence_id)).one()


def lock(db: Session, sequence_id: str) -> None:
    """Wait for enrolments in this sequence that are under way, and let none begin until the transaction
    ends (their foreign key needs the row). Lock the clients in it first."""
    db.execute(select(Sequence.id).where(Sequence.id == sequence_id).with_for_update())


def published(db: Session, clinic_id: str) -> Seq[Published]:
    """All series of a clinic that have a published version; issues of newsletters are none."""
    return _series(db, clinic_id, "published")


def drafts(db: Session, clinic_id: str) -> list[Published]:
    """All series of a clinic that have a draft, with it."""
    return _series(db, clinic_id, "draft")


def _series(db: Session, clinic_id: str, state: str) -> list[Published]:
    query = (
        select(Sequence, SequenceVersion)
        .join(SequenceVersion, SequenceVersion.sequence_id == Sequence.id)
        .where(Sequence.clinic_id == clinic_id, Sequence.kind == "series", SequenceVersion.state == state)
        .order_by(Sequence.slug)
    )
    return [Published(sequence, version) for sequence, version in db.execute(query)]


class Standing(NamedTuple):
    """A sequence, the number of its live version, whether it has a draft, and how many people are in it."""

    sequence: Sequence
    live: int | None
    draft: bool
    people: int


def all_of(db: Session, clinic_id: str) -> list[Standing]:
    """All series of a clinic by slug, also those never published; issues of newsletters are none."""
    version = SequenceVersion.sequence_id == Sequence.id
    live = select(SequenceVersion.number).where(version, SequenceVersion.state == "published")
    draft = select(SequenceVersion.id).where(version, SequenceVersion.state == "draft")
    people = select(func.count(Enrolment.client_id.distinct())).where(
        Enrolment.sequence_id == Sequence.id, Enrolment.ended_at.is_(None)
    )
    query = select(
        Sequence, live.scalar_subquery(), draft.exists().label("draft"), people.scalar_subquery()
    ).where(Sequence.clinic_id == clinic_id, Sequence.kind == "series")
    return [Standing(*row) for row in db.execute(query.order_by(Sequence.slug))]


def in_state(db: Session, sequence_id: str, state: str) -> SequenceVersion | None:
    """The draft or the published version, if any; there is at most one of each."""
    return db.scalar(
        select(SequenceVersion)
        .where(SequenceVersion.sequence_id == sequence_id, SequenceVersion.state == state)
        .execution_options(populate_existing=True)
    )


def numbered(db: Session, sequence_id: str, number: int) -> SequenceVersion | None:
    """The version with that number, if any."""
    return db.scalar(
        select(SequenceVersion).where(
            SequenceVersion.sequence_id == sequence_id, SequenceVersion.number == number
        )
    )


def versions(db: Session, sequence_id: str) -> list[SequenceVersion]:
    """All versions that were published at some time, newest first."""
    query = select(SequenceVersion).where(
        SequenceVersion.sequence_id == sequence_id, SequenceVersion.state != "draft"
    )
    return list(db.scalars(query.order_by(SequenceVersion.number.desc())))


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


def emails_to_share(db: Session, sequence_id: str) -> list[EmailVersion]:
    """The emails of the draft and of the published version."""
    query = (
        select(EmailVersion)
        .join(StepRow, StepRow.email_version_id == EmailVersion.id)
        .join(SequenceVersion, SequenceVersion.id == StepRow.version_id)
        .where(SequenceVersion.sequence_id == sequence_id, SequenceVersion.state.in_(("draft", "published")))
        .order_by(EmailVersion.created_at, EmailVersion.id)
    )
    return list(db.scalars(query).unique())


def add_step(db: Session, version: SequenceVersion, key: str, position: int, email: EmailVersion) -> None:
    """Add a step with its email, which may be a stored one."""
    db.add(email)
    db.flush()
    db.add(
        StepRow(
            clinic_id=version.clinic_id,
            version_id=version.id,
            key=key,
            position=position,
            email_version_id=email.id,
        )
    )
    db.flush()


def drop_steps(db: Session, version_id: str) -> None:
    """Take the steps of a draft away; their emails stay until `drop_unused_emails`."""
    db.execute(delete(StepRow).where(StepRow.version_id == version_id))


def drop_draft(db: Session, version_id: str) -> None:
    """Delete a draft: no run can be on it."""
    drop_steps(db, version_id)
    db.execute(
        delete(SequenceVersion).where(SequenceVersion.id == version_id, SequenceVersion.state == "draft")
    )


def drop_without_versions(db: Session, sequence_id: str) -> None:
    """Delete a sequence that has no version at all."""
    version = select(SequenceVersion.id).where(SequenceVersion.sequence_id == Sequence.id)
    db.execute(
        delete(Sequence)
        .where(Sequence.id == sequence_id, ~version.exists())
        .execution_options(synchronize_session=False)
    )


def drop_unused_emails(db: Session, email_ids: Collection[str]) -> None:
    """Delete those of these emails that no step, message or compiled email needs: a draft that saves itself
    leaves many behind."""
    used = [
        select(table.email_version_id).where(table.email_version_id == EmailVersion.id).exists()
        for table in (StepRow, Message, CompiledEmail)
    ]
    db.execute(
        delete(EmailVersion)
        .where(EmailVersion.id.in_(email_ids), *(~exists for exists in used))
        .execution_options(synchronize_session=False)
    )


def readings(db: Session, clinic_id: str) -> list[tuple[str, str]]:
    """Language and country of everybody whom this clinic's emails may go to, and the clinic's own."""
    home = select(Clinic.language, Clinic.country).where(Clinic.id == clinic_id)
    country = func.coalesce(Client.country, Clinic.country)
    theirs = (
        select(Client.language, country)
        .join(Clinic, Clinic.id == Client.clinic_id)
        .where(Client.clinic_id == clinic_id)
    )
    return sorted((row[0], row[1]) for row in db.execute(home.union(theirs)))


def retire_published(db: Session, sequence_id: str) -> None:
    """The published version steps back; runs on it go on."""
    db.execute(
        update(SequenceVersion)
        .where(SequenceVersion.sequence_id == sequence_id, SequenceVersion.state == "published")
        .values(state="retired")
        .execution_options(synchronize_session=False)
    )
