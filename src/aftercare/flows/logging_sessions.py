"""What the page on which a session is logged needs to know, and saving it once however often it is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import pictures, preview, sessions
from aftercare.flows.calendar import zone_of
from aftercare.flows.logins import may
from aftercare.flows.preview import Preview
from aftercare.flows.second_thoughts import UNDO
from aftercare.flows.sessions import SessionFacts
from aftercare.models import CareSession, Client, Clinic, Staff
from aftercare.store import clients, clinics, enrolments, idempotency, inbox
from aftercare.store import sessions as session_rows
from aftercare.store.inbox import Letter

MOST_AHEAD, MOST_BACK = timedelta(days=1), timedelta(days=366)


@dataclass(frozen=True)
class Desk:
    """A client who was just here, and what can be taken as read. `ended_at`: on the clinic's wall clock."""

    client: Client
    clinic: Clinic
    zone: ZoneInfo
    staff: list[Staff]
    ended_at: datetime
    therapist_id: str
    first_session: bool

    @property
    def is_elsewhere(self) -> bool:
        """Whether the client's clock may show another time than the clinic's."""
        return self.zone.key != self.clinic.timezone


@dataclass(frozen=True)
class Undone:
    """A session that was taken back, and the subjects of the emails that had left all the same."""

    session: CareSession
    left: tuple[str, ...]


def read_desk(db: Session, clinic_id: str, client_id: str, staff_id: str, *, now: datetime) -> Desk:
    """What the form starts with: just now, with whoever saw this client last, else the one signed in."""
    client, clinic = clients.get(db, clinic_id, client_id), clinics.get(db, clinic_id)
    before = [one for one in session_rows.of_client(db, client.id) if one.cancelled_at is None]
    staff = [member for member in clinics.staff_of(db, clinic_id) if may(member.role, "therapist")]
    seen_by = [one.therapist_id for one in before if one.therapist_id in {member.id for member in staff}]
    local = now.astimezone(ZoneInfo(clinic.timezone)).replace(second=0, microsecond=0)
    return Desk(
        client=client,
        clinic=clinic,
        zone=zone_of(client, clinic),
        staff=staff,
        ended_at=local - timedelta(minutes=local.minute % 5),
        therapist_id=str(seen_by[-1]) if seen_by else staff_id,
        first_session=not before,
    )


def log_once(
    db: Session,
    clinic_id: str,
    facts: SessionFacts,
    *,
    form_id: str,
    by: str,
    now: datetime,
    unshifted: datetime,
) -> tuple[CareSession, Preview]:
    """As `sessions.log_session`, with what follows. Conflict where this very form was saved before: somebody
    pressed twice, or went back and sent it again."""
    key = f"form:{form_id}"
    if not idempotency.take(db, clinic_id, key, "form", unshifted=unshifted):
        raise Conflict("This session is saved already; it was not saved twice.")
    check_end(facts.ended_at, now)
    logged = sessions.log_session(db, clinic_id, facts, by=by, now=now)
    idempotency.point_to(db, clinic_id, key, logged.id)
    return logged, preview.preview_session(db, logged, now=now)


def check_end(ended_at: datetime, now: datetime) -> None:
    """InvalidInput where nobody logs a session that ended then: a slip of the year or of the day."""
    if ended_at - now > MOST_AHEAD:
        raise InvalidInput("ended_at", "is more than a day ahead; log a session when it is over")
    if now - ended_at > MOST_BACK:
        raise InvalidInput("ended_at", "is more than a year ago; is the year right?")


def undo(db: Session, clinic_id: str, session_id: str, *, by: str, now: datetime) -> Undone:
    """Take back a session that was logged in the last minute; the form it came from may be sent again.
    Conflict later; NotFound."""
    logged = session_rows.get(db, clinic_id, session_id)
    if logged.cancelled_at is None and now - logged.logged_at > UNDO:
        raise Conflict("The minute is over. On the client's page the session can still be cancelled.")
    runs = [run.id for run in enrolments.of_session(db, session_id)]
    sessions.cancel_session(db, clinic_id, session_id, by=by, now=now)
    idempotency.give_back(db, clinic_id, logged.id)
    return Undone(logged, tuple(_subject(letter) for letter in inbox.gone(db, clinic_id, runs)))


def _subject(letter: Letter) -> str:
    values = (letter.message.fields or {}).get("values", {})
    return pictures.line(letter.email.document["subject"], values)
