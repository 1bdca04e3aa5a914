"""What was still to come when a client stopped her emails, as one page to print and hand to her."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.states import MessageState
from aftercare.errors import NotFound
from aftercare.flows.rendering import theme_of
from aftercare.flows.resource_shelf import library_of
from aftercare.flows.tools import Tools
from aftercare.mail.compile import Reading, reading_for
from aftercare.mail.document import EmailDocument
from aftercare.mail.page import render_blocks
from aftercare.models import Client, Clinic, EmailVersion, Message
from aftercare.store import clients, clinics, enrolments, messages, sequences
from aftercare.store.enrolments import WENT_OUT, RunOf

ONLY_BY_EMAIL = (
    "greeting",
    "run_note",
    "check_in",
    "consent_button",
    "settings_button",
    "app_button",
    "end_note",
    "resource_list",
)
"""Blocks that mean nothing on paper, links among them."""
ONCE = ("contact", "support")
"""Blocks that stand at the end of the page only."""


@dataclass(frozen=True)
class Stopped:
    """A run that her stop ended. `name` is its sequence's for staff, `left` how many emails were to come."""

    enrolment_id: str
    name: str
    ended_at: datetime
    left: int


@dataclass(frozen=True)
class Page:
    """The printed page: `language` is what it is written in, `parts` are title and HTML of each email."""

    client: Client
    clinic: Clinic
    language: str
    title: str
    parts: tuple[tuple[str, str], ...]


def stopped(db: Session, client_id: str) -> list[Stopped]:
    """Runs that she stopped before their end, latest first. Reads only."""
    found = []
    for run in enrolments.stopped_by_client(db, client_id):
        left = len(_to_come(db, run))
        if left and run.enrolment.ended_at is not None:
            found.append(Stopped(run.enrolment.id, run.sequence.name, run.enrolment.ended_at, left))
    return found


def page(db: Session, tools: Tools, clinic_id: str, client_id: str, enrolment_id: str) -> Page:
    """The texts that were still to come in a run that she stopped, in her language. NotFound."""
    client, clinic = clients.get(db, clinic_id, client_id), clinics.get(db, clinic_id)
    runs = enrolments.stopped_by_client(db, client.id)
    run = next((one for one in runs if one.enrolment.id == enrolment_id), None)
    if run is None:
        raise NotFound("There is no such run that was stopped.")
    library = library_of(db, tools, clinic.id)
    emails = sequences.emails_of(db, run.version.id)
    read = [
        reading_for(_document(emails, row), client.language, library, run.sequence.public_name)
        for row in _to_come(db, run)
    ]
    theme = replace(theme_of(clinic, tools), country=client.country or clinic.country)
    parts = tuple(
        (shown.subject, render_blocks(shown, library, theme, language=language))
        for shown, language in _on_paper(read, returning=run.enrolment.every_visit_only)
    )
    first = read[0] if read else Reading(client.language, EmailDocument("", "", ()), run.sequence.public_name)
    return Page(client, clinic, first.language, first.public_name, parts)


def _to_come(db: Session, run: RunOf) -> list[Message]:
    """The latest row of each step that never left, by when it was planned."""
    rows = messages.of_run(db, run.enrolment.id)
    gone = {row.step_key for row in rows if row.state in WENT_OUT}
    latest = {row.step_key: row for row in rows if row.step_key not in gone}
    coming = [row for row in latest.values() if row.state == MessageState.CANCELLED]
    return sorted(coming, key=lambda row: (row.planned_for, row.id))


def _document(emails: Mapping[str, EmailVersion], row: Message) -> EmailDocument:
    return EmailDocument.from_json(emails[row.step_key].document)


def _on_paper(read: list[Reading], *, returning: bool) -> Iterator[tuple[EmailDocument, str]]:
    """Each email without what only an email can do, and with whom to call once, at the end."""
    for number, reading in enumerate(read, start=1):
        without = ONLY_BY_EMAIL if number == len(read) else (*ONLY_BY_EMAIL, *ONCE)
        hidden = "first" if returning else "returning"
        blocks = [
            one
            for one in reading.document.blocks
            # Whoever has said stop is not asked to come again.
            if one.type not in without and one.when != hidden and one.purpose == "care"
        ]
        yield replace(reading.document, blocks=tuple(blocks)), reading.language
