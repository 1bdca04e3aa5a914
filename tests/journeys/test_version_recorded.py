"""Which words somebody was sent stays known, whatever is published afterwards."""

import json

from aftercare.flows import editing, inbox, journal
from aftercare.mail.skeleton import Skeleton
from aftercare.models import CompiledEmail
from tests.journeys.harness import Journey
from tests.journeys.versions import edit, publish


def versions(journey: Journey, client_id: str) -> dict[str, int]:
    """Step -> the version that its words were from, as the copy says it and as the client's page does."""
    sent = [row for row in journey.messages(client_id) if row.sent_at]
    with journey.app.reading() as db:
        page = journal.read_journal(db, journey.clinic_id, client_id, now=journey.now)
        said = {
            row.step_key: inbox.open_letter(db, journey.app, journey.clinic_id, row.id).version
            for row in sent
        }
    mails = [moment.what for moment in page.past if isinstance(moment.what, journal.Email)]
    assert {mail.message.step_key: mail.version for mail in mails} == said
    return said


def test_an_email_keeps_the_number_of_the_version_that_it_was_sent_from(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(days=1)
    assert versions(journey, maya) == {"evening-plan": 1}
    lines = (("evening-plan", "Tonight"), ("two-minutes-with-a-pen", "A few minutes with a pen"))
    edits = [edit(editing.set_lines, step, subject=subject) for step, subject in lines]
    publish(journey, *edits, in_flight="move")
    journey.live(days=3)
    # The walk's words are the same in both versions; she got it as part of the second.
    assert versions(journey, maya) == {"evening-plan": 1, "two-minutes-with-a-pen": 2, "short-walk": 2}


def test_every_email_that_left_names_its_text_and_the_hash_of_what_it_compiled_to(journey: Journey) -> None:
    maya, ravi = journey.add_client(), journey.add_client("ravi@example.com", first_name="Ravi")
    for client in (maya, ravi):
        journey.visit(client)
    journey.live(days=4)
    hashes = []
    for client in (maya, ravi):
        sent = [row for row in journey.messages(client) if row.sent_at]
        assert len(sent) == 3
        for row in sent:
            with journey.app.reading() as db:
                opened = inbox.open_letter(db, journey.app, journey.clinic_id, row.id)
                compiled = db.get_one(CompiledEmail, row.compiled_id)
            assert compiled.email_version_id == row.email_version_id
            assert Skeleton.from_json(json.loads(compiled.skeleton)).content_hash == opened.compiled_hash
            hashes.append((row.step_key, row.email_version_id, opened.compiled_hash))
    # The same words for both, down to the cards; only names and links differ.
    assert hashes[:3] == hashes[3:]
    assert len(set(hashes)) == 3
