"""The sequences that come with Aftercare, as a new clinic has them."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from aftercare.errors import ContentError
from aftercare.flows import drafts, particulars, sequences
from aftercare.flows.heads import check_questions
from aftercare.flows.sequence_files import SequenceFiles, read_folder
from aftercare.store.consents import REQUEST_SLUG, SUPPORT_SLUG

STARTS_TODAY = ("session.logged", "appointment.booked", "sequence.finished", "staff.created")
"""The events that enrol people by themselves. Emails before a visit and staying in touch reach nobody who has
no appointment, or has not said yes to that topic."""
BY_ITSELF = (REQUEST_SLUG, SUPPORT_SLUG)
"""What a person, or a client's answer, sends one by one."""


def publish_defaults(db: Session, clinic_id: str, root: Path, *, by: str, now: datetime) -> list[str]:
    """Publish the sequences under `root` that begin by themselves, the one that asks for consent and extra
    support; their slugs. One that nothing starts would look live and never send. One that asks how somebody
    is waits as a draft until somebody is named who hears of the answers; one that says how the clinic is
    reached, until that is known."""
    shipped = [read_folder(path.parent) for path in sorted(root.glob("*/sequence.yaml"))]
    live = []
    for files in filter(_is_default, shipped):
        try:
            check_questions(db, clinic_id, files)
            particulars.check(db, clinic_id, files)
        except ContentError:
            drafts.save_draft(db, clinic_id, files, revision=None, by=by, now=now)
        else:
            sequences.publish(db, clinic_id, files, by=by, now=now)
            live.append(files.slug)
    return live


def _is_default(files: SequenceFiles) -> bool:
    return files.spec.trigger.on in STARTS_TODAY or files.slug in BY_ITSELF
