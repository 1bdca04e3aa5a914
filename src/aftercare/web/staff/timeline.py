"""One client's page: what is to come, what has been, and what can be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from aftercare.errors import InvalidInput
from aftercare.flows import alert_board, enrolments, guidance, journal, logging_sessions, sessions
from aftercare.flows.checkins import CALL, FINE, WOBBLY
from aftercare.flows.consent import TOPICS
from aftercare.models import Client
from aftercare.store import checkins, clinics
from aftercare.store import sessions as session_rows
from aftercare.web.api.body import ClientId, MessageId, SessionId
from aftercare.web.staff import frame
from aftercare.web.staff.deps import Member, TherapistDep, ViewerDep
from aftercare.web.staff.sessions import OUTCOMES
from aftercare.web.staff.typed import typed_instant

ACTS: Mapping[str, str] = MappingProxyType(
    {
        "client.added": "Added as a client",
        "client.corrected": "Details corrected",
        "client.held": "Put on hold",
        "client.released": "Released from the hold",
        "client.paused": "Emails paused",
        "client.resumed": "The pause ended early",
        "client.pace_weekly": "Asked for at most one email a week",
        "client.pace_monthly": "Asked for at most one email a month",
        "client.pace_planned": "Asked for the emails as planned",
        "client.exported": "All that is known was saved as a file",
        "link.asked": "Asked for a fresh link to the email settings",
        "client.stopped": "Everything stopped",
        "client.restored": "The stop of everything taken back",
        "client.zone_changed": "Moved to another time zone",
        "alert.raised": "Extra support began: their other emails wait",
        "alert.acknowledged": "Taken on: will ring",
        "alert.escalated": "Nobody had taken it on: an email about it was sent again",
        "alert.spoken": "Spoken with them",
        "alert.contacts_sent": "The contacts sent by hand",
        "alert.closed": "Extra support ended",
        "checkin.answered": "Answered how they are",
        "sequence.started": "Started by hand:",
        "sequence.stopped": "Stopped:",
        "session.somebody_elses": "A session that was not theirs was given to whom it belongs",
        "consent.asked": "Asked for consent by one email",
        "address.suppressed": "The address does not take emails",
    }
)
"""What the acts of the audit trail are called; in front of the sequence's name, where there is one."""
HOLD_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "talk_first": "We want to talk first",
        "asked_to_wait": "They asked us to wait",
        "check_details": "We are checking their details",
        "complaint_open": "A complaint is open",
        "other": "Another reason",
    }
)
"""Reasons that say nothing of anybody's health."""
STOPPED: Mapping[str, str] = MappingProxyType(
    {
        "stop_now": "Everything is stopped",
        "died": "This client has died",
        "moved_away": "This client has moved away",
    }
)
"""What is said where everything was stopped, by its reason."""
PACES: Mapping[str, str] = MappingProxyType({"weekly": "one email a week", "monthly": "one email a month"})
"""How seldom a client can ask to be written to."""
MOVED: Mapping[str, str] = MappingProxyType(
    {
        "quiet_hours": "outside the hours in which we send",
        "weekday": "not on that day of the week",
        "capped": "so that not too many emails come close together",
    }
)
ANSWERS: Mapping[str, str] = MappingProxyType(
    {FINE: "“Doing fine”", WOBBLY: "“A bit wobbly”", CALL: "“Please call me”"}
)
"""What the answers to a check-in are called, whatever the words of the email were."""
WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "acts": ACTS,
        "hold_reasons": HOLD_REASONS,
        "moved_because": MOVED,
        "outcomes": {value: label for value, label, _ in OUTCOMES},
        "outcome_choices": OUTCOMES,
        "stopped_because": STOPPED,
        "topics": TOPICS,
        "paces": PACES,
        "answer_names": ANSWERS,
    }
)
router = APIRouter(prefix="/clients")
Text = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True)
class Wrong:
    """A correction of a session that cannot be, as it was typed."""

    session_id: str
    ended_at: str
    outcome: str
    error: InvalidInput


@router.get("/{client_id}")
def look(member: ViewerDep, client_id: ClientId, before: MessageId | None = None) -> HTMLResponse:
    """The whole story in one column."""
    return _story(member, client_id, before)


@router.get("/{client_id}/planned")
def planned(member: ViewerDep, client_id: ClientId) -> Response:
    """The same once no session waits for its plan any more; 204 until then."""
    now = member.app.clock.now()
    with member.app.reading() as db:
        story = journal.read_journal(db, member.clinic_id, client_id, now=now)
    if story.is_being_planned:
        return Response(status_code=204, headers=frame.HEADERS)
    return _story(member, client_id)


@router.post("/{client_id}/sessions/{session_id}")
def correct(
    member: TherapistDep,
    client_id: ClientId,
    session_id: SessionId,
    ended_at: Text = "",
    outcome: Text = "",
) -> Response:
    """The session ended at another time, or went otherwise: what was not sent yet follows."""
    try:
        is_replanned = _correct(member, session_id, ended_at, outcome)
    except InvalidInput as error:
        return _story(member, client_id, wrong=Wrong(session_id, ended_at, outcome, error))
    if is_replanned:
        member.app.submit("schedule_followups", session_id)
    return frame.back(member, f"/clients/{client_id}", "Corrected. Emails that were not sent yet follow it.")


def _correct(member: Member, session_id: str, ended_at: str, outcome: str) -> bool:
    """Whether a worker has to plan it anew."""
    clinic_id, now = member.clinic_id, member.app.clock.now()
    with member.app.transaction() as db:
        before = session_rows.get(db, clinic_id, session_id).outcome
        instant = typed_instant(ended_at, ZoneInfo(clinics.get(db, clinic_id).timezone), "ended_at")
        logging_sessions.check_end(instant, now)
        sessions.correct_session(
            db, clinic_id, session_id, ended_at=instant, outcome=outcome, by=member.by, now=now
        )
    return outcome != before


def _story(
    member: Member, client_id: str, before: str | None = None, *, wrong: Wrong | None = None
) -> HTMLResponse:
    now = member.app.clock.now()
    with member.app.reading() as db:
        story = journal.read_journal(db, member.clinic_id, client_id, before=before, now=now)
        on_paper = guidance.stopped(db, story.client.id)
        care = _care(db, story.client)
    return frame.show(
        member,
        "timeline.html.j2",
        422 if wrong else 200,
        story=story,
        clinic_zone=ZoneInfo(story.clinic.timezone),
        now=now,
        first=before is None,
        on_paper=on_paper,
        wrong=wrong,
        **care,
        **WORDS,
    )


def _care(db: Session, client: Client) -> dict[str, Any]:
    """What she answered, and whether she would like a call."""
    return {"call": alert_board.of_client(db, client), "answers": checkins.of_client(db, client.id)}


@router.post("/{client_id}/runs/{enrolment_id}/stop")
def stop_run(member: TherapistDep, client_id: ClientId, enrolment_id: str) -> Response:
    """End one sequence for her; her consent stays."""
    with member.app.transaction() as db:
        enrolments.stop_run(db, member.clinic_id, enrolment_id, by=member.by, now=member.app.clock.now())
    return frame.back(member, f"/clients/{client_id}", "Stopped. The consent stays as it is.")
