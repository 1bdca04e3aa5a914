"""What somebody should see to before a client notices: visits that no emails follow, a call that nobody would
hear of, help lines that nobody has compared with their sources for half a year (content section 6), and links
that have stopped working since they went live."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.resources import LOOK_AGAIN, needs_a_look
from aftercare.flows import countries, duty, resources
from aftercare.flows.calendar import spec_of
from aftercare.flows.resource_shelf import uses
from aftercare.flows.tools import Tools
from aftercare.store import clinics, sequences
from aftercare.store import resources as rows

AFTER_VISIT = "session.logged"
"""The event that starts what is sent after a visit."""


def notes(db: Session, tools: Tools, clinic_id: str, *, now: datetime) -> list[str]:
    """Sentences for whoever cares for a clinic's emails; none where all is well. Reads only."""
    return [
        *after_visits(db, clinic_id),
        *nobody_hears(db, clinic_id),
        *help_lines(db, tools, clinic_id, now=now),
        *_dead_links(db, clinic_id),
    ]


def after_visits(db: Session, clinic_id: str) -> list[str]:
    """That a logged session brings no emails, where nothing live begins after one, and what waits for that as
    a draft: whoever logs the first visit must not be the one who finds out."""
    if any(spec_of(one.version).trigger.on == AFTER_VISIT for one in sequences.published(db, clinic_id)):
        return []
    name = clinics.get(db, clinic_id).name
    note = (
        f"{name}: nobody gets emails after a visit yet, because no sequence that begins after one is live. "
        "It goes live under Sequences."
    )
    drafted = [
        one for one in sequences.drafts(db, clinic_id) if spec_of(one.version).trigger.on == AFTER_VISIT
    ]
    if not drafted:
        return [note]
    named = ", ".join(f"“{one.sequence.name}”" for one in drafted)
    return [f"{note} As drafts wait: {named}."]


def nobody_hears(db: Session, clinic_id: str) -> list[str]:
    """What is missing where a live email offers “Please call me” (content section 2, SAFE)."""
    clinic = clinics.get(db, clinic_id)
    if duty.is_ready(clinic) or not _asks_how_somebody_is(db, clinic_id):
        return []
    note = (
        f"{clinic.name}: clients can press “Please call me”, but the duty contact, the country or the hours "
        "when people work are not set. Until then whoever is told first, or an owner, hears of it, and after "
        "two hours by the clock the next one. An owner can set this under Settings."
    )
    return [note]


def _asks_how_somebody_is(db: Session, clinic_id: str) -> bool:
    return any(
        block.get("type") == "check_in"
        for found in sequences.published(db, clinic_id)
        for email in sequences.emails_of(db, found.version.id).values()
        for block in email.document.get("blocks", ())
    )


def help_lines(db: Session, tools: Tools, clinic_id: str, *, now: datetime) -> list[str]:
    """What is doubtful about the help lines that this clinic's clients get, or it itself."""
    found, checked = [], tools.library.support_checked
    if checked is None or needs_a_look(checked, resources.today_of(db, clinic_id, now)):
        since = f" since {checked:%-d %B %Y}" if checked else ""
        found.append(
            f"Nobody has checked the help lines{since}, and it is due after {LOOK_AGAIN.days} days. Ask "
            "whoever runs Aftercare to compare them with each service’s own page."
        )
    for country in sorted({country for _, country in sequences.readings(db, clinic_id)}):
        line = tools.library.support_for(country)
        if line.number and not line.verified:
            where = countries.names().get(country, country)
            found.append(
                f"Nobody has confirmed the help line for {where}, so its number is left out. People there "
                "find findahelpline.com in its place."
            )
    return found


def _dead_links(db: Session, clinic_id: str) -> Iterator[str]:
    dead = [row for row in rows.all_of(db, clinic_id) if row.is_dead]
    places = uses(db, clinic_id).resources if dead else {}
    for row in dead:
        if row.slug in places:
            yield (
                f"“{row.title}” does not work any more and is left out of emails. Where a list would be "
                "empty, our page on finding somebody to talk to stands in for it. It is linked in: "
                f"{'; '.join(places[row.slug])}."
            )
