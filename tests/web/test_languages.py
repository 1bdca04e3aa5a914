"""Public pages in the language of whoever reads them."""

import re

import pytest

from aftercare.flows import clients, consent_request
from aftercare.mail.tokens import Purpose
from aftercare.store import consents
from aftercare.web.languages import accepted
from tests.factories import World
from tests.web.one_database import database_url
from tests.web.visitor import Visitor, link, program_of

__all__ = ["database_url"]

SPANISH = '<html lang="es" dir="ltr">'
ENGLISH = '<html lang="en" dir="ltr">'
BROWSER = {"Accept-Language": "de, en;q=0.9"}
ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def lucia(world: World, maya: str) -> str:
    """Maya, who reads Spanish."""
    with world.app.transaction() as db:
        now = world.app.clock.now()
        clients.correct(db, world.clinic_id, maya, language="es-AR", by="test", now=now)
    return maya


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("es", "es"),
        ("es-419, en;q=0.5", "es"),
        ("de-DE, de;q=0.9, es;q=0.8, en;q=0.7", "es"),
        ("en-GB, es;q=0.9", "en"),
        ("es;q=0.2, en;q=0.8", "en"),
        ("es;q=0, fr", "en"),
        ("", "en"),
        ("*", "en"),
        ("es;q=much", "en"),
        (",;;q=,\u00e9,../../es", "en"),
        ("x," * 60 + "es", "en"),
    ],
)
def test_a_browser_gets_the_language_that_it_would_rather_have(header: str, language: str) -> None:
    assert accepted(header, {"en", "es"}) == language


@ONE_IS_ENOUGH
def test_leaving_and_coming_back_in_spanish(world: World, visitor: Visitor, lucia: str) -> None:
    page = visitor.get(link(world, lucia), headers=BROWSER)
    assert SPANISH in page.text
    assert "Tus correos de Willow Lane Clinic" in page.text
    stopped = visitor.post(link(world, lucia), data={"leave": "topic"})
    assert SPANISH in stopped.text
    assert "ya no te enviará los correos que siguen a una visita" in stopped.text
    undo = re.search(r'action="(/u/[^"]+/undo)"', stopped.text)
    assert undo
    restored = visitor.post(undo[1])
    assert SPANISH in restored.text
    assert "Tus correos están como estaban" in restored.text
    everything = visitor.post(link(world, lucia), data={"leave": "everything"})
    assert "no te enviará más correos" in everything.text


def test_consent_is_asked_for_and_recorded_in_the_words_she_read(world: World, visitor: Visitor) -> None:
    ana = world.add_client("ana@example.com", first_name="Ana", topics=())
    with world.app.transaction() as db:
        now = world.app.clock.now()
        clients.correct(db, world.clinic_id, ana, language="es", by="test", now=now)
        consent_request.ask(db, world.clinic_id, ana, by="sam", now=now)
    path = link(world, ana, purpose=Purpose.CONSENT).replace("/u/", "/c/")
    words = "Sí, Willow Lane Clinic puede enviarme correos cortos antes y después de mis visitas."
    page = visitor.get(path)
    assert SPANISH in page.text
    assert words in page.text
    assert "No llegará ningún correo" in visitor.post(path, data={"answer": "no"}).text
    assert _wording(world, ana) == "No, gracias"
    assert "Gracias" in visitor.post(path, data={"answer": "yes"}).text
    assert _wording(world, ana).startswith(words)


def _wording(world: World, client_id: str) -> str:
    with world.app.reading() as db:
        return consents.current(db, client_id)["aftercare"].wording


@ONE_IS_ENOUGH
def test_a_link_that_does_not_work_is_explained_in_the_browsers_language(
    world: World, visitor: Visitor, lucia: str
) -> None:
    cut = link(world, lucia)[:-3]
    spanish = visitor.get(cut, headers={"Accept-Language": "es-ES,es;q=0.9"})
    assert (spanish.status_code, SPANISH in spanish.text) == (404, True)
    assert "Ese enlace ha llegado cortado" in spanish.text
    # Not in hers: it would say that the link was somebody's who reads Spanish.
    assert ENGLISH in visitor.get(cut, headers=BROWSER).text


@ONE_IS_ENOUGH
@pytest.mark.parametrize(
    ("address", "header", "language"),
    [
        ("/guides/writing", "", "en"),
        ("/guides/writing", "es-MX", "es"),
        ("/guides/writing?lang=es", "en", "es"),
        ("/guides/writing?lang=es-PE", "en", "es"),
        ("/guides/writing?lang=en", "es", "en"),
        ("/guides/writing?lang=fr", "es", "en"),
        ("/guides/writing?lang=../../es", "es", "en"),
    ],
)
def test_a_guide_opens_in_the_language_asked_for(
    world: World, visitor: Visitor, address: str, header: str, language: str
) -> None:
    page = visitor.get(address, headers={"Accept-Language": header})
    assert page.status_code == 200
    assert f'<html lang="{language}" dir="ltr">' in page.text
    assert page.headers["Vary"] == "Accept-Language"
    links = re.findall(r'href="(/guides/[^"]+)"', page.text)
    assert links
    assert all(one.endswith("?lang=es") for one in links) == (language == "es")


def test_a_new_client_reads_the_clinics_language_unless_somebody_says_otherwise(world: World) -> None:
    program = program_of(world)
    languages = {
        body.get("language"): program.post("/clients", json={"email": f"{n}@example.com", **body}).json()[
            "language"
        ]
        for n, body in enumerate(({}, {"language": "es"}, {"language": "pt-BR"}))
    }
    assert languages == {None: "en", "es": "es", "pt-BR": "pt-BR"}
