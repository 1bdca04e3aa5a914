"""Before an issue goes: when, to whom, who is left out and why, and whether it can."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from aftercare.domain.newsletters import Audience
from aftercare.domain.segments import Segment
from aftercare.errors import Conflict, ContentError, InvalidInput
from aftercare.flows import drafts, newcomers, newsletter_audience, newsletters
from aftercare.flows.drafts import Version
from aftercare.flows.email_checks import Problem, check_emails
from aftercare.flows.newsletters import When
from aftercare.store import clinics
from aftercare.store import newsletters as rows
from aftercare.web.api.body import IssueId
from aftercare.web.staff import emails_words, frame, newsletters_words
from aftercare.web.staff.clients import LANGUAGES
from aftercare.web.staff.deps import EditorDep, Member

router = APIRouter(prefix="/newsletters/{issue_id}")
Line = Annotated[str, Field(max_length=64)]


class Wish(BaseModel):
    """The form as it was sent, or as it begins."""

    date: Line = ""
    time: Line = "10:00"
    whose_time: Line = "recipient"
    language: Line = ""
    country: Line = ""
    therapist: Line = ""
    visited_since: Line = ""
    not_visited_since: Line = ""
    finished: Line = ""

    def when(self) -> When:
        """The hour that it names. InvalidInput."""
        try:
            local = datetime.fromisoformat(f"{self.date}T{self.time}")
        except ValueError:
            raise InvalidInput("date", "choose a day and an hour") from None
        if local.tzinfo is not None or self.whose_time not in dict(newsletters_words.WHOSE):
            raise InvalidInput("date", "choose a day, an hour and whose clock shows it")
        return When(local, self.whose_time)

    def segment(self) -> Segment:
        """The group that it names. InvalidInput."""
        country = newcomers.code_of_country(self.country) or ""
        return Segment.parse(self._group() | {"country": country})

    @property
    def segment_is_open(self) -> bool:
        """Whether it asks for a part of the subscribers."""
        return any(self._group().values())

    def _group(self) -> dict[str, str]:
        return self.model_dump(exclude={"date", "time", "whose_time"})


@dataclass(frozen=True)
class Review:
    """What the page shows. `audience` is None where the form names no hour or no possible group."""

    entry: rows.Entry
    version: Version
    problems: list[Problem]
    wish: Wish
    audience: Audience | None
    error: InvalidInput | None


@router.get("/review")
def review(member: EditorDep, issue_id: IssueId, wish: Annotated[Wish, Query()]) -> Response:
    """Who would get it at that hour; changes nothing."""
    return _show(member, issue_id, wish)


@router.post("/schedule")
def schedule(
    member: EditorDep, issue_id: IssueId, wish: Annotated[Wish, Form()], revision: Annotated[int, Form()]
) -> Response:
    """Send it at that hour."""
    app, clinic_id = member.app, member.clinic_id
    now = app.clock.now()
    try:
        when, segment = wish.when(), wish.segment()
        with app.reading() as db:
            checked = newsletters.check(db, app, clinic_id, issue_id, revision=revision)
        with app.transaction() as db:
            newsletters.schedule(db, clinic_id, issue_id, checked, when, segment, by=member.by, now=now)
    except (InvalidInput, ContentError) as error:
        return _show(member, issue_id, wish, error if isinstance(error, InvalidInput) else None, 422)
    except Conflict as error:
        if not _is_scheduled_so(member, issue_id, when, segment):
            return frame.back(member, f"/newsletters/{issue_id}", str(error), tone="bad")
    app.submit("enrol_subscribers")
    return frame.back(
        member, f"/newsletters/{issue_id}", "Scheduled. You can cancel it up to the minute it leaves."
    )


def _is_scheduled_so(member: Member, issue_id: str, when: When, segment: Segment) -> bool:
    """Whether she has scheduled it for this very hour and group before: she pressed twice."""
    with member.app.reading() as db:
        issue = rows.get(db, member.clinic_id, issue_id).issue
    wish = (member.by, when.local.isoformat(), when.whose_time, segment.to_json())
    return issue.state == "scheduled" and wish == (
        issue.scheduled_by,
        issue.scheduled_local,
        issue.whose_time,
        issue.segment,
    )


def _show(
    member: Member, issue_id: str, wish: Wish, error: InvalidInput | None = None, status: int = 200
) -> Response:
    now = member.app.clock.now()
    with member.app.reading() as db:
        entry = rows.get(db, member.clinic_id, issue_id)
        if entry.issue.state != "draft":
            return frame.back(member, f"/newsletters/{issue_id}", "It is scheduled already.", tone="bad")
        found = _read(db, member, entry, wish, error, now)
        choices = _choices(db, member)
    return _page(member, found, choices, max(status, 422 if found.error else 200), now)


def _page(member: Member, found: Review, choices: dict[str, Any], status: int, now: datetime) -> HTMLResponse:
    return frame.show(
        member,
        "newsletter_review.html.j2",
        status,
        review=found,
        **choices,
        words=newsletters_words,
        email_words=emails_words,
        now=now,
    )


def _read(
    db: Session,
    member: Member,
    entry: rows.Entry,
    wish: Wish,
    error: InvalidInput | None,
    now: datetime,
) -> Review:
    clinic = clinics.get(db, member.clinic_id)
    if not wish.date:
        day = newsletters_words.next_tuesday(now, clinic.timezone)
        wish = wish.model_copy(update={"date": day.isoformat()})
    version = newsletters.content(db, entry)
    audience = None
    try:
        when = wish.when()
        newsletters.check_hour(when, clinic.timezone, now)
        audience = newsletter_audience.audience(
            db, clinic.id, entry.issue.topic, when, wish.segment(), now=now
        )
    except InvalidInput as wrong:
        error = error or wrong
    problems = check_emails(db, member.app, clinic.id, version.files)
    return Review(entry, version, problems, wish, audience, error)


def _choices(db: Session, member: Member) -> dict[str, Any]:
    """What the form can be chosen from."""
    therapists = [(one.id, one.first_name) for one in clinics.staff_of(db, member.clinic_id)]
    series = [(one.slug, one.name) for one in drafts.overview(db, member.clinic_id) if one.live]
    return {
        "languages": [("", "Any language"), *LANGUAGES.items()],
        "countries": newcomers.countries(),
        "therapists": [("", "Anybody"), *therapists],
        "series": [("", "No matter"), *series],
        "clinic_zone": clinics.get(db, member.clinic_id).timezone,
    }
