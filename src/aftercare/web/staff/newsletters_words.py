"""What the newsletter's pages say: states, and why somebody does not get an issue."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare.domain.localtime import to_local
from aftercare.flows.newsletters import stands_still
from aftercare.models import NewsletterIssue, Sequence
from aftercare.web.staff.reasons import reason_in_words

CHIPS = {
    "draft": ("Draft", "warn"),
    "scheduled": ("Scheduled", ""),
    "sending": ("Being sent", "good"),
    "sent": ("Sent", "quiet"),
    "cancelled": ("Cancelled", "quiet"),
}
LEFT_OUT = {
    "segment": "not in the group that you chose",
    "left_group": "no longer in the group when it was to leave",
    "suppressed": "their address does not take our emails",
    "stopped": "everything was stopped for them",
    "stopped_everything": "everything was stopped for them",
    "support_path": "the support path is running for them",
    "tender_path": "strong feelings came up at a visit within two weeks before, or those emails still run",
    "recent_visit": "were here within three days before",
    "held": "on hold until somebody releases them",
    "paused": "have paused their emails",
    "less_often": "have asked for fewer emails",
    "capped": "would get too many emails that week",
    "ambiguous": "on their way when a computer failed; may have arrived, and are not sent twice",
    "expired": "their hour was over by more than three days",
    "opted_out": "left the newsletter before it was sent",
    "no_consent": "left the newsletter before it was sent",
    "issue_cancelled": "the issue was cancelled first",
}
WHOSE = (
    ("recipient", "on each reader’s own clock"),
    ("clinic", "on the clinic’s clock, everywhere at once"),
)
TUESDAY = 1


def chip(issue: NewsletterIssue, sequence: Sequence) -> tuple[str, str]:
    """State and tone of its chip."""
    return ("Paused", "warn") if stands_still(issue, sequence) else CHIPS[issue.state]


def left_out(reason: str) -> str:
    """Why some subscribers do not get it."""
    return LEFT_OUT.get(reason) or reason_in_words(reason) or "left out"


def hour(issue: NewsletterIssue) -> datetime:
    """For when it is scheduled, on whosever clock."""
    return datetime.fromisoformat(str(issue.scheduled_local))


def next_tuesday(now: datetime, zone: str) -> date:
    """The next Tuesday that is not today, in the clinic's calendar."""
    tomorrow = to_local(now, ZoneInfo(zone)).date() + timedelta(days=1)
    return tomorrow + timedelta(days=(TUESDAY - tomorrow.weekday()) % 7)
