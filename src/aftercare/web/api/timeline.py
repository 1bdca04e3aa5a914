"""A client's timeline: what was sent, what is planned, why, and under which consent."""

from datetime import datetime

from fastapi import APIRouter

from aftercare.domain.localtime import to_local
from aftercare.flows.timeline import Timeline, read_timeline
from aftercare.web.api.body import ClientId, Shown
from aftercare.web.api.sessions import SessionOut
from aftercare.web.deps import CallerDep

router = APIRouter(prefix="/clients", tags=["clients"])


class MessageOut(Shown):
    """One email. `local`: her wall clock when it was sent, or is planned for."""

    id: str
    sequence: str
    step: str
    session_id: str | None
    topic: str
    state: str
    reason: str | None
    planned_for: datetime
    due_at: datetime
    sent_at: datetime | None
    local: datetime


class ConsentOut(Shown):
    """One dated record; only the current one of a topic is in force."""

    topic: str
    given: bool
    current: bool
    source: str
    wording: str
    recorded_by: str
    recorded_at: datetime


class HoldOut(Shown):
    """Staff held or released her."""

    action: str
    actor: str
    at: datetime


class TimelineOut(Shown):
    """Everything about one client's emails, each list oldest first."""

    client_id: str
    timezone: str
    held_at: datetime | None
    messages: list[MessageOut]
    sessions: list[SessionOut]
    consents: list[ConsentOut]
    holds: list[HoldOut]


@router.get("/{client_id}/timeline")
def show(client_id: ClientId, caller: CallerDep) -> TimelineOut:
    """The timeline with the latest 500 emails."""
    with caller.app.reading() as db:
        return _shown(read_timeline(db, caller.clinic_id, client_id))


def _shown(timeline: Timeline) -> TimelineOut:
    return TimelineOut(
        client_id=timeline.client.id,
        timezone=timeline.zone.key,
        held_at=timeline.client.held_at,
        messages=_messages(timeline),
        sessions=[SessionOut.model_validate(row) for row in timeline.sessions],
        consents=[ConsentOut.model_validate(row) for row in timeline.consents],
        holds=[HoldOut.model_validate(row) for row in timeline.holds],
    )


def _messages(timeline: Timeline) -> list[MessageOut]:
    return [
        MessageOut(
            id=row.id,
            sequence=sequence,
            step=row.step_key,
            session_id=session_id,
            topic=row.topic,
            state=row.state,
            reason=row.reason,
            planned_for=row.planned_for,
            due_at=row.due_at,
            sent_at=row.sent_at,
            local=to_local(row.sent_at or row.planned_for, timeline.zone),
        )
        for row, sequence, session_id in timeline.messages
    ]
