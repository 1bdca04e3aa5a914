"""Versions of a sequence: what is live, the one draft beside it, and older ones to go back to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from aftercare.errors import Conflict, NotFound
from aftercare.flows.saving import refuse_markup
from aftercare.flows.sequence_files import SequenceFiles, checked
from aftercare.flows.sequences import find_or_add, write_version
from aftercare.mail.document import EmailDocument
from aftercare.models import Sequence, SequenceVersion
from aftercare.store import audit, sequences

CHANGED_MEANWHILE = (
    "Somebody else changed this draft meanwhile. Load it again to see the change, then make yours once more."
)
DRAFT_NUMBER = 0


@dataclass(frozen=True)
class Version:
    """One version with what it says. A draft has the number 0: it gets its own when it is published.
    Instants are UTC."""

    id: str
    sequence_id: str
    number: int
    state: str
    revision: int
    changed_at: datetime | None
    changed_by: str | None
    published_at: datetime | None
    published_by: str | None
    files: SequenceFiles


@dataclass(frozen=True)
class Line:
    """A version in the list of versions. Instants are UTC."""

    number: int
    state: str
    published_at: datetime | None
    published_by: str | None


@dataclass(frozen=True)
class Overview:
    """A sequence in the list of sequences; `live` is the number of its published version."""

    slug: str
    name: str
    live: int | None
    draft: bool
    people: int
    paused_at: datetime | None


def overview(db: Session, clinic_id: str) -> list[Overview]:
    """All sequences of a clinic, also those that were never published."""
    return [
        Overview(
            row.sequence.slug, row.sequence.name, row.live, row.draft, row.people, row.sequence.paused_at
        )
        for row in sequences.all_of(db, clinic_id)
    ]


def versions(db: Session, clinic_id: str, slug: str) -> list[Line]:
    """What was ever live, newest first. NotFound."""
    sequence = sequences.require(db, clinic_id, slug)
    return [
        Line(row.number, row.state, row.published_at, row.published_by)
        for row in sequences.versions(db, sequence.id)
    ]


def live(db: Session, clinic_id: str, slug: str) -> Version | None:
    """The published version, if any. NotFound where there is no such sequence."""
    return _in_state(db, sequences.require(db, clinic_id, slug), "published")


def draft(db: Session, clinic_id: str, slug: str) -> Version | None:
    """The draft, if any. NotFound where there is no such sequence."""
    return _in_state(db, sequences.require(db, clinic_id, slug), "draft")


def numbered(db: Session, clinic_id: str, slug: str, number: int) -> Version:
    """The version with that number. NotFound."""
    sequence = sequences.require(db, clinic_id, slug)
    found = None if number == DRAFT_NUMBER else sequences.numbered(db, sequence.id, number)
    if found is None:
        raise NotFound(f"The sequence '{slug}' has no version {number}.")
    return _loaded(db, sequence, found)


def open_draft(db: Session, clinic_id: str, slug: str, *, by: str, now: datetime) -> Version:
    """The draft; where there is none, a new one that says what is live. NotFound."""
    sequence = _locked(db, clinic_id, slug)
    found = _in_state(db, sequence, "draft")
    if found is not None:
        return found
    published = _in_state(db, sequence, "published")
    if published is None:
        raise NotFound(f"The sequence '{slug}' has neither a draft nor a live version.")
    return _save(db, sequence, published.files, action="sequence.draft_opened", by=by, now=now)


def save_draft(
    db: Session, clinic_id: str, files: SequenceFiles, *, revision: int | None, by: str, now: datetime
) -> Version:
    """Make these files the draft, in place of its `revision` (None: there was no draft). A sequence that
    does not exist yet is added. What says the same as before is not saved again. Conflict where the draft is
    no longer, or already, at another revision; ContentError for tags among the words."""
    refuse_markup(files)
    sequence = find_or_add(db, clinic_id, files)
    _check_revision(db, sequence, revision)
    found = _in_state(db, sequence, "draft")
    if found is not None and _content(found.files) == _content(files):
        return found
    return _save(db, sequence, files, action="sequence.draft_saved", by=by, now=now)


def restore(
    db: Session,
    clinic_id: str,
    slug: str,
    number: int,
    *,
    revision: int | None = None,
    by: str,
    now: datetime,
) -> Version:
    """A draft that says what version `number` said; publishing it brings that back. NotFound; Conflict where
    there is a draft whose `revision` was not given: its changes would be lost."""
    sequence = _locked(db, clinic_id, slug)
    old = numbered(db, clinic_id, slug, number)
    if revision is None and sequences.in_state(db, sequence.id, "draft") is not None:
        raise Conflict("There is a draft with changes of its own. Publish or discard it first.")
    _check_revision(db, sequence, revision)
    return _save(db, sequence, old.files, action="sequence.draft_restored", by=by, now=now, version=number)


def discard_draft(
    db: Session, clinic_id: str, slug: str, *, revision: int | None = None, by: str, now: datetime
) -> None:
    """Throw the draft away (whatever its revision, where none is given); what is live stays. A
    sequence that was never published is gone with it. NotFound, Conflict."""
    sequence = _locked(db, clinic_id, slug)
    if sequences.in_state(db, sequence.id, "draft") is None:
        raise NotFound(f"The sequence '{slug}' has no draft.")
    if revision is not None:
        _check_revision(db, sequence, revision)
    drop(db, sequence)
    audit.record(db, clinic_id, "sequence.draft_discarded", sequence.id, actor=by, now=now)
    sequences.drop_without_versions(db, sequence.id)


def drop(db: Session, sequence: Sequence) -> None:
    """Delete the draft, if any, and the emails that only it had."""
    row = sequences.in_state(db, sequence.id, "draft")
    if row is not None:
        had = [email.id for email in sequences.emails_of(db, row.id).values()]
        sequences.drop_draft(db, row.id)
        sequences.drop_unused_emails(db, had)


def _save(
    db: Session,
    sequence: Sequence,
    files: SequenceFiles,
    *,
    action: str,
    by: str,
    now: datetime,
    **detail: int,
) -> Version:
    row = sequences.in_state(db, sequence.id, "draft") or SequenceVersion(
        clinic_id=sequence.clinic_id,
        sequence_id=sequence.id,
        number=DRAFT_NUMBER,
        state="draft",
        revision=0,
    )
    known = sequences.emails_to_share(db, sequence.id)
    had = [email.id for email in sequences.emails_of(db, row.id).values()] if row.id else []
    sequences.drop_steps(db, row.id)
    row.spec, row.revision = dict(files.raw), row.revision + 1
    row.changed_by, row.changed_at = by, now
    write_version(db, row, files, known, now=now)
    sequences.drop_unused_emails(db, had)
    noted = {"revision": row.revision, **detail}
    audit.record(db, sequence.clinic_id, action, sequence.id, actor=by, now=now, detail=noted)
    return _loaded(db, sequence, row)


def _check_revision(db: Session, sequence: Sequence, revision: int | None) -> None:
    """The row lock makes two editors take turns; the second one's revision is then old."""
    sequences.lock(db, sequence.id)
    row = sequences.in_state(db, sequence.id, "draft")
    if (row.revision if row else None) != revision:
        raise Conflict(CHANGED_MEANWHILE)


