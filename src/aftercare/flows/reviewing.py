"""What an editor looks at before a draft goes live, and the list of what was live before. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.flows import actors, differences, drafts, publishing, upkeep
from aftercare.flows.differences import Difference
from aftercare.flows.drafts import Line, Version
from aftercare.flows.publishing import DatedStep, Example, Problem
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.flows.tools import Tools
from aftercare.mail.document import EmailDocument
from aftercare.models import Sequence
from aftercare.store import clinics, sequences

LONG_SUBJECT, SHORT_PREHEADER, LONG_PREHEADER = 50, 35, 90
MOST_VERSIONS = 20


@dataclass(frozen=True)
class Review:
    """A draft against what is live. `problems` keep it from going live, `remarks` do not; `examples` are
    people in flight with both choices, `next_client` what the next one gets."""

    sequence: Sequence
    timezone: str
    draft: Version
    live: Version | None
    changes: tuple[Difference, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]
    people: int
    examples: tuple[Example, ...]
    next_client: tuple[DatedStep, ...]


@dataclass(frozen=True)
class Past:
    """A version that was live, who made it so, and what it changed against the one before."""

    line: Line
    who: str
    changes: tuple[Difference, ...]
    is_first: bool


@dataclass(frozen=True)
class History:
    """All versions of a sequence, newest first, and the draft beside them."""

    sequence: Sequence
    timezone: str
    draft: Version | None
    versions: tuple[Past, ...]


def read_review(db: Session, tools: Tools, clinic_id: str, slug: str, *, now: datetime) -> Review:
    """Everything about publishing the draft. NotFound where there is none."""
    draft, live = drafts.draft(db, clinic_id, slug), drafts.live(db, clinic_id, slug)
    if draft is None:
        raise NotFound(f"The sequence '{slug}' has no draft.")
    return Review(
        sequence=sequences.require(db, clinic_id, slug),
        timezone=clinics.get(db, clinic_id).timezone,
        draft=draft,
        live=live,
        changes=tuple(differences.between(live.files if live else None, draft.files)),
        problems=tuple(publishing.check_emails(db, tools, clinic_id, draft.files)),
        remarks=(*_remarks(draft.files), *upkeep.help_lines(db, tools, clinic_id, now=now)),
        people=publishing.people_in_flight(db, clinic_id, slug),
        examples=tuple(publishing.examples(db, clinic_id, slug, now=now)),
        next_client=publishing.next_client_example(db, clinic_id, slug, now=now),
    )


def read_history(db: Session, clinic_id: str, slug: str) -> History:
    """The newest `MOST_VERSIONS` versions. NotFound."""
    lines = drafts.versions(db, clinic_id, slug)[: MOST_VERSIONS + 1]
    files = {line.number: drafts.numbered(db, clinic_id, slug, line.number).files for line in lines}
    who = actors.names(db, clinic_id, [line.published_by for line in lines])
    before: Mapping[int, SequenceFiles] = {new.number: files[old.number] for new, old in pairwise(lines)}
    return History(
        sequence=sequences.require(db, clinic_id, slug),
        timezone=clinics.get(db, clinic_id).timezone,
        draft=drafts.draft(db, clinic_id, slug),
        versions=tuple(
            Past(
                line=line,
                who=who[line.published_by],
                changes=tuple(differences.between(before[line.number], files[line.number]))
                if line.number in before
                else (),
                is_first=line.number not in before,
            )
            for line in lines[:MOST_VERSIONS]
        ),
    )


def _remarks(files: SequenceFiles) -> list[str]:
    """Lengths that lists of mail cut (email-craft: subject to 50, preheader 35 to 90 characters)."""
    return [
        remark
        for number, step in enumerate(files.spec.steps, start=1)
        for remark in _on_lines(number, files.emails[step.key])
    ]


def _on_lines(number: int, email: EmailDocument) -> list[str]:
    subject, preheader = len(email.subject), len(email.preheader)
    found = []
    if subject > LONG_SUBJECT:
        found.append(f"The subject of step {number} has {subject} characters; telephones show about 50.")
    if not SHORT_PREHEADER <= preheader <= LONG_PREHEADER:
        found.append(f"The preheader of step {number} has {preheader} characters; 35 to 90 read best.")
    return found
