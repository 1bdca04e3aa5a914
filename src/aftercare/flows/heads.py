"""Whether a sequence as a whole may go live at a clinic: its head, and who would hear of what it asks."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from aftercare.domain.steps import Trigger
from aftercare.errors import ContentError
from aftercare.flows import consent, duty
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.store import clinics
from aftercare.store.consents import ACCOUNT_SLUGS, ASKING_SLUGS

BY_ITSELF = ("account", Trigger("manual"))
"""Purpose and trigger of what goes out without consent."""


def check_head(files: SequenceFiles) -> None:
    """ContentError where the sequence as a whole could not go live: no name, a topic nobody can leave, one of
    the emails that need no consent turned into one that does, any other turned into one that does not.

    Those that need none: what asks for consent or confirms a sign-up, the contacts that somebody gets who has
    asked for a call, and the word to the colleague who rings. All are sent one by one (ADR 10, ADR 17)."""
    where = f"{files.slug}/sequence.yaml"
    for key in files.spec.missing():
        raise ContentError(f"{where}: has no {key!r}. Add it.")
    if files.spec.topic not in consent.TOPICS:
        raise ContentError(f"{where}: unknown topic. Choose from {', '.join(consent.TOPICS)}.")
    if files.slug in ACCOUNT_SLUGS and (files.spec.purpose, files.spec.trigger) != BY_ITSELF:
        why = (
            "asks for consent" if files.slug in ASKING_SLUGS else "goes to whoever asked for a call, or rings"
        )
        raise ContentError(
            f"{where}: this email {why}, so it needs no consent, and goes out one by one. "
            'Put back purpose: account and trigger: {"on": manual}.'
        )
    if files.slug not in ACCOUNT_SLUGS and files.spec.purpose == "account":
        # It would reach people who never agreed, or have stopped.
        raise ContentError(
            f"{where}: purpose: account goes out without consent, which only the email that asks for it and "
            "the contacts that somebody asked for may. Write purpose: care."
        )


def check_questions(db: Session, clinic_id: str, files: SequenceFiles) -> None:
    """ContentError where it asks how somebody is and nobody would hear of “Please call me” (content section
    2, SAFE)."""
    place = next(_questions(files), None)
    if place is not None and not duty.is_ready(clinics.get(db, clinic_id)):
        raise ContentError(
            f"{place} cannot go live, because nobody would hear of “Please call me”. Name the duty contact "
            "and when people work under Settings first."
        )


def _questions(files: SequenceFiles) -> Iterator[str]:
    for step, email in files.emails.items():
        for block in email.blocks:
            if block.type == "check_in":
                yield f"{files.slug}/{step}.yaml: the check-in {block.key!r}"