def refuse_issue(sequence: Sequence) -> None:
    """Conflict for an issue of a newsletter: it is scheduled once, on a page of its own (ADR 19)."""
    if sequence.kind == "issue":
        raise Conflict("This is an issue of a newsletter. It is changed and scheduled on its own page.")


def _locked(db: Session, clinic_id: str, slug: str) -> Sequence:
    sequence = sequences.require(db, clinic_id, slug)
    refuse_issue(sequence)
    sequences.lock(db, sequence.id)
    return sequence


def _in_state(db: Session, sequence: Sequence, state: str) -> Version | None:
    row = sequences.in_state(db, sequence.id, state)
    return None if row is None else _loaded(db, sequence, row)


def _loaded(db: Session, sequence: Sequence, row: SequenceVersion) -> Version:
    stored = sequences.emails_of(db, row.id)
    emails = {key: EmailDocument.from_json(email.document) for key, email in stored.items()}
    return Version(
        id=row.id,
        sequence_id=sequence.id,
        number=row.number,
        state=row.state,
        revision=row.revision,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        published_at=row.published_at,
        published_by=row.published_by,
        files=checked(sequence.slug, row.spec, emails),
    )


def _content(files: SequenceFiles) -> tuple[Mapping[str, Any], Mapping[str, EmailDocument]]:
    return files.raw, files.emails
