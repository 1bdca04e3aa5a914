"""Answers to check-ins."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.errors import NotFound
from aftercare.models import CheckinResponse, Client

NOT_SO_WELL = "wobbly"


class Answered(NamedTuple):
    """An answer, and whose it is."""

    response: CheckinResponse
    client: Client


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
    """Answers of people who are not so well that nobody has taken note of, oldest first."""
    query = (
        select(CheckinResponse, Client)
        .join(Client, Client.id == CheckinResponse.client_id)
        .where(
            CheckinResponse.clinic_id == clinic_id,
            CheckinResponse.answer == NOT_SO_WELL,
            CheckinResponse.seen_at.is_(None),
        )
        .order_by(CheckinResponse.answered_at, CheckinResponse.id)
    )
    return [Answered(row[0], row[1]) for row in db.execute(query.limit(limit))]


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
    row.answer, row.note, row.answered_at = answer, note, now
    row.seen_at = row.seen_by = None
    db.flush()
    return row, True
