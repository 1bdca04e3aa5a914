"""What starts a run: a logged session, or a member of staff. Enrol, then plan, in one transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import replan
from aftercare.flows.calendar import spec_of
from aftercare.flows.second_thoughts import leaves_from
from aftercare.flows.starting import Cause, Start, bring_back, decide, enrol, matching, new_run, why_silent
from aftercare.flows.why_not import WHY_NOT
from aftercare.models import CareSession, Client, Enrolment
from aftercare.store import audit, clients, consents, enrolments, messages, sequences, sessions
from aftercare.store.sequences import Published

__all__ = [
    "CannotStart",
    "Start",
    "facts_of",
    "new_run",
    "schedule_followups",
    "start_by_hand",
    "startable",
    "stop_run",
    "take_back",
    "what_follows",
    "what_starts_by_hand",
]

NOTHING_FOLLOWS = ("no_aftercare", "did_not_happen")
NEVER_BY_HAND = {
    "appointment.booked": "needs_appointment",
    "staff.created": "for_colleagues",
    "newsletter.issue": "is_newsletter",
}
"""Triggers whose sequences staff cannot start for a client, and why: a key of `WHY_NOT`."""


class CannotStart(Conflict):
    """A run cannot start; `reason` is a key of `WHY_NOT`, the text says it in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(WHY_NOT[reason].sentence)
        self.reason = reason


def schedule_followups(db: Session, session_id: str, *, now: datetime) -> str | None:
    """Enrol the session's client and plan every step; returns the note that says how it went.

    Running it again does nothing: a planned session is left alone."""
    care_session = sessions.lock(db, session_id)
    if care_session is None or care_session.planned_at is not None:
        return None
    client = clients.lock(db, care_session.client_id)
    try:
        with db.begin_nested():
            start = what_follows(db, care_session, client, now)
            note = start if isinstance(start, str) else "planned"
            if isinstance(start, Start):
                enrol(db, client, start, Cause(session_id=care_session.id), by="engine", now=now)
            replan.replan_client(db, client.id, now=now, not_before=leaves_from(care_session))
    except InvalidInput:
        # Steps beyond the year 9999. The sweep would come back for it every few seconds for ever (P1).
        note = "outside_calendar"
    sessions.mark_planned(care_session, note=note, now=now)
    detail = {"note": note}
    audit.record(
        db, client.clinic_id, "session.planned", care_session.id, actor="engine", now=now, detail=detail
    )
    return note


def start_by_hand(
    db: Session, clinic_id: str, client_id: str, slug: str, *, by: str, now: datetime
) -> Enrolment:
    """Start a sequence for one client, counted from now, and plan it. Consent, suppression and re-enrolment
    are as after a visit. CannotStart says why not; NotFound."""
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    start = what_starts_by_hand(db, client, slug, now)
    if isinstance(start, str):
        raise CannotStart(start)
    run = enrol(db, client, start, Cause(), by=by, now=now)
    replan.replan_client(db, client.id, now=now, by=by)
    detail = {"sequence": start.published.sequence.id, "enrolment": run.id}
    audit.record(db, clinic_id, "sequence.started", client.id, actor=by, now=now, detail=detail)
    return run


def stop_run(db: Session, clinic_id: str, enrolment_id: str, *, by: str, now: datetime) -> None:
    """End one run; the client's consent stays as it is. Doing it twice changes nothing. NotFound."""
    run = enrolments.get(db, clinic_id, enrolment_id)
    clients.lock(db, run.client_id)
    db.refresh(run)
    if run.ended_at is None:
        enrolments.end(db, [run.id], reason="stopped", by=by, now=now)
        messages.cancel_unsent(db, reason="stopped", by=by, now=now, enrolment_id=[run.id])
        replan.replan_client(db, run.client_id, now=now, by=by)
        detail = {"sequence": run.sequence_id, "enrolment": run.id}
        audit.record(db, clinic_id, "sequence.stopped", run.client_id, actor=by, now=now, detail=detail)


def startable(db: Session, clinic_id: str) -> list[Published]:
    """The clinic's sequences that can be started by hand."""
    return [found for found in sequences.published(db, clinic_id) if _why_never(found) is None]


def what_follows(db: Session, care_session: CareSession, client: Client, now: datetime) -> Start | str:
    """The run that this session starts, or the reason why none starts. Decides; changes nothing."""
    if care_session.cancelled_at is not None:
        return "session_cancelled"
    if care_session.outcome in NOTHING_FOLLOWS:
        return care_session.outcome
    silent = why_silent(db, client)
    if silent is not None:
        return silent
    facts = facts_of(care_session)
    found = matching(list(sequences.published(db, client.clinic_id)), "session.logged", facts)
    if not found:
        return "no_sequence"
    return decide(db, client, found[0], care_session.ended_at, facts, now, but=care_session.id)


def what_starts_by_hand(db: Session, client: Client, slug: str, now: datetime) -> Start | str:
    """The run that staff would start, or a key of `WHY_NOT`. Decides; changes nothing. NotFound."""
    sequences.require(db, client.clinic_id, slug)
    every = sequences.published(db, client.clinic_id)
    published = next((found for found in every if found.sequence.slug == slug), None)
    if published is None:
        return "not_published"
    never = _why_never(published)
    if never is not None:
        return never
    return why_silent(db, client) or decide(db, client, published, now, {}, now)


def facts_of(care_session: CareSession) -> dict[str, object]:
    """What conditions may look at. Never rendered, logged or put in a link."""
    return {
        "outcome": care_session.outcome,
        "service": care_session.service,
        "first_session": care_session.first_session,
    }


def take_back(db: Session, care_session: CareSession, *, by: str, now: datetime) -> None:
    """Undo the runs of this session, and what followed on their end. Those that gave way to them come back,
    unless somebody has said stop since, or a later run would have ended them as well. Lock the client first,
    plan afterwards."""
    runs = [run.id for run in enrolments.of_session(db, care_session.id)]
    runs += enrolments.following(db, runs)
    enrolments.undo(db, runs, reason="session_cancelled", by=by, now=now)
    messages.cancel_unsent(db, reason="session_cancelled", by=by, now=now, enrolment_id=runs)
    client = clients.get(db, care_session.clinic_id, care_session.client_id)
    for displaced in enrolments.superseded_by(db, care_session.id):
        bring_back(db, client, displaced)
    db.flush()


def _why_never(published: Published) -> str | None:
    if published.sequence.slug in consents.ALONE_SLUGS:
        return "asks_for_consent"
    if published.sequence.slug in (*consents.SUPPORT_SLUGS, consents.CALL_BACK_SLUG):
        return "support_path"
    return NEVER_BY_HAND.get(spec_of(published.version).trigger.on)
