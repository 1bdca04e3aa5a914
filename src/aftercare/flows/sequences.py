"""Publishing sequences from files, and pausing them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from aftercare import yamlfile
from aftercare.domain.steps import SequenceSpec
from aftercare.errors import ContentError
from aftercare.flows import consent, replan
from aftercare.mail.document import EmailDocument, parse_email
from aftercare.models import EmailVersion, Sequence, SequenceVersion, StepRow
from aftercare.store import audit, clients, enrolments, sequences


@dataclass(frozen=True)
class SequenceFiles:
    """A folder `<slug>/` with `sequence.yaml` and one `<step key>.yaml` per email, read and checked."""

    slug: str
    raw: Mapping[str, Any]
    spec: SequenceSpec
    emails: Mapping[str, EmailDocument]


def read_folder(folder: Path) -> SequenceFiles:
    """Read and check a sequence's files. ContentError names file, place and fix."""
    raw = yamlfile.load(folder / "sequence.yaml")
    spec = SequenceSpec.parse(raw, where=f"{folder.name}/sequence.yaml")
    emails = {}
    for step in spec.steps:
        path = folder / f"{step.key}.yaml"
        if not path.is_file():
            raise ContentError(f"{folder.name}: step '{step.key}' has no file {path.name}. Add it.")
        emails[step.key] = parse_email(yamlfile.load(path), f"{folder.name}/{path.name}")
    return SequenceFiles(folder.name, raw, spec, emails)


def publish(
    db: Session, clinic_id: str, files: SequenceFiles, *, language: str = "en", by: str, now: datetime
) -> SequenceVersion:
    """Publish these files as the sequence's next version. People in flight stay on theirs. ContentError where
    the emails could not be made or left: a name or the topic is missing or unknown."""
    _check_head(files)
    sequence = sequences.by_slug(db, clinic_id, files.slug) or Sequence(clinic_id=clinic_id, slug=files.slug)
    sequence.name, sequence.public_name = files.spec.name, files.spec.public_name
    sequence.topic = files.spec.topic
    db.add(sequence)
    db.flush()
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
    db.add(version)
    db.flush()
    _add_steps(db, version, files, language, now)
    audit.record(db, clinic_id, "sequence.published", sequence.id, actor=by, now=now)
    return version


def _check_head(files: SequenceFiles) -> None:
    for key in files.spec.missing():
        raise ContentError(f"{files.slug}/sequence.yaml: has no {key!r}. Add it.")
    if files.spec.topic not in consent.TOPICS:
        raise ContentError(
            f"{files.slug}/sequence.yaml: unknown topic. Choose from {', '.join(consent.TOPICS)}."
        )


def _add_steps(
    db: Session, version: SequenceVersion, files: SequenceFiles, language: str, now: datetime
) -> None:
    for position, step in enumerate(files.spec.steps):
        email = EmailVersion(
            clinic_id=version.clinic_id,
            language=language,
            document=files.emails[step.key].to_json(),
            created_at=now,
        )
        db.add(email)
        db.flush()
        db.add(
            StepRow(
                clinic_id=version.clinic_id,
                version_id=version.id,
                key=step.key,
                position=position,
                email_version_id=email.id,
            )
        )
    db.flush()


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
    clients.lock_all(db, enrolments.people_in(db, sequence.id))
    sequences.lock(db, sequence.id)
    sequence.paused_at, sequence.paused_by = at, by if at else None
    db.flush()
    people = enrolments.people_in(db, sequence.id)
    for client_id in people:
        replan.replan_client(db, client_id, now=now, by=by)
    action = "sequence.paused" if at else "sequence.resumed"
    audit.record(db, clinic_id, action, sequence.id, actor=by, now=now)
    return len(people)


def publish_defaults(db: Session, clinic_id: str, root: Path, *, by: str, now: datetime) -> list[str]:
    """Publish every sequence folder under `root`; their slugs."""
    folders = sorted(path.parent for path in root.glob("*/sequence.yaml"))
    for folder in folders:
        publish(db, clinic_id, read_folder(folder), by=by, now=now)
    return [folder.name for folder in folders]
