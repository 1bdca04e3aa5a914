"""From the form to the newsletter: one email, one page, one button, and no trace of who presses none."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from aftercare.flows import client_export, consent, life_events
from aftercare.models import Client, Message
from aftercare.store import clients, consents, roster
from aftercare.store import signups as rows
from aftercare.testing.tables import table_hash
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.signing_up import PAGE, later, link_in, mailbox, opened, sign_up, stored, word_of
from tests.web.visitor import Visitor

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""
NINA = "nina@example.com"


@pytest.fixture
def form(world: World, visitor: Visitor) -> Visitor:
    """A visitor of a clinic whose form is open."""
    opened(world)
    return visitor


def asked(world: World, form: Visitor, email: str = NINA, **what: str) -> str:
    """The link that she got after she had sent the form."""
    assert sign_up(form, email, **what).status_code == 200
    world.app.sweep()
    return link_in(world, mailbox(world, email)[-1])


def test_a_yes_behind_the_link_makes_a_client_who_said_yes_to_these_words(
    world: World, form: Visitor
) -> None:
    link = asked(world, form, language="en")
    text = form.get(link).text
    assert "first_name" not in form.get(PAGE).text, "a stranger may have typed it, so nobody would read it"
    assert form.post(link, data={"answer": "yes", "first_name": "x" * 101}).status_code == 422
    answer = form.post(link, data={"answer": "yes", "first_name": "Nina"})
    assert "If one leaves today or tomorrow, you may not get that one yet." in answer.text
    with world.app.reading() as db:
        nina = clients.by_email(db, world.clinic_id, NINA)
        assert nina is not None
        record = consents.current(db, nina.id)["newsletter"]
    assert (nina.first_name, nina.language, nina.signup_id) == ("Nina", "en", None)
    assert (record.given, record.source, record.recorded_by) == (True, "signup_form", f"client:{nina.id}")
    assert "Yes, Willow Lane Clinic may send me its newsletter by email" in record.wording
    assert record.wording in text


def test_pressing_again_changes_nothing_and_the_next_page_has_the_way_out(
    world: World, form: Visitor
) -> None:
    link = asked(world, form)
    first = form.post(link, data={"answer": "yes"}).text
    after = table_hash(world.app.engine)
    assert form.post(link, data={"answer": "yes"}).status_code == 200
    assert table_hash(world.app.engine) == after
    assert "You get the newsletter" in form.get(link).text
    leave = first.split('href="/u/')[1].split('"')[0]
    form.post(f"/u/{leave}", data={"leave": "topic"})
    assert word_of(world, NINA) is False


@ONE_IS_ENOUGH
def test_the_email_asks_and_nothing_else(world: World, form: Visitor) -> None:
    asked(world, form, first_name="Buy now at example.org")
    [text] = mailbox(world, NINA)
    assert text.startswith("Is this your email address?\n")
    assert "Buy now" not in text
    assert "/u/" not in text
    assert not any(word in text.lower() for word in ("offer", "book", "price", "visit us"))


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@ONE_IS_ENOUGH
def test_looking_changes_nothing(world: World, form: Visitor, method: str) -> None:
    link = asked(world, form)
    before = table_hash(world.app.engine)
    for path in (link, PAGE):
        answer = form.send(method, path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
    assert table_hash(world.app.engine) == before


def test_who_has_not_confirmed_is_nowhere_a_client(world: World, form: Visitor) -> None:
    asked(world, form)
    with world.app.reading() as db:
        assert clients.search(db, world.clinic_id, "nina", limit=9) == []
        assert clients.recent(db, world.clinic_id, limit=9) == []
        assert roster.page(db, world.clinic_id, only="all", after=None, limit=9) == []
    world.add_client(NINA, first_name="Nina", topics=())
    assert word_of(world, NINA) is None


def test_a_client_who_signs_up_stays_one_client_with_one_history(world: World, form: Visitor) -> None:
    maya = world.add_client()
    link = asked(world, form, "Maya@EXAMPLE.com")
    assert world.messages(maya) == []
    form.post(link, data={"answer": "yes", "first_name": "Somebody else"})
    assert word_of(world, "maya@example.com") is True
    assert world.client(maya).first_name == "Maya"
    assert "You get the newsletter" in form.get(link).text


def test_what_a_client_typed_into_the_form_and_what_she_got_is_in_her_copy(
    world: World, form: Visitor
) -> None:
    asked(world, form, "Maya@example.com")
    asked(world, form, "ravi@example.com")
    maya = world.add_client()
    with world.app.transaction() as db:
        made = client_export.export(db, world.app, world.clinic_id, maya, by="sam", now=MONDAY_14)
    [typed] = made["newsletter_signup"]
    assert typed["email"] == "Maya@example.com"
    [letter] = made["emails_that_left"]
    assert letter["subject"] == "Is this your email address?"
    assert "hash" not in str(made)
    assert "ravi" not in str(made)


def test_nobody_learns_from_the_answer_whom_we_know(world: World, form: Visitor) -> None:
    world.add_client("subscribed@example.com", topics=("newsletter",))
    world.add_client("known@example.com")
    left = world.add_client("left@example.com")
    suppressed, died = world.add_client("bounced@example.com"), world.add_client("died@example.com")
    with world.app.transaction() as db:
        life_events.stop_everything(db, world.clinic_id, died, reason="died", by="sam", now=MONDAY_14)
        consent.opt_out(db, left, "*", source="unsubscribe_page", now=MONDAY_14)
        row = db.get_one(Client, suppressed)
        consents.suppress(db, row, reason="bounced", by="engine", now=MONDAY_14)
    names = ("subscribed", "known", "left", "bounced", "died", "stranger", "stranger", "subscribed")
    answers = [sign_up(form, f"{name}@example.com") for name in names]
    assert len({_without_nonce(answer.text) for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {200}
    world.app.sweep()
    got = {name for name in names if mailbox(world, f"{name}@example.com")}
    assert got == {"known", "stranger"}


def test_she_who_left_comes_back_by_a_link_of_her_own(world: World, form: Visitor) -> None:
    link = asked(world, form)
    form.post(link, data={"answer": "yes"})
    with world.app.transaction() as db:
        nina = clients.by_email(db, world.clinic_id, NINA)
        assert nina is not None
        consent.opt_out(db, nina.id, "newsletter", source="unsubscribe_page", now=MONDAY_14)
    later(world, timedelta(days=3))
    sign_up(form, NINA)
    world.app.sweep()
    assert len(mailbox(world, NINA)) == 1
    assert "You have left the newsletter" in form.get(link).text
    form.post(link, data={"answer": "yes"})
    assert word_of(world, NINA) is True


def test_no_deletes_the_address_at_once_and_no_typing_brings_the_email_back(
    world: World, form: Visitor
) -> None:
    link = asked(world, form)
    assert "No newsletter will come" in form.post(link, data={"answer": "no"}).text
    assert form.get(link).status_code == 404
    assert [row.email for row in stored(world)] == [None]
    assert _letters(world) == 0
    later(world, timedelta(days=2))
    sign_up(form, NINA)
    world.app.sweep()
    assert _letters(world) == 0


def test_after_thirty_days_without_a_yes_nothing_of_her_is_left_but_the_count(
    world: World, form: Visitor
) -> None:
    link = asked(world, form)
    for days in (10, 20, 29):  # typing it in again and again keeps nothing alive
        later(world, timedelta(days=days))
        if days == 29:
            sign_up(form, NINA)
        world.app.sweep()
    later(world, timedelta(days=60))
    world.app.sweep()
    [row] = stored(world)
    assert (row.email, row.wording, row.confirmations) == (None, "", 2)
    assert form.get(link).status_code == 404
    assert _letters(world) == 0


@ONE_IS_ENOUGH
@pytest.mark.parametrize("email", ["", "nina", "a@b@example.com"])
def test_what_cannot_be_used_is_said_beside_the_field_and_kept(
    world: World, form: Visitor, email: str
) -> None:
    answer = sign_up(form, email)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{email}"' in answer.text
    assert stored(world) == []


@ONE_IS_ENOUGH
def test_a_program_that_fills_in_every_field_gets_the_same_answer_and_no_email(
    world: World, form: Visitor
) -> None:
    honest, caught = sign_up(form, NINA), sign_up(form, "bot@example.com", website="https://spam.example")
    assert _without_nonce(honest.text) == _without_nonce(caught.text)
    assert [row.email for row in stored(world)] == [NINA]


@ONE_IS_ENOUGH
def test_a_closed_form_takes_nothing_and_a_clinic_without_pages_has_none(
    world: World, visitor: Visitor
) -> None:
    assert visitor.get(PAGE).status_code == 404
    opened(world, takes_signups=False, shows_archive=True)
    assert "At the moment you cannot sign up" in visitor.get(PAGE).text
    assert "At the moment you cannot sign up" in sign_up(visitor, NINA).text
    assert stored(world) == []


@ONE_IS_ENOUGH
def test_everything_comes_in_spanish_for_whoever_reads_spanish(world: World, form: Visitor) -> None:
    assert "Boletín de Willow Lane Clinic" in form.get(PAGE, headers={"Accept-Language": "es-MX"}).text
    assert "Boletín de Willow Lane Clinic" in form.get(f"{PAGE}?lang=es").text
    assert "Mira tu bandeja de entrada" in sign_up(form, NINA, language="es").text
    world.app.sweep()
    [text] = mailbox(world, NINA)
    assert text.startswith("¿Es esta tu dirección de correo?")
    link = link_in(world, text)
    assert "Sí, quiero el boletín" in form.get(link).text
    said = form.post(link, data={"answer": "yes"}).text
    assert "a partir del próximo número. Si uno sale hoy o mañana, puede que ese aún no te llegue." in said
    with world.app.reading() as db:
        nina = clients.by_email(db, world.clinic_id, NINA)
        assert nina is not None
        assert nina.language == "es"
        assert consents.current(db, nina.id)["newsletter"].wording.startswith("Sí, Willow Lane Clinic")


@ONE_IS_ENOUGH
def test_an_address_that_bounced_meanwhile_is_not_written_to(world: World, form: Visitor) -> None:
    sign_up(form, NINA)
    with world.app.transaction() as db:
        nina = Client(
            clinic_id=world.clinic_id, email=NINA, email_key=NINA, created_at=MONDAY_14, language="en"
        )
        consents.suppress(db, nina, reason="complained", by="engine", now=MONDAY_14)
    world.app.sweep()
    assert mailbox(world, NINA) == []


@ONE_IS_ENOUGH
def test_forgetting_deletes_nothing_of_anybody_else(world: World, form: Visitor, maya: str) -> None:
    link = asked(world, form)
    form.post(link, data={"answer": "yes"})
    before = len(world.messages(maya))
    with world.app.transaction() as db:
        rows.forget(db, [row.id for row in stored(world)])
    assert word_of(world, NINA) is True
    assert len(world.messages(maya)) == before


def _letters(world: World) -> int:
    """Messages of anybody in this world."""
    with world.app.reading() as db:
        return db.scalar(select(func.count()).select_from(Message)) or 0


def _without_nonce(text: str) -> str:
    """A page but for the random word that lets its own styles in."""
    before, _, rest = text.partition('<style nonce="')
    return before + rest.partition('"')[2]
