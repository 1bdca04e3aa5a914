"""Editing and publishing in the middle of a story."""

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default

from aftercare.flows import drafts, editing, publishing
from aftercare.flows.publishing import Published
from aftercare.flows.sequence_files import SequenceFiles
from tests.journeys.harness import Journey

SLUG = "after-your-visit"

Edit = Callable[[SequenceFiles], SequenceFiles]


def edit(verb: Callable[..., SequenceFiles], *words: object, **options: object) -> Edit:
    """The edit as a function of the files alone."""
    return lambda files: verb(files, *words, **options)


def change_or_remove(files: SequenceFiles, *, number: int, days: int) -> SequenceFiles:
    """Give one of the steps another wait, take it away (0 days; not the last one), or add one (9 days)."""
    keys = [step.key for step in files.spec.steps]
    key = keys[number % len(keys)]
    if days == 0 and len(keys) > 1:
        return editing.remove_step(files, key)
    if days == 9 and len(keys) < 8 and files.slug == SLUG:
        return editing.add_step(files, subject=f"More {number}", wait={"days": number % 9, "at": "11:00"})
    return editing.set_wait(files, key, {"days": days, "at": "10:00"})


def change(journey: Journey, *edits: Edit, slug: str = SLUG) -> None:
    """Make these edits in the draft."""
    with journey.app.transaction() as db:
        draft = drafts.open_draft(db, journey.clinic_id, slug, by="sam", now=journey.now)
        files = draft.files
        for one in edits:
            files = one(files)
        drafts.save_draft(db, journey.clinic_id, files, revision=draft.revision, by="sam", now=journey.now)


def publish(journey: Journey, *edits: Edit, in_flight: str, slug: str = SLUG) -> Published:
    """Make these edits and publish them."""
    change(journey, *edits, slug=slug)
    with journey.app.transaction() as db:
        draft = publishing.check_draft(db, journey.app, journey.clinic_id, slug)
        return publishing.publish_draft(
            db, journey.clinic_id, draft, in_flight=in_flight, by="sam", now=journey.now
        )


def subjects(journey: Journey, email: str) -> list[str]:
    """The subjects that arrived at an address, in order."""
    mine = [one.content for one in journey.server.received if one.rcpt_tos == (email,)]
    return [str(message_from_bytes(content, policy=default)["Subject"]) for content in mine]


def fates(journey: Journey, client_id: str) -> dict[str, str]:
    """Step -> how its email ended or stands; a cancelled row says it only where no other row does."""
    rows = sorted(journey.messages(client_id), key=lambda row: row.state != "cancelled")
    return {row.step_key: row.state + (f": {row.reason}" if row.reason else "") for row in rows}
