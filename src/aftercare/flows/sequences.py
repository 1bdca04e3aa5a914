"""Publishing sequences from files, and pausing them."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.errors import Conflict
from aftercare.flows import particulars, replan
from aftercare.flows.heads import check_head, check_questions
from aftercare.flows.sequence_files import SequenceFiles, read_folder
from aftercare.models import EmailVersion, Sequence, SequenceVersion
from aftercare.store import audit, clients, enrolments, sequences

__all__ = ["SequenceFiles", "check_head", "publish", "read_folder", "resume"]

LANGUAGE = "en"
TRIES = 5
"""How often the people of a sequence are locked anew because somebody has joined it meanwhile."""


def publish(
    db: Session, clinic_id: str, files: SequenceFiles, *, language: str = LANGUAGE, by: str, now: datetime
) -> SequenceVersion:
    """Publish these files as the sequence's next version. People in flight stay on theirs. ContentError where
    the emails could not be made or left: a name or the topic is missing or unknown, or the clinic has not
    said yet how it is reached."""
    check_head(files)
    check_questions(db, clinic_id, files)
    particulars.check(db, clinic_id, files)
    sequence = find_or_add(db, clinic_id, files)
    sequence.name, sequence.public_name = files.spec.name, files.spec.public_name
    sequence.topic = files.spec.topic
    known = sequences.emails_to_share(db, sequence.id)
    sequences.retire_published(db, sequence.id)
    version = SequenceVersion(
        clinic_id=clinic_id,
        sequence_id=sequence.id,
        number=sequences.next_number(db, sequence.id),
        state="published",
        spec=dict(files.raw),
        published_at=now,
        published_by=by,
    )
    write_version(db, version, files, known, language=language, now=now)
    detail = {"version": version.number}
    audit.record(db, clinic_id, "sequence.published", sequence.id, actor=by, now=now, detail=detail)
    return version


def find_or_add(db: Session, clinic_id: str, files: SequenceFiles) -> Sequence:
    """The clinic's sequence of that slug, else a new one. What is live is named only by publishing."""
    found = sequences.by_slug(db, clinic_id, files.slug)
    if found is not None:
        return found
    spec = files.spec
    sequence = Sequence(
        clinic_id=clinic_id,
        slug=files.slug,
        name=spec.name or files.slug,
        public_name=spec.public_name,
        topic=spec.topic,
    )
    db.add(sequence)
    db.flush()
    return sequence


def write_version(
    db: Session,
    version: SequenceVersion,
    files: SequenceFiles,
    known: list[EmailVersion],
    *,
    language: str = LANGUAGE,
    now: datetime,
) -> None:
    """Store a version with its steps. Emails never change: one that says the same as one of `known` is
    shared, any other gets a row of its own."""
    db.add(version)
    db.flush()
    for position, step in enumerate(files.spec.steps):
        document = files.emails[step.key].to_json()
        shared = (one for one in known if one.language == language and one.document == document)
        email = next(shared, None) or EmailVersion(
            clinic_id=version.clinic_id, language=language, document=document, created_at=now
        )
        sequences.add_step(db, version, step.key, position, email)


def pause(db: Session, clinic_id: str, slug: str, *, by: str, now: datetime) -> int:
    """Let a sequence stand still; returns how many people are part-way in it."""
    return _set_paused(db, clinic_id, slug, at=now, by=by, now=now)


def resume(db: Session, clinic_id: str, slug: str, *, by: str, now: datetime) -> int:
    """Let a paused sequence go on. What is too late by now is skipped, never sent in a burst (R7)."""
    return _set_paused(db, clinic_id, slug, at=None, by=by, now=now)


def _set_paused(
    db: Session, clinic_id: str, slug: str, *, at: datetime | None, by: str, now: datetime
) -> int:
    sequence = sequences.require(db, clinic_id, slug)
    if sequence.kind != "series":
        raise Conflict("This is an issue of a newsletter. Pause it on its own page.")
    people = lock_with_people(db, sequence.id)
    sequence.paused_at, sequence.paused_by = at, by if at else None
    db.flush()
    for client_id in people:
        replan.replan_client(db, client_id, now=now, by=by)
    action = "sequence.paused" if at else "sequence.resumed"
    audit.record(db, clinic_id, action, sequence.id, actor=by, now=now)
    return len(people)


class _SomebodyJoined(Exception):
    """A person is in the sequence who is not locked."""


def lock_with_people(db: Session, sequence_id: str) -> list[str]:
    """Lock everybody who is part-way in a sequence, and then the sequence, so that nobody joins or leaves it
    until the transaction ends; their ids.

    Who joins while this waits cannot be locked behind the others, or two transactions could wait in a ring:
    a savepoint lets all of them go, and they are locked anew. Conflict where that never ends."""
    for _ in range(TRIES):
        with suppress(_SomebodyJoined), db.begin_nested():
            return _lock_in_order(db, sequence_id)
    raise Conflict("Somebody was just enrolled in this sequence. Try again.")


def _lock_in_order(db: Session, sequence_id: str) -> list[str]:
    people = enrolments.people_in(db, sequence_id)
    clients.lock_all(db, people)
    sequences.lock(db, sequence_id)
    still = enrolments.people_in(db, sequence_id)
    if set(still) <= set(people):
        return still
    raise _SomebodyJoined
