"""Issues of the newsletter: how far each has come, scheduling one, and stopping it. They are written in the
browser."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from aftercare.domain.newsletters import Audience
from aftercare.domain.segments import Segment
from aftercare.errors import InvalidInput
from aftercare.flows import newsletter_audience, newsletter_issues, newsletters
from aftercare.flows.newsletter_files import TOPIC
from aftercare.flows.newsletters import When
from aftercare.models import NewsletterIssue
from aftercare.store import newsletters as rows
from aftercare.web.api.body import Body, IssueId, Line, Shown
from aftercare.web.deps import CallerDep
from aftercare.web.errors import BadHeader
from aftercare.web.idempotency import OnceDep

router = APIRouter(prefix="/newsletters", tags=["newsletters"])
MOST_CONDITIONS = 10


class ScheduleIn(Body):
    """When an issue goes and to whom. `hour` is a wall clock time without offset, such as 2026-12-01T10:00:
    on each recipient's clock, or (`whose_time` clinic) on the clinic's."""

    hour: Line
    whose_time: Line = "recipient"
    segment: Annotated[dict[Line, Line], Field(default_factory=dict, max_length=MOST_CONDITIONS)]

    def when(self) -> When:
        """The hour. InvalidInput."""
        try:
            local = datetime.fromisoformat(self.hour)
        except ValueError:
            local = None
        if local is None or local.tzinfo is not None:
            raise InvalidInput("hour", "write a local date and time like 2026-12-01T10:00")
        return When(local, self.whose_time)


class IssueOut(Shown):
    """An issue, and how many of its emails stand where."""

    id: str
    subject: str
    state: str
    paused: bool
    scheduled_local: str | None
    whose_time: str
    sent: int
    to_come: int
    waiting: int
    failed: int
    left_out: dict[str, int]


class Issues(Shown):
    """The newest issues."""

    data: list[IssueOut]


class Scheduled(Shown):
    """An issue that was just scheduled: `subscribers` = `get_it` + the sum of `left_out`."""

    id: str
    state: str
    subscribers: int
    get_it: int
    left_out: dict[str, int]


@router.get("")
def list_all(caller: CallerDep) -> Issues:
    """The newest issues, counted from their emails."""
    with caller.app.reading() as db:
        cards = newsletter_issues.cards(db, caller.clinic_id)
    return Issues(data=[_shown(card) for card in cards])


@router.post("/{issue_id}/schedule", response_model=Scheduled)
def schedule(issue_id: IssueId, new: ScheduleIn, caller: CallerDep, once: OnceDep) -> Response:
    """Send a draft to its subscribers at that hour. Needs an Idempotency-Key: it reaches thousands."""
    app, clinic_id, now = caller.app, caller.clinic_id, caller.app.clock.now()
    when, segment = new.when(), Segment.parse(new.segment)
    with app.reading() as db:
        entry = rows.get(db, clinic_id, issue_id)
        if once.key is None:
            raise BadHeader("Scheduling an issue needs an Idempotency-Key, such as a UUID.")
        # Asked again after it was scheduled: the stored answer follows, or a conflict.
        is_draft = entry.issue.state == "draft"
        checked = newsletters.check(db, app, clinic_id, issue_id) if is_draft else None
        found = newsletter_audience.audience(db, clinic_id, TOPIC, when, segment, now=now)
    with app.transaction() as db:
        if (before := once.replay(db)) is not None:
            return before
        checked = checked or newsletters.content(db, entry)
        issue = newsletters.schedule(db, clinic_id, issue_id, checked, when, segment, by=caller.by, now=now)
        answer = once.keep(db, 200, _scheduled(issue, found))
    app.submit("enrol_subscribers")
    return answer


@router.delete("/{issue_id}/schedule", status_code=204)
def cancel(issue_id: IssueId, caller: CallerDep) -> None:
    """Send no more of it; what has left has left. Doing it again changes nothing."""
    with caller.app.transaction() as db:
        newsletters.cancel(db, caller.clinic_id, issue_id, by=caller.by, now=caller.app.clock.now())


def _scheduled(issue: NewsletterIssue, found: Audience) -> Scheduled:
    return Scheduled(
        id=issue.id,
        state=issue.state,
        subscribers=found.subscribers,
        get_it=found.going,
        left_out=dict(found.left_out),
    )


def _shown(card: newsletter_issues.Card) -> IssueOut:
    progress = card.progress
    return IssueOut(
        id=card.issue.id,
        subject=card.subject,
        state=card.issue.state,
        paused=card.sequence.paused_at is not None and card.issue.finished_at is None,
        scheduled_local=card.issue.scheduled_local,
        whose_time=card.issue.whose_time,
        sent=progress.sent,
        to_come=progress.to_come,
        waiting=progress.waiting,
        failed=progress.failed,
        left_out=dict(progress.left_out),
    )
