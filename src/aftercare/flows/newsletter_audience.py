"""Who gets an issue and who is left out, with reasons that add up to the topic's subscribers. Reads only."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.caps import PRIORITY, Taken
from aftercare.domain.localtime import Anchor, parse_zone, to_utc
from aftercare.domain.newsletters import NOTHING, Audience, Fate, Quiet, Subscriber, count, fate
from aftercare.domain.plan import Run, plan_client
from aftercare.domain.segments import Segment
from aftercare.domain.steps import SequenceSpec
from aftercare.domain.windows import Window
from aftercare.flows import quiet
from aftercare.flows.calendar import caps_of, zone_of
from aftercare.flows.newsletter_files import LATEST, STEP, WAITS
from aftercare.flows.newsletters import When, hour_of
from aftercare.models import Clinic
from aftercare.store import clinics, newsletters
from aftercare.store.newsletters import Place, SubscriberRow

AROUND = timedelta(days=40)
"""Further than the caps, and the most seldom pace that a client can ask for, look."""


@dataclass(frozen=True)
class _Issue:
    """An issue as the planner sees it for each subscriber."""

    clinic: Clinic
    zone: ZoneInfo
    when: When
    spec: SequenceSpec
    window: Window


def audience(
    db: Session,
    clinic_id: str,
    topic: str,
    when: When,
    segment: Segment,
    *,
    now: datetime,
    but: str = "",
) -> Audience:
    """The numbers for an issue that would go at this hour to this segment. `but`: as in `fates`."""
    return count(fates(db, clinic_id, topic, when, segment, now=now, but=but))


def fates(
    db: Session,
    clinic_id: str,
    topic: str,
    when: When,
    segment: Segment,
    *,
    now: datetime,
    but: str = "",
) -> list[Fate]:
    """What becomes of such an issue for each subscriber, by the planner's and the policy's own rules. `but`:
    the issue's own sequence, whose emails take nobody's place."""
    issue = _issue(db, clinic_id, when)
    found = newsletters.subscribers(db, issue.clinic, topic, segment)
    resting = quiet.read(db, clinic_id, now=now)
    taken = _taken(db, clinic_id, hour_of(when, issue.clinic.timezone), but)
    return [fate(_subscriber(row, issue, resting, taken)) for row in found]


def anchor_of(when: When, client_zone: ZoneInfo, clinic_zone: ZoneInfo) -> Anchor:
    """What the one wait of an issue is counted from, for somebody in `client_zone`."""
    if when.whose_time == "clinic":
        return Anchor.at(to_utc(when.local, clinic_zone, "date"), client_zone)
    return Anchor(when.local, client_zone, to_utc(when.local, client_zone, "date"))


def _issue(db: Session, clinic_id: str, when: When) -> _Issue:
    clinic = clinics.get(db, clinic_id)
    step = {"key": STEP, "wait": dict(WAITS[when.whose_time]), "max_late": LATEST}
    return _Issue(
        clinic=clinic,
        zone=parse_zone(clinic.timezone),
        when=when,
        spec=SequenceSpec.parse({"steps": [step]}),
        window=Window.parse(clinic.send_window),
    )


def _subscriber(
    row: SubscriberRow, issue: _Issue, resting: Mapping[str, Quiet], taken: Mapping[str, list[Taken]]
) -> Subscriber:
    client = row.client
    zone = zone_of(client, issue.clinic)
    anchor = anchor_of(issue.when, zone, issue.zone)
    run = Run(STEP, issue.spec.steps, anchor, PRIORITY["news"], "newsletter", {})
    others = taken.get(client.id, ())
    [planned] = plan_client([run], others, zone=zone, window=issue.window, caps=caps_of(client))
    return Subscriber(
        client_id=client.id,
        in_segment=row.in_segment,
        suppressed=row.suppressed,
        stopped=client.stopped_at is not None,
        held=client.held_at is not None,
        paused_until=client.paused_until,
        quiet=resting.get(client.id, NOTHING),
        asked=issue.window.next_open(anchor.instant, zone),
        at=planned.planned_for,
        no_place=planned.skip,
    )


def _taken(db: Session, clinic_id: str, around: datetime, but: str) -> dict[str, list[Taken]]:
    """The places that other emails have, or will have, in each client's calendar: all of them come first."""
    found: dict[str, list[Taken]] = defaultdict(list)
    for place in newsletters.places(db, clinic_id, around - AROUND, around + AROUND, but=but):
        found[place.client_id].append(_as_taken(place))
    return found


def _as_taken(place: Place) -> Taken:
    return Taken(place.enrolment_id, place.at, place.counted)
