"""The sequences of a clinic, as the page that lists them shows them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.wording import trigger_in_words
from aftercare.flows import drafts
from aftercare.flows.drafts import Overview
from aftercare.store import sequence_counts, sequences
from aftercare.store.consents import ALONE_SLUGS

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Card:
    """A sequence at a glance. `emails`: ids of the emails of the live version (else of the draft), in order;
    `next_days`: emails that are planned for the next seven days."""

    overview: Overview
    starts: str
    emails: tuple[str, ...]
    next_days: int


def cards(db: Session, clinic_id: str, *, now: datetime) -> list[Card]:
    """Every sequence that staff look after; an email that asks for a yes is no series."""
    planned = sequence_counts.planned_between(db, clinic_id, now, now + WEEK)
    return [
        _card(db, clinic_id, overview, planned)
        for overview in drafts.overview(db, clinic_id)
        if overview.slug not in ALONE_SLUGS
    ]


def _card(db: Session, clinic_id: str, overview: Overview, planned: dict[str, int]) -> Card:
    shown = drafts.live(db, clinic_id, overview.slug) or drafts.draft(db, clinic_id, overview.slug)
    if shown is None:
        return Card(overview, "", (), 0)
    spec, emails = shown.files.spec, sequences.emails_of(db, shown.id)
    return Card(
        overview=overview,
        starts=trigger_in_words(spec.trigger),
        emails=tuple(emails[step.key].id for step in spec.steps),
        next_days=planned.get(shown.sequence_id, 0),
    )
