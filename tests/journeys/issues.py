"""What stories about newsletters are told with."""

from datetime import datetime

from sqlalchemy import func, select

from aftercare.domain.newsletters import Audience
from aftercare.domain.segments import Segment
from aftercare.flows import newsletter_audience, newsletters
from aftercare.flows.newsletters import When
from aftercare.models import Consent, Message
from aftercare.store import newsletters as rows
from aftercare.store.newsletters import Entry
from tests.factories import World

TUESDAY_10 = datetime.fromisoformat("2026-11-24T10:00")
EVERYBODY = Segment()


def new_issue(world: World, starter: str = "issue-2") -> str:
    """The id of a new issue."""
    with world.app.transaction() as db:
        return newsletters.create(db, world.clinic_id, starter, by="sam", now=world.app.clock.now()).id


def schedule(
    world: World, issue_id: str, local: datetime = TUESDAY_10, whose: str = "recipient", **segment: str
) -> None:
    """Schedule it the way the page does, and enrol everybody."""
    now = world.app.clock.now()
    with world.app.reading() as db:
        checked = newsletters.check(db, world.app, world.clinic_id, issue_id)
    with world.app.transaction() as db:
        newsletters.schedule(
            db,
            world.clinic_id,
            issue_id,
            checked,
            When(local, whose),
            Segment.parse(segment),
            by="sam",
            now=now,
        )
    world.app.submit("enrol_subscribers")
    world.app.drain()


def read(world: World, issue_id: str) -> Entry:
    """The issue as it is now."""
    with world.app.reading() as db:
        return rows.get(db, world.clinic_id, issue_id)


def tally(world: World, issue_id: str) -> dict[str, int]:
    """How many emails of it stand where: `sent`, `skipped: capped`."""
    with world.app.reading() as db:
        found = rows.tally(db, rows.get(db, world.clinic_id, issue_id).issue.sequence_id)
    return {one.state + (f": {one.reason}" if one.reason else ""): one.number for one in found}


def audience(
    world: World,
    local: datetime = TUESDAY_10,
    whose: str = "recipient",
    segment: Segment = EVERYBODY,
    *,
    issue: str = "",
) -> Audience:
    """The numbers of the review; `issue`: of one that is scheduled already."""
    now = world.app.clock.now()
    but = read(world, issue).sequence.id if issue else ""
    with world.app.reading() as db:
        return newsletter_audience.audience(
            db, world.clinic_id, "newsletter", When(local, whose), segment, now=now, but=but
        )


def subscribers(world: World) -> int:
    """How many yeses to the newsletter are in force, counted without the code under test."""
    query = select(func.count(Consent.client_id.distinct())).where(
        Consent.topic == "newsletter", Consent.current, Consent.given
    )
    with world.app.reading() as db:
        return db.scalar(query) or 0


def copies(world: World, issue_id: str) -> list[tuple[str, int]]:
    """Clients who have more than one row of it that was not cancelled."""
    query = (
        select(Message.client_id, func.count())
        .where(Message.sequence_id == read(world, issue_id).sequence.id, Message.state != "cancelled")
        .group_by(Message.client_id)
        .having(func.count() > 1)
    )
    with world.app.reading() as db:
        return [(row[0], row[1]) for row in db.execute(query)]
