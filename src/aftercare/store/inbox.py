"""What left: messages that a mail server accepted, with the people and sequences that they belong to."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Select, Tuple, select, tuple_
from sqlalchemy.orm import Session

from aftercare.domain.states import MessageState
from aftercare.errors import NotFound
from aftercare.models import (
    Attempt,
    CareSession,
    Client,
    EmailVersion,
    Enrolment,
    Message,
    Sequence,
    SequenceVersion,
    Staff,
)
from aftercare.store import emails


class Letter(NamedTuple):
    """One message, to whom, and what it says."""

    message: Message
    client: Client
    sequence: Sequence
    email: EmailVersion


class Origin(NamedTuple):
    """The run that a message belongs to; session and therapist where one started it. `number`: of the version
    that the message's words are from."""

    enrolment: Enrolment
    version: SequenceVersion
    care_session: CareSession | None
    therapist: Staff | None
    number: int


def message(db: Session, clinic_id: str, message_id: str) -> Message:
    """A message of this clinic; NotFound, also for another clinic's."""
    found = db.scalar(select(Message).where(Message.clinic_id == clinic_id, Message.id == message_id))
    if found is None:
        raise NotFound("There is no such email.")
    return found


def letter(db: Session, clinic_id: str, message_id: str) -> Letter:
    """A message of this clinic with all that belongs to it, whether it was sent or not; NotFound."""
    found = db.execute(_letters(clinic_id).where(Message.id == message_id)).one_or_none()
    if found is None:
        raise NotFound("There is no such email.")
    return Letter(*found)


def sent(
    db: Session,
    clinic_id: str,
    *,
    limit: int,
    before: Message | None = None,
    client_id: str | None = None,
    sequence: str | None = None,
    search: str | None = None,
) -> list[Letter]:
    """What left, newest first, before a message that was seen last. `sequence`: a slug; `search`: part of a
    first name, or a whole id of a client."""
    query = _letters(clinic_id).where(Message.sent_at.is_not(None))
    if before:
        query = query.where(_place_in_time() < (before.sent_at, before.id))
    if client_id:
        query = query.where(Message.client_id == client_id)
    if sequence:
        query = query.where(Sequence.slug == sequence)
    if search:
        is_called = Client.first_name.icontains(search, autoescape=True)
        query = query.where(is_called | (Client.id == search))
    newest_first = query.order_by(Message.sent_at.desc(), Message.id.desc())
    return [Letter(*row) for row in db.execute(newest_first.limit(limit))]


def _letters(clinic_id: str) -> Select[Message, Client, Sequence, EmailVersion]:
    return (
        select(Message, Client, Sequence, EmailVersion)
        .join(Client, Client.id == Message.client_id)
        .join(Sequence, Sequence.id == Message.sequence_id)
        .join(EmailVersion, EmailVersion.id == Message.email_version_id)
        .where(Message.clinic_id == clinic_id)
    )


def sent_after(db: Session, clinic_id: str, last: Message | None, *, limit: int) -> list[Letter]:
    """What left after this message (or ever), newest first."""
    query = _letters(clinic_id).where(Message.sent_at.is_not(None))
    if last:
        query = query.where(_place_in_time() > (last.sent_at, last.id))
    newest_first = query.order_by(Message.sent_at.desc(), Message.id.desc())
    return [Letter(*row) for row in db.execute(newest_first.limit(limit))]


def gone(db: Session, clinic_id: str, enrolment_ids: Collection[str]) -> list[Letter]:
    """What of these runs has left or is leaving, in order: nobody can take it back."""
    states = (MessageState.SENT, MessageState.TRANSMITTING, MessageState.UNKNOWN)
    query = _letters(clinic_id).where(Message.enrolment_id.in_(enrolment_ids), Message.state.in_(states))
    return [Letter(*row) for row in db.execute(query.order_by(Message.planned_for, Message.id))]


def sequences_of(db: Session, clinic_id: str) -> list[Sequence]:
    """The clinic's sequences by name."""
    query = select(Sequence).where(Sequence.clinic_id == clinic_id)
    return list(db.scalars(query.order_by(Sequence.name, Sequence.id)))


def _place_in_time() -> Tuple:
    """Emails of one batch leave in the same instant; their ids keep them apart."""
    return tuple_(Message.sent_at, Message.id)


def origin(db: Session, message: Message) -> Origin:
    """Where a message comes from."""
    query = (
        select(Enrolment, SequenceVersion, CareSession, Staff, emails.number_of_text())
        .join(Message, Message.enrolment_id == Enrolment.id)
        .join(SequenceVersion, SequenceVersion.id == Enrolment.version_id)
        .outerjoin(CareSession, CareSession.id == Enrolment.session_id)
        .outerjoin(Staff, Staff.id == CareSession.therapist_id)
        .where(Message.id == message.id)
    )
    return Origin(*db.execute(query).one())


def attempts(db: Session, message: Message) -> list[Attempt]:
    """Every attempt to hand it over, in order."""
    query = select(Attempt).where(Attempt.message_id == message.id)
    return list(db.scalars(query.order_by(Attempt.number)))
