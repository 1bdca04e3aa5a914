"""What the public newsletter pages need to be shown: a form and an archive that are open, an issue that has
gone out, and somebody who has signed up and not confirmed."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.segments import Segment
from aftercare.flows import newsletter_page, newsletters, signup_mail, signups
from aftercare.flows.newsletter_page import Choices
from aftercare.flows.newsletters import When
from aftercare.mail.tokens import Purpose, sign
from aftercare.store import clinics
from aftercare.store import newsletters as issues
from aftercare.store import signups as rows
from aftercare.store.signups import Typed
from aftercare.testing.inline import InlineApp

ADDRESS = "nina@example.com"


def open_to_all(db: Session, app: InlineApp, clinic_id: str, now: datetime) -> dict[str, str]:
    """The names that stand in braces in the paths of `screens`."""
    choices = Choices(takes_signups=True, shows_archive=True)
    page = newsletter_page.choose(db, clinic_id, choices, by="pictures", now=now)
    return {
        "newsletter": page.slug,
        "issue_sent": _sent(db, clinic_id, now),
        "signed_up": _signed_up(db, app, clinic_id, now),
    }


def _sent(db: Session, clinic_id: str, now: datetime) -> str:
    issue = newsletters.create(db, clinic_id, "issue-5", by="pictures", now=now)
    entry = issues.get(db, clinic_id, issue.id)
    when = When((now + timedelta(days=1)).replace(tzinfo=None))
    draft = newsletters.content(db, entry)
    newsletters.schedule(db, clinic_id, issue.id, draft, when, Segment(), by="pictures", now=now)
    left = now - timedelta(days=8)
    issue.state, issue.scheduled_for, issue.finished_at = "sent", left, now
    issue.scheduled_local = left.replace(tzinfo=None).isoformat(timespec="minutes")
    return issue.id


def _signed_up(db: Session, app: InlineApp, clinic_id: str, now: datetime) -> str:
    wording = newsletter_page.wording(clinics.get(db, clinic_id), None, "en")
    typed = Typed("a" * 64, "b" * 64, ADDRESS, "en", wording)
    signups.ask(db, clinic_id, typed, network="c" * 64, unshifted=now)
    [signup] = rows.lock_waiting(db, clinic_id, limit=1)
    signup_mail.ask_for_a_yes(db, clinic_id, now=now, unshifted=now)
    row = rows.recipient(db, signup, ADDRESS, now=now)
    return sign(app.token_keys, Purpose.CONSENT, row.id, signups.TOPIC, row.token_epoch)
