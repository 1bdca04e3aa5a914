"""Issues that everybody may read: those that went to the whole topic, without anything personal."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.flows import newsletters
from aftercare.flows.newsletter_files import STEP, TOPIC
from aftercare.flows.rendering import theme_of
from aftercare.flows.resource_shelf import library_of
from aftercare.flows.tools import Tools
from aftercare.mail.compile import Reading, reading_for
from aftercare.mail.page import render_blocks
from aftercare.models import Clinic, NewsletterIssue, NewsletterPage
from aftercare.store import newsletters as rows
from aftercare.store.newsletters import Entry

MOST = 100
"""Issues that are listed; a clinic that writes one a month has eight years of them."""


@dataclass(frozen=True)
class Archived:
    """An issue that anybody may read. `sent_at`: when it began to go out, UTC."""

    issue: NewsletterIssue
    reading: Reading
    sent_at: datetime

    @property
    def subject(self) -> str:
        """Its title."""
        return self.reading.document.subject

    @property
    def preheader(self) -> str:
        """What it is about, in a line."""
        return self.reading.document.preheader


def listed(db: Session, tools: Tools, page: NewsletterPage, language: str) -> list[Archived]:
    """The issues of the archive, newest first, in this language where they are written in it."""
    if not page.shows_archive:
        raise NotFound("There is no such page.")
    found = [
        _archived(db, tools, entry, language)
        for entry in rows.all_of(db, page.clinic_id)
        if _is_public(entry)
    ]
    return sorted(found, key=lambda one: (one.sent_at, one.issue.id), reverse=True)[:MOST]


def read(
    db: Session, tools: Tools, page: NewsletterPage, clinic: Clinic, issue_id: str, language: str
) -> tuple[Archived, str]:
    """One issue and its text as HTML, with what stands in where nobody is addressed. NotFound, also for one
    that went to a part of the topic only."""
    entry = rows.get(db, page.clinic_id, issue_id)
    if not page.shows_archive or not _is_public(entry):
        raise NotFound("There is no such issue.")
    found = _archived(db, tools, entry, language)
    library, theme = library_of(db, tools, clinic.id), theme_of(clinic, tools)
    html = render_blocks(found.reading.document, library, theme, language=found.reading.language)
    return found, html


def _is_public(entry: Entry) -> bool:
    """It has gone to everybody who said yes to the newsletter. One for a part of them may say by its mere
    existence what they have in common."""
    issue = entry.issue
    return issue.state == "sent" and issue.topic == TOPIC and not issue.segment


def _archived(db: Session, tools: Tools, entry: Entry, language: str) -> Archived:
    email = newsletters.content(db, entry).files.emails[STEP]
    reading = reading_for(email, language, tools.library, entry.sequence.public_name)
    issue = entry.issue
    return Archived(issue, reading, issue.scheduled_for or issue.created_at)
