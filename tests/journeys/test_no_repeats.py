"""Two sequences that draw on the same prompts: who has had a question in the one is not asked it in the
other."""

from aftercare.domain.steps import SequenceSpec
from aftercare.flows import enrolments, preview, sequences
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.mail.document import parse_email
from tests.journeys.harness import Journey

DECK = ("J01", "J02", "J03")
LIGHTER = ("J04", "J05", "J06", "J07", "J08")
PROMPT = {
    "type": "prompt",
    "key": "question",
    "intro": "If you like writing, here is a question.",
    "from": list(DECK),
    "lighter_from": list(LIGHTER),
}
EMAIL = {
    "subject": "Two minutes with a pen",
    "preheader": "One question, a few lines, and no one else reads it.",
    "blocks": [PROMPT],
}


def _publish(journey: Journey, slug: str) -> None:
    """A sequence of one email with the prompts, started by hand; beside any other."""
    raw = {
        "name": slug,
        "public_name": "Emails from us",
        "trigger": "manual",
        "reenrolment": "parallel",
        "steps": [{"key": slug, "wait": {"hours": 1}}],
    }
    files = SequenceFiles(slug, raw, SequenceSpec.parse(raw), {slug: parse_email(EMAIL, slug)})
    with journey.app.transaction() as db:
        sequences.publish(db, journey.clinic_id, files, by="sam", now=journey.now)


def _shown(journey: Journey, client: str, slug: str) -> str:
    """The question that the preview of this sequence shows her."""
    with journey.app.reading() as db:
        plan = preview.preview_by_hand(db, journey.clinic_id, client, slug, now=journey.now)
    return plan.messages[0].cards["question"]


def _dealt(journey: Journey, client: str, slug: str) -> str:
    """Start this sequence; the question that she is dealt, which its preview showed."""
    shown = _shown(journey, client, slug)
    with journey.app.transaction() as db:
        run = enrolments.start_by_hand(db, journey.clinic_id, client, slug, by="staff:sam", now=journey.now)
    [row] = [row for row in journey.messages(client) if row.enrolment_id == run.id]
    assert row.cards["question"] == shown
    return shown


def test_a_question_of_one_sequence_is_not_asked_by_another_within_sixty_days(journey: Journey) -> None:
    _publish(journey, "one")
    _publish(journey, "other")
    maya, ravi = journey.add_client(), journey.add_client("ravi@example.com")
    seen = []
    for slug in ("one", "other", "one", "other", "other"):
        seen.append(_dealt(journey, maya, slug))
        journey.live(days=10)
    # All three are less than sixty days old by then, so the one that is longest ago comes again first.
    assert seen == ["J01", "J02", "J03", "J01", "J02"]
    assert _dealt(journey, ravi, "other") == "J01"
    questions = [row.cards["question.lighter"] for row in journey.messages(maya)]
    assert questions == list(LIGHTER)


def test_what_is_planned_counts_and_what_was_called_off_does_not(journey: Journey) -> None:
    _publish(journey, "one")
    _publish(journey, "other")
    maya = journey.add_client()
    assert _dealt(journey, maya, "one") == "J01"
    assert _shown(journey, maya, "other") == "J02"
    with journey.app.transaction() as db:
        [run] = {row.enrolment_id for row in journey.messages(maya)}
        enrolments.stop_run(db, journey.clinic_id, run, by="staff:sam", now=journey.now)
    assert _dealt(journey, maya, "other") == "J01"
