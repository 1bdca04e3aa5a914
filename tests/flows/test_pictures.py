"""Pictures of emails before they are sent."""

import re
from dataclasses import replace
from itertools import product

import pytest

from aftercare.errors import NotFound
from aftercare.flows import clinics, pictures
from aftercare.flows.pictures import SAMPLE_PEOPLE, Picture
from aftercare.flows.rendering import NOWHERE
from aftercare.flows.sequences import read_folder
from aftercare.mail.paths import templates_root
from aftercare.models import Clinic
from aftercare.store import sequences
from tests.factories import CLINIC
from tests.journeys.harness import STRONG, Journey


def emails(journey: Journey, slug: str = "after-your-visit") -> dict[str, str]:
    """Ids of the emails of a sequence, by step."""
    with journey.app.reading() as db:
        [found] = [one for one in sequences.published(db, journey.clinic_id) if one.sequence.slug == slug]
        return {key: email.id for key, email in sequences.emails_of(db, found.version.id).items()}


def of_email(journey: Journey, step: str, **asked: str | bool | None) -> Picture:
    """The picture of a step of the ordinary sequence."""
    client_id, sample = asked.get("client_id"), asked.get("sample", "maya")
    with journey.app.reading() as db:
        return pictures.of_email(
            db,
            journey.app,
            journey.clinic_id,
            emails(journey)[step],
            now=journey.now,
            sample=str(sample),
            client_id=str(client_id) if client_id else None,
            therapist_id=journey.therapist_id,
            returning=bool(asked.get("returning")),
        )


def of_messages(journey: Journey, client_id: str) -> dict[str, Picture]:
    """The pictures of a client's messages, by step."""
    with journey.app.reading() as db:
        return {
            row.step_key: pictures.of_message(db, journey.app, journey.clinic_id, row.id)
            for row in journey.messages(client_id)
            if row.state in ("planned", "sent")
        }


@pytest.mark.parametrize("outcome", ["ordinary", STRONG])
def test_what_was_shown_as_planned_is_what_leaves(journey: Journey, outcome: str) -> None:
    maya = journey.add_client()
    journey.visit(maya, outcome)
    shown = of_messages(journey, maya)
    journey.live(days=30)
    sent = of_messages(journey, maya)
    assert len(sent) >= 5
    assert sent == {step: shown[step] for step in sent}


def test_before_a_session_is_logged_a_client_is_shown_the_cards_that_she_will_be_dealt(
    journey: Journey,
) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(days=14)
    shown = of_email(journey, "evening-plan", client_id=maya, returning=True)
    journey.visit(maya)
    planned = of_messages(journey, maya)["evening-plan"]
    assert shown == planned
    assert shown.text != of_email(journey, "evening-plan").text


@pytest.mark.parametrize(
    ("sample", "says"),
    [
        ("maya", "Maya"),
        ("no-name", "there"),
        ("emoji", "Ana 🌿"),
        ("right-to-left", "\u2068שירה\u2069"),
        ("long-name", "Hoogenband"),
        ("other-zone", "Kirra"),
        ("other-country", "Inês"),
        ("somebody-else", "Maya"),
    ],
)
def test_a_sample_person_reads_her_own_name(journey: Journey, sample: str, says: str) -> None:
    picture = of_email(journey, "evening-plan", sample=sample)
    assert says in picture.html
    assert says in picture.text
    assert picture.subject == "A gentle plan for this evening"
    assert "{{" not in picture.preheader


def test_the_support_lines_are_those_of_the_readers_country(journey: Journey) -> None:
    lines = {sample: of_email(journey, "how-are-things", sample=sample).text for sample in SAMPLE_PEOPLE}
    assert "116 123" in lines["maya"]
    assert "13 11 14" in lines["other-zone"]
    assert "findahelpline.com" in lines["other-country"]
    assert "116 123" not in lines["other-country"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_shipped_email_is_shown_to_everybody_and_leads_nowhere_in_her_name(journey: Journey) -> None:
    shipped = map(read_folder, sorted((templates_root() / "sequences" / "en").iterdir()))
    with journey.app.reading() as db:
        clinic = db.get_one(Clinic, journey.clinic_id)
    for files in shipped:
        occasion = pictures.occasion_of(files.spec)
        for document, reader in product(files.emails.values(), SAMPLE_PEOPLE.values()):
            html = pictures.of_document(db, journey.app, clinic, document, reader, occasion).html
            links = set(re.findall(r'href="([^"]+)"', html))
            ours = {link for link in links if link.startswith(journey.app.settings.public_url)}
            personal = {link.partition("?")[0] for link in ours if "/guides/" not in link}
            assert personal == {journey.app.settings.public_url + NOWHERE}


def test_another_clinics_emails_clients_and_messages_are_not_there(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    email_id, message_id = emails(journey)["short-walk"], journey.messages(maya)[0].id
    with journey.app.transaction() as db:
        other = clinics.add_clinic(db, replace(CLINIC, name="Elsewhere"), by="test", now=journey.now).id
    app, now = journey.app, journey.now
    with app.reading() as db:
        with pytest.raises(NotFound):
            pictures.of_email(db, app, other, email_id, now=now)
        with pytest.raises(NotFound):
            pictures.of_email(db, app, journey.clinic_id, email_id, now=now, client_id="cli_nobody")
        with pytest.raises(NotFound):
            pictures.of_message(db, app, other, message_id)
