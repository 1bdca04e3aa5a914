"""Sessions: logging one answers with what will follow from it.

Outcome and first_session travel in bodies only: an address ends up in logs."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import model_validator

from aftercare.flows import preview, sessions
from aftercare.flows.preview import Preview
from aftercare.flows.sessions import SessionFacts
from aftercare.models import CareSession
from aftercare.web.api.body import Body, ClientId, Instant, Line, SessionId, Shown, StaffId
from aftercare.web.deps import CallerDep
from aftercare.web.idempotency import OnceDep

router = APIRouter(prefix="/sessions", tags=["sessions"])


class SessionIn(Body):
    """One appointment that took place, or did not."""

    client_id: ClientId
    ended_at: Instant
    outcome: Line
    service: Line = ""
    first_session: bool = False
    therapist_id: StaffId | None = None


class SessionChange(Body):
    """A correction; at least one of the two."""

    ended_at: Instant | None = None
    outcome: Line | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "SessionChange":
        if self.ended_at is None and self.outcome is None:
            raise ValueError("give ended_at, outcome or both")
        return self


class PlannedMessage(Shown):
    """One email of the plan. `planned_for` is UTC, `local` her wall clock with its offset."""

    step: str
    planned_for: datetime
    local: datetime
    state: str
    reason: str | None
    too_late: bool


class EndedRun(Shown):
    """A run that gives way to the new one."""

    enrolment: str
    sequence: str


class Plan(Shown):
    """What follows from a session. `note`: `planned`, or why nothing starts."""

    starts: bool
    note: str
    sequence: str | None
    messages: list[PlannedMessage]
    ends: list[EndedRun]


class SessionOut(Shown):
    """A session as it was logged. `plan_note` stays empty until a worker has planned it."""

    id: str
    client_id: str
    therapist_id: str | None
    ended_at: datetime
    outcome: str
    service: str
    first_session: bool
    logged_at: datetime
    cancelled_at: datetime | None
    plan_note: str | None


class LoggedSession(SessionOut):
    """A session that was just logged, with what follows from it."""

    plan: Plan


@router.post("", status_code=201, response_model=LoggedSession)
def log(new: SessionIn, caller: CallerDep, once: OnceDep) -> Response:
    """Log a session. Its emails are planned by a worker right after; `plan` already tells which and when."""
    facts, now = SessionFacts(**new.model_dump()), caller.app.clock.now()
    with caller.app.transaction() as db:
        if (before := once.replay(db)) is not None:
            return before
        logged = sessions.log_session(db, caller.clinic_id, facts, by=caller.by, now=now)
        plan = preview.preview_session(db, logged, now=now)
        answer = once.keep(db, 201, _shown(logged, plan), f"/api/v1/sessions/{logged.id}")
    # After the commit: a worker is quick enough to look for the row before it is there.
    caller.app.submit("schedule_followups", logged.id)
    return answer


@router.patch("/{session_id}")
def correct(session_id: SessionId, change: SessionChange, caller: CallerDep) -> SessionOut:
    """Correct when it ended or how it was logged. Unsent emails follow, sent ones stay (R5)."""
    now = caller.app.clock.now()
    with caller.app.transaction() as db:
        corrected = sessions.correct_session(
            db, caller.clinic_id, session_id, **change.model_dump(), by=caller.by, now=now
        )
    caller.app.submit("schedule_followups", corrected.id)
    return SessionOut.model_validate(corrected)


@router.delete("/{session_id}", status_code=204)
def cancel(session_id: SessionId, caller: CallerDep) -> None:
    """It was logged by mistake: its unsent emails go with it. Doing it again changes nothing."""
    now = caller.app.clock.now()
    with caller.app.transaction() as db:
        sessions.cancel_session(db, caller.clinic_id, session_id, by=caller.by, now=now)


def _shown(session: CareSession, plan: Preview) -> LoggedSession:
    shown = SessionOut.model_validate(session)
    return LoggedSession(**shown.model_dump(), plan=Plan.model_validate(plan))
