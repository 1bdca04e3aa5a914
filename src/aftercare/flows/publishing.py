"""Publishing a draft, and what that means for the people who are part-way in the sequence."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.errors import Conflict, ContentError, InvalidInput, NotFound
from aftercare.flows import drafts, moving
from aftercare.flows import sequences as live
from aftercare.flows.drafts import Version
from aftercare.flows.email_checks import Problem, check_emails
from aftercare.flows.heads import check_questions
from aftercare.flows.in_flight import (
    DatedStep,
    Example,
    dated,
    examples,
    next_client_example,
    people_in_flight,
)
from aftercare.flows.tools import Tools
from aftercare.store import audit, sequences

__all__ = [
    "DatedStep",
    "Example",
    "Problem",
    "Published",
    "check_draft",
    "check_emails",
    "dated",
    "examples",
    "next_client_example",
    "people_in_flight",
    "publish_draft",
]

IN_FLIGHT = ("keep", "move")


@dataclass(frozen=True)
class Published:
    """The number of the new version, and how many runs were moved to it."""

    number: int
    moved: int


def check_draft(
    db: Session, tools: Tools, clinic_id: str, slug: str, *, revision: int | None = None
) -> Version:
    """The draft, whose emails can all be made. Ask in a transaction that only reads: compiling takes seconds,
    and publishing keeps everybody waiting who is part-way.

    NotFound without a draft, Conflict where it is not at `revision` any more, ContentError naming block and
    fix where an email could not be made."""
    draft = _draft(db, clinic_id, slug)
    if revision not in (None, draft.revision):
        raise Conflict(drafts.CHANGED_MEANWHILE)
    live.check_head(draft.files)
    check_questions(db, clinic_id, draft.files)
    problems = check_emails(db, tools, clinic_id, draft.files)
    if problems:
        raise ContentError("; ".join(problem.text for problem in problems))
    return draft


def publish_draft(
    db: Session, clinic_id: str, checked: Version, *, in_flight: str = "keep", by: str, now: datetime
) -> Published:
    """Make the draft of `check_draft` the live version. Who is part-way keeps her version, or is moved to the
    new one: nobody gets a step twice, and none whose new moment is over. NotFound where the draft is gone,
    Conflict where it says something else by now."""
    if in_flight not in IN_FLIGHT:
        raise InvalidInput("in_flight", f"choose from {', '.join(IN_FLIGHT)}")
    sequence = sequences.require(db, clinic_id, checked.files.slug)
    if in_flight == "move":
        live.lock_with_people(db, sequence.id)
    else:
        sequences.lock(db, sequence.id)
    draft = _draft(db, clinic_id, sequence.slug)
    if (draft.id, draft.revision) != (checked.id, checked.revision):
        raise Conflict(drafts.CHANGED_MEANWHILE)
    version = live.publish(db, clinic_id, draft.files, by=by, now=now)
    drafts.drop(db, sequence)
    if in_flight == "keep":
        return Published(version.number, 0)
    moved = moving.move_people(db, sequence, version, by=by, now=now)
    detail = {"version": version.number, "runs": moved}
    audit.record(db, clinic_id, "sequence.people_moved", sequence.id, actor=by, now=now, detail=detail)
    return Published(version.number, moved)


def _draft(db: Session, clinic_id: str, slug: str) -> Version:
    drafts.refuse_issue(sequences.require(db, clinic_id, slug))
    found = drafts.draft(db, clinic_id, slug)
    if found is None:
        raise NotFound(f"The sequence '{slug}' has no draft to publish. Change something first.")
    return found
