"""The conditions of a segment as SQL about a `client` row."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select, true

from aftercare.domain.localtime import parse_zone, to_utc
from aftercare.domain.segments import Segment
from aftercare.models import CareSession, Client, Clinic, Enrolment, Sequence

_VISIT = (CareSession.client_id == Client.id, CareSession.cancelled_at.is_(None))


def fits(segment: Segment, clinic: Clinic) -> ColumnElement[bool]:
    """SQL: a `client` row of this clinic is in this segment. Dates are of the clinic's calendar; its country
    is that of clients without one."""
    zone = parse_zone(clinic.timezone)
    conditions: list[ColumnElement[bool]] = [true()]
    if segment.language:
        conditions.append(func.lower(Client.language) == segment.language.lower())
    if segment.country:
        conditions.append(func.coalesce(Client.country, clinic.country) == segment.country)
    if segment.therapist:
        conditions.append(_last_therapist() == segment.therapist)
    if segment.visited_since:
        conditions.append(_visit_since(segment.visited_since, zone))
    if segment.not_visited_since:
        conditions.append(~_visit_since(segment.not_visited_since, zone))
    if segment.finished:
        conditions.append(_has_finished(segment.finished))
    return and_(*conditions)


def _happened() -> ColumnElement[bool]:
    return CareSession.outcome != "did_not_happen"


def _visit_since(day: date, zone: ZoneInfo) -> ColumnElement[bool]:
    start = to_utc(datetime.combine(day, time()), zone)
    visit = select(CareSession.id).where(*_VISIT, _happened(), CareSession.ended_at >= start)
    return visit.correlate(Client).exists()


def _last_therapist() -> ColumnElement[str | None]:
    latest = (
        select(CareSession.therapist_id)
        .where(*_VISIT, _happened())
        .order_by(CareSession.ended_at.desc(), CareSession.id)
        .limit(1)
    )
    return latest.correlate(Client).scalar_subquery()


def _has_finished(slug: str) -> ColumnElement[bool]:
    run = (
        select(Enrolment.id)
        .join(Sequence, Sequence.id == Enrolment.sequence_id)
        .where(Enrolment.client_id == Client.id, Sequence.slug == slug, Enrolment.exit_reason == "completed")
    )
    return run.correlate(Client).exists()
