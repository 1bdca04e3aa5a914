"""People of the screens who have answered how they are: one would like a call, one is a bit wobbly."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.bootstrap import App
from aftercare.flows import checkins
from aftercare.mail.tokens import Purpose, sign
from aftercare.models import Client
from aftercare.store import clients, messages

ASKED_IN = "checking-in"


def answered(db: Session, app: App, clinic_id: str, now: datetime) -> dict[str, str]:
    """Jack would like a call since this morning, Aoife is a bit wobbly; the page behind each one's email."""
    jack, aoife = (_client(db, clinic_id, mailbox) for mailbox in ("jack.moretti", "aoife.brennan"))
    note = "After four is best."
    checkins.answer(db, jack.id, _asked(db, jack), "call", note, now=now - timedelta(minutes=50))
    checkins.answer(db, aoife.id, _asked(db, aoife), "wobbly", "", now=now - timedelta(hours=2))
    return {
        "jack": jack.id,
        "aoife": aoife.id,
        "wants_call": _link(app, jack, _asked(db, jack)),
        "answers": _link(app, aoife, _asked(db, aoife)),
    }


def _client(db: Session, clinic_id: str, mailbox: str) -> Client:
    found = clients.by_email(db, clinic_id, f"{mailbox}@example.com")
    if found is None:
        raise LookupError(mailbox)
    return found


def _asked(db: Session, client: Client) -> str:
    return next(row.id for row in messages.of_client(db, client.id) if row.step_key == ASKED_IN)


def _link(app: App, client: Client, message_id: str) -> str:
    return sign(app.token_keys, Purpose.CHECKIN, client.id, message_id, client.token_epoch)
