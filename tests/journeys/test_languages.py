"""An email comes in its reader's language, from the subject to the page behind the link, or in English."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from aftercare.flows import clients
from tests.journeys.harness import Journey
from tests.web.visitor import Visitor

ENGLISH = re.compile(r"\b(the|you|your|with|Unsubscribe|Email settings)\b")
OF_THE_CLINIC = ("Sam at the front desk", "Monday to Friday, 9:00 to 17:00")
"""What a clinic writes of itself, it writes in one language."""


def reader(journey: Journey, language: str) -> str:
    """A client who reads this language."""
    client_id = journey.add_client()
    with journey.app.transaction() as db:
        clients.correct(db, journey.clinic_id, client_id, language=language, by="sam", now=journey.now)
    return client_id


def received(journey: Journey) -> list[EmailMessage]:
    """What arrived, in order."""
    mails = [message_from_bytes(one.content, policy=default) for one in journey.server.received]
    assert all(isinstance(mail, EmailMessage) for mail in mails)
    return mails


def body(mail: EmailMessage, kind: str) -> str:
    """The HTML or the plain text."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("language", ["es", "es-MX"])
def test_a_client_who_reads_spanish_gets_every_email_all_in_spanish(journey: Journey, language: str) -> None:
    maya = reader(journey, language)
    journey.visit(maya)
    journey.live(days=14)
    mails = received(journey)
    assert [mail["Subject"] for mail in mails] == [
        "Un plan tranquilo para esta noche",
        "Dos minutos con un lápiz",
        "Un paseo corto, si te va bien",
        "Unos minutos de calma",
        "¿Cómo va todo?",
    ]
    for mail in mails:
        assert mail["Content-Language"] == "es"
        assert '<html lang="es" dir="ltr"' in body(mail, "html")
        text = body(mail, "plain")
        for own in OF_THE_CLINIC:
            text = " ".join(text.split()).replace(own, "")
        assert not ENGLISH.search(text), text
        assert "“Correos después de tu visita”" in text
    assert "116 123" in body(mails[0], "plain")


def test_her_next_visit_comes_in_spanish_with_a_question(journey: Journey) -> None:
    maya = reader(journey, "es")
    journey.visit(maya)
    journey.live(days=20)
    before = len(journey.server.received)
    journey.visit(maya)
    journey.live(days=14)
    [again] = received(journey)[before:]
    assert "Gracias por volver a ver a Sam" in body(again, "plain")
    assert "Una pregunta para escribir" in body(again, "plain")


def test_the_pages_behind_a_spanish_email_are_spanish_whatever_the_browser_says(journey: Journey) -> None:
    maya = reader(journey, "es")
    journey.visit(maya)
    journey.live(days=4)
    walk = body(received(journey)[-1], "html")
    visitor = Visitor(journey)
    ours = set(re.findall(rf'href="{re.escape(journey.app.settings.public_url)}(/[^"]+)"', walk))
    assert len(ours) >= 2
    for path in ours:
        page = visitor.get(path, headers={"Accept-Language": "en"})
        assert page.status_code == 200
        assert '<html lang="es" dir="ltr"' in page.text, path
    [guide] = set(re.findall(r"/guides/[^\"]+", walk))
    assert guide == "/guides/walking?lang=es"


def test_a_language_that_nothing_is_written_in_gets_it_all_in_english(journey: Journey) -> None:
    maya = reader(journey, "fr")
    journey.visit(maya)
    journey.live(days=14)
    mails = received(journey)
    assert [mail["Subject"] for mail in mails][:2] == [
        "A gentle plan for this evening",
        "Two minutes with a pen",
    ]
    for mail in mails:
        assert mail["Content-Language"] == "en"
        assert '<html lang="en" dir="ltr"' in body(mail, "html")
        assert "Unsubscribe" in body(mail, "plain")


def test_a_sequence_without_a_translation_comes_in_english_with_its_frame(journey: Journey) -> None:
    maya = reader(journey, "es")
    journey.visit(maya, "strong_feelings")
    journey.live(days=1)
    mail = received(journey)[0]
    assert mail["Subject"] == "Thank you for coming in"
    assert mail["Content-Language"] == "en"
    assert "Unsubscribe" in body(mail, "plain")
    assert "Darse de baja" not in body(mail, "plain")


def test_a_client_who_changes_her_language_gets_what_is_still_to_come_in_it(journey: Journey) -> None:
    maya = journey.add_client()
    journey.visit(maya)
    journey.live(hours=4)
    with journey.app.transaction() as db:
        clients.correct(db, journey.clinic_id, maya, language="es", by="sam", now=journey.now)
    journey.live(days=1)
    assert [mail["Content-Language"] for mail in received(journey)] == ["en", "es"]
