"""Runs of a newsletter's issues whose readers have come back."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from aftercare.models import Enrolment, NewsletterIssue


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
