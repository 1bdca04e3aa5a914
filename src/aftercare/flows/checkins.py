"""A question in an email, and its answer. A later answer takes the place of the first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.orm import Session

from aftercare.errors import InvalidInput, NotFound
from aftercare.flows import duty, own_choices, support_path
from aftercare.flows.duty import Ringing
from aftercare.flows.readers import read_line
from aftercare.flows.starting import why_silent
from aftercare.flows.tools import Tools
from aftercare.mail.blocks.check_in import CheckIn
from aftercare.mail.compile import reading_for
from aftercare.mail.document import EmailDocument
from aftercare.mail.tokens import BadToken
from aftercare.models import CheckinResponse, Client, Message
from aftercare.store import alerts, audit, checkins, clients, clinics, emails, enrolments, inbox

FINE, WOBBLY, CALL = "fine", "wobbly", "call"
BY_NUMBER: Mapping[int, str] = MappingProxyType({1: FINE, 2: WOBBLY, 3: CALL})
"""What the numbers in the links of the email stand for: an address must not say how somebody is."""
FACT = "checkin"
"""What conditions of later steps may look at: the latest answer in the run."""
NOTE_LIMIT = 300


@dataclass(frozen=True)
class Question:
    """The question of one email in the client's language. `choices`: each answer with its words; `response`
    is None until she has answered; `therapist`: the first name of whom it goes to, empty where it follows
    nobody's visit who works there still."""

    text: str
    choices: Mapping[str, str]
    response: CheckinResponse | None
    therapist: str


class Answer(NamedTuple):
    """What was recorded. `ringing`: who rings and when, where she would like a call; `is_told`: an email can
    reach somebody who does; `has_contacts`: one can reach her; `still_waits`: her wish is open; `others`:
    what becomes of her other emails (`stopped` by staff, `none` since she wants none, `wait`, `come`)."""

    response: CheckinResponse
    ringing: Ringing | None
    is_told: bool = False
    has_contacts: bool = False
    still_waits: bool = False
    others: str = "come"


def question(db: Session, tools: Tools, client: Client, message_id: str) -> Question:
    """The question of an email of hers. BadToken, which reveals nothing, where it asks none."""
    message = _of(db, client, message_id)
    document = reading_for(_document(db, message), client.language, tools.library, "").document
    block = _asks(document)
    choices = {FINE: block.fine, WOBBLY: block.wobbly, CALL: block.call}
    therapist = inbox.origin(db, message).therapist
    name = therapist.first_name if therapist and therapist.left_at is None else ""
    return Question(block.question, choices, checkins.of_message(db, message.id), name)


def ringing(db: Session, client: Client, now: datetime) -> Ringing | None:
    """Who rings her and when, while her wish for a call is open."""
    alert = alerts.open_of(db, client.id)
    return duty.ringing(db, clinics.get(db, client.clinic_id), now, alert) if alert else None


def answer(db: Session, client_id: str, message_id: str, said: str, note: str, *, now: datetime) -> Answer:
    """Record what she said, or change it; “Please call me” begins the support path. Doing it again with the
    same words changes nothing while that path goes on. InvalidInput for another answer or a note that is too
    long; BadToken."""
    if said not in BY_NUMBER.values():
        raise InvalidInput("answer", "choose one of the three")
    note = read_line("note", " ".join(note.split()), NOTE_LIMIT)
    clinic = clinics.get(db, _client(db, client_id).clinic_id)
    client = support_path.lock_people(db, client_id, clinic, now=now)
    message = _of(db, client, message_id)
    _asks(_document(db, message))
    response, is_new = checkins.put(db, client, message.id, answer=said, note=note, now=now)
    by = f"client:{client.id}"
    if is_new:
        _remember(db, message, said)
        audit.record(db, client.clinic_id, "checkin.answered", client.id, actor=by, now=now)
    if said != CALL:
        still_waits = alerts.open_of(db, client.id) is not None
        return Answer(response, None, still_waits=still_waits, others=_others(db, client))
    alert = support_path.asked_for_a_call(db, client, response, is_new=is_new, now=now)
    return Answer(
        response,
        duty.ringing(db, clinic, now, alert),
        is_told=bool(duty.on_duty(db, clinic)),
        has_contacts=why_silent(db, client) is None,
        others=_others(db, client),
    )


def take_note(db: Session, clinic_id: str, response_id: str, *, by: str, now: datetime) -> CheckinResponse:
    """Somebody has read an answer; the first one counts. NotFound."""
    response = checkins.get(db, clinic_id, response_id)
    clients.lock(db, response.client_id)
    db.refresh(response)
    if response.seen_at is None:
        response.seen_at, response.seen_by = now, by
        audit.record(db, clinic_id, "checkin.seen", response.client_id, actor=by, now=now)
    return response


def _others(db: Session, client: Client) -> str:
    if client.stopped_at is not None:
        return "stopped"
    if not own_choices.gets(db, client):
        return "none"
    return "wait" if client.held_at is not None else "come"


def _client(db: Session, client_id: str) -> Client:
    found = clients.by_id(db, client_id)
    if found is None:
        raise BadToken
    return found


def _of(db: Session, client: Client, message_id: str) -> Message:
    try:
        message = inbox.message(db, client.clinic_id, message_id)
    except NotFound:
        raise BadToken from None
    if message.client_id != client.id:
        raise BadToken
    return message


def _document(db: Session, message: Message) -> EmailDocument:
    return EmailDocument.from_json(emails.get(db, message.email_version_id).document)


def _asks(document: EmailDocument) -> CheckIn:
    block = next((one for one in document.blocks if isinstance(one, CheckIn)), None)
    if block is None:
        raise BadToken
    return block


def _remember(db: Session, message: Message, said: str) -> None:
    """For the conditions of later steps. Never rendered, logged or put in a link."""
    run = enrolments.get(db, message.clinic_id, message.enrolment_id)
    run.facts = {**run.facts, FACT: said}
