"""Answers to check-ins."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.models import CareSession, CheckinResponse, Client, Enrolment, Message, Staff

NOT_SO_WELL, CALL = "wobbly", "call"


class Answered(NamedTuple):
    """An answer, whose it is, and who was with her in the visit that it is about, if that is known."""

    response: CheckinResponse
    client: Client
    therapist: Staff | None


def of_message(db: Session, message_id: str) -> CheckinResponse | None:
    """What was answered to the question of this email, read afresh."""
    query = select(CheckinResponse).where(CheckinResponse.message_id == message_id)
    return db.scalar(query.execution_options(populate_existing=True))


def of_client(db: Session, client_id: str) -> list[CheckinResponse]:
    """All that this person has answered, oldest first."""
    query = select(CheckinResponse).where(CheckinResponse.client_id == client_id)
    return list(db.scalars(query.order_by(CheckinResponse.answered_at, CheckinResponse.id)))


def get(db: Session, clinic_id: str, response_id: str) -> CheckinResponse:
    """An answer of this clinic's client; NotFound."""
    query = select(CheckinResponse).where(
        CheckinResponse.clinic_id == clinic_id, CheckinResponse.id == response_id
    )
    found = db.scalar(query)
    if found is None:
        raise NotFound("There is no such answer.")
    return found


def unseen(db: Session, clinic_id: str, *, limit: int = 50) -> list[Answered]:
    """Answers that nobody has taken note of, oldest first: of people who are not so well, or were before they
    changed it, and what has a note. Who would like a call stands on the page for that."""
    query = (
        select(CheckinResponse, Client, Staff)
        .join(Client, Client.id == CheckinResponse.client_id)
        .join(Message, Message.id == CheckinResponse.message_id)
        .join(Enrolment, Enrolment.id == Message.enrolment_id)
        .outerjoin(CareSession, CareSession.id == Enrolment.session_id)
        .outerjoin(Staff, Staff.id == CareSession.therapist_id)
        .where(
            CheckinResponse.clinic_id == clinic_id,
            or_(
                CheckinResponse.answer == NOT_SO_WELL,
                and_(CheckinResponse.note != "", CheckinResponse.answer != CALL),
                CheckinResponse.changed_from.is_not(None),
            ),
            CheckinResponse.seen_at.is_(None),
        )
        .order_by(CheckinResponse.answered_at, CheckinResponse.id)
    )
    return [Answered(*row) for row in db.execute(query.limit(limit))]


def put(
    db: Session, client: Client, message_id: str, *, answer: str, note: str, now: datetime
) -> tuple[CheckinResponse, bool]:
    """Record an answer, or change the one that is there; whether it is another one than before. The caller
    holds the client's lock."""
    row = of_message(db, message_id)
    if row is not None and (row.answer, row.note) == (answer, note):
        return row, False
    if row is None:
        row = CheckinResponse(clinic_id=client.clinic_id, client_id=client.id, message_id=message_id)
        db.add(row)
    if row.seen_at is not None or answer == CALL:
        row.changed_from = None
    elif row.answer in (NOT_SO_WELL, CALL) and row.answer != answer:
        row.changed_from = row.answer
    row.answer, row.note, row.answered_at = answer, note, now
    row.seen_at = row.seen_by = None
    db.flush()
    return row, True
