"""Runs of a newsletter's issues: whose readers have come back, and whose have left the issue's group."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from aftercare.domain.segments import Segment
from aftercare.models import Client, Clinic, Enrolment, NewsletterIssue
from aftercare.store.segments import fits


def reopen(db: Session, client_id: str, *, topic: str, now: datetime) -> bool:
    """Open again the runs of this newsletter's issues that her stop ended, where the issue has not begun to
    leave and was not cancelled: she has said yes again. Whether there is one."""
    to_come = select(NewsletterIssue.sequence_id).where(
        NewsletterIssue.topic == topic,
        NewsletterIssue.state == "scheduled",
        NewsletterIssue.starts_at >= now,
    )
    opened = db.execute(
        update(Enrolment)
        .where(
            Enrolment.client_id == client_id,
            Enrolment.sequence_id.in_(to_come),
            Enrolment.exit_reason == "opted_out",
        )
        .values(ended_at=None, exit_reason=None, ended_by=None)
        .returning(Enrolment.id)
        .execution_options(synchronize_session=False)
    )
    return bool(opened.all())


def outside(db: Session, clinic: Clinic, sequence_id: str, client_ids: Collection[str]) -> set[str]:
    """Those of these clients who are not, or no longer, in the segment of the issue that is this sequence."""
    conditions = db.scalar(select(NewsletterIssue.segment).where(NewsletterIssue.sequence_id == sequence_id))
    if not conditions:
        return set()
    segment = fits(Segment.parse(conditions), clinic)
    return set(client_ids) - set(db.scalars(select(Client.id).where(Client.id.in_(client_ids), segment)))
