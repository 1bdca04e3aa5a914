"""Asking for consent by one account email, whose page takes a yes or a no."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.localtime import Anchor
from aftercare.errors import Conflict
from aftercare.flows import consent, enrolments, replan, sequences
from aftercare.flows.calendar import spec_of, zone_of
from aftercare.flows.second_thoughts import leaves_from
from aftercare.flows.starting import why_silent
from aftercare.flows.why_not import WHY_NOT
from aftercare.mail.paths import templates_root
from aftercare.mail.scene import BASE, languages, phrases, root_of
from aftercare.models import Client, Clinic, Consent, Message
from aftercare.store import audit, clients, clinics, consents, messages
from aftercare.store import enrolments as runs
from aftercare.store import sequences as stored
from aftercare.store import sessions as session_rows
from aftercare.store.sequences import Published

SLUG = consent.REQUEST_SLUG
TOPIC = "aftercare"
PAGE = "consent_page"
QUIET = timedelta(days=30)
"""Nobody is asked more often: an answer that does not come is an answer."""


class CannotAsk(Conflict):
    """This client cannot be asked; `reason` is a key of `WHY_NOT`, the text says it in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(WHY_NOT[reason].sentence)
        self.reason = reason


def may_ask(db: Session, client: Client, now: datetime) -> str | None:
    """Why this client cannot be asked for consent by email, a key of `WHY_NOT`; None where she can."""
    record = consents.current(db, client.id).get(TOPIC)
    if record is not None:
        return "already_given" if record.given else _why_not_again(record)
    silent = why_silent(db, client)
    if silent is not None:
        return silent
    if consents.asked_since(db, client.id, now - QUIET):
        return "asked_recently"
    published = _published(db, client.clinic_id)
    if published is not None and spec_of(published.version).purpose != "account":
        return "request_changed"
    return "request_paused" if published is not None and published.sequence.paused_at else None


def ask(
    db: Session, clinic_id: str, client_id: str, *, session_id: str | None = None, by: str, now: datetime
) -> Message:
    """Ask a client for consent by email, at any hour and at once. `session_id`: the session on whose
    occasion; it leaves when the minute is over in which that can be undone. CannotAsk says why not;
    NotFound."""
    care_session = None if session_id is None else session_rows.get(db, clinic_id, session_id)
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    reason = may_ask(db, client, now)
    if reason is not None:
        raise CannotAsk(reason)
    published = _published(db, clinic_id) or _publish(db, clinic_id, by, now)
    anchor = Anchor.at(now, zone_of(client, clinics.get(db, clinic_id)))
    run = enrolments.new_run(
        client, published, anchor, {}, session_id=_unused(db, session_id, published), now=now
    )
    db.add(run)
    db.flush()
    free = leaves_from(care_session) if care_session else None
    replan.replan_client(db, client.id, now=now, by=by, not_before=free)
    audit.record(db, clinic_id, "consent.asked", client.id, actor=by, now=now)
    return messages.of_runs(db, [run.id])[0]


def wording(clinic: Clinic, language: str = BASE) -> str:
    """The words of consent that the page shows in a language, else in English, and that are recorded with a
    yes."""
    shown = language if root_of(language) in languages() else BASE
    words: str = phrases(shown)["consent"]
    return words.format(clinic=clinic.name)


def say_yes(db: Session, client_id: str, wording: str, *, now: datetime) -> int:
    """She said yes on the page that showed these words. Returns how many sessions of the last days are
    planned now; doing it again changes nothing."""
    if consents.is_given(db, client_id, TOPIC):
        return 0
    return consent.say_yes(db, client_id, [TOPIC], source=PAGE, wording=wording, now=now)


def say_no(db: Session, client_id: str, wording: str = "No, thank you", *, now: datetime) -> bool:
    """She said no by the button with these words: nothing is sent, and she is not asked again. Returns
    whether that is new."""
    return consent.opt_out(db, client_id, TOPIC, source=PAGE, wording=wording, now=now)


def _why_not_again(record: Consent) -> str:
    if record.source == PAGE:
        return "refused"
    return "stopped_by_client" if record.recorded_by.startswith("client:") else "stopped_for_client"


def _published(db: Session, clinic_id: str) -> Published | None:
    return next((one for one in stored.published(db, clinic_id) if one.sequence.slug == SLUG), None)


def _publish(db: Session, clinic_id: str, by: str, now: datetime) -> Published:
    """The shipped email, for a clinic that is older than it."""
    files = sequences.read_folder(templates_root() / "sequences" / "en" / SLUG)
    version = sequences.publish(db, clinic_id, files, by=by, now=now)
    return Published(stored.require(db, clinic_id, SLUG), version)


def _unused(db: Session, session_id: str | None, published: Published) -> str | None:
    """A session starts a sequence once; asked again after an email that failed, the run stands alone."""
    started = {run.sequence_id for run in runs.of_session(db, session_id)} if session_id else set()
    return None if published.sequence.id in started else session_id
