"""The page behind a question: looking changes nothing, a button answers, and help is always in sight."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from aftercare.flows import clients, consent, life_events
from aftercare.mail.tokens import Purpose, sign
from aftercare.models import CheckinResponse, Enrolment
from aftercare.store import alerts, checkins, clinics, consents
from aftercare.store import clients as client_rows
from aftercare.testing.inline import pass_time
from aftercare.testing.tables import table_hash
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.visitor import Visitor

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SATURDAY = datetime(2026, 11, 28, 15, tzinfo=UTC)


def page(
    world: World, client_id: str, step: str = "how-are-things", purpose: Purpose = Purpose.CHECKIN
) -> str:
    """The path of the link in one of her emails."""
    message = next(row for row in world.messages(client_id) if row.step_key == step)
    epoch = world.client(client_id).token_epoch
    return f"/k/{sign(world.app.token_keys, purpose, client_id, message.id, epoch)}"


def said(world: World, client_id: str) -> CheckinResponse | None:
    """Her answer as it is stored."""
    with world.app.reading() as db:
        found = checkins.of_client(db, client_id)
    return found[-1] if found else None


@ONE_IS_ENOUGH
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("pressed", ["", "?a=3", "?a=9", "?a=call"])
def test_a_scanner_cannot_answer(
    world: World, visitor: Visitor, maya: str, method: str, pressed: str
) -> None:
    before = table_hash(world.app.engine)
    answer = visitor.send(method, page(world, maya) + pressed)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert table_hash(world.app.engine) == before


@ONE_IS_ENOUGH
def test_the_page_marks_what_was_pressed_and_says_who_reads_it_and_whom_to_call(
    world: World, visitor: Visitor, maya: str
) -> None:
    text = visitor.get(page(world, maya) + "?a=2").text
    assert 'value="wobbly" checked' in text
    assert text.count("checked") == 1
    for needed in (
        "Your answer goes to Sam at Willow Lane Clinic.",
        "Monday to Friday",
        "tel:116123",
        "tel:999",
    ):
        assert needed in text
    assert "checked" not in visitor.get(page(world, maya)).text


def test_an_answer_is_kept_with_her_line_and_a_second_one_changes_it(
    world: World, visitor: Visitor, maya: str
) -> None:
    path = page(world, maya)
    done = visitor.post(path, data={"answer": "wobbly", "note": "  Slept\nbadly "})
    assert "a person reads it" in done.text
    assert "tel:116123" in done.text
    first = said(world, maya)
    assert first is not None
    assert (first.answer, first.note) == ("wobbly", "Slept badly")
    assert "“A bit wobbly”" in visitor.get(path).text
    visitor.post(path, data={"answer": "fine"})
    second = said(world, maya)
    assert second is not None
    assert (second.id, second.answer, second.note) == (first.id, "fine", "")
    with world.app.reading() as db:
        assert (
            db.scalars(select(Enrolment.facts).where(Enrolment.client_id == maya)).one()["checkin"] == "fine"
        )


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (MONDAY_14, "We are open now, until 17:00. Sam rings you."),
        (MONDAY_14 + timedelta(hours=5), "We are closed now. Sam rings tomorrow from 09:00."),
        (SATURDAY, "We are closed now. Sam rings Monday from 09:00."),
    ],
)
@ONE_IS_ENOUGH
def test_please_call_me_shows_help_at_once_and_when_somebody_rings(
    world: World, visitor: Visitor, maya: str, when: datetime, words: str
) -> None:
    pass_time(world.app, when)
    assert words in visitor.get(page(world, maya) + "?a=3").text
    done = visitor.post(page(world, maya), data={"answer": "call"}).text
    assert words in done
    assert "tel:116123" in done
    with world.app.reading() as db:
        assert alerts.open_of(db, maya) is not None
    assert world.client(maya).held_at is not None


@ONE_IS_ENOUGH
def test_the_clinics_own_time_is_named_to_who_lives_elsewhere(world: World, visitor: Visitor) -> None:
    ana = world.add_client("ana@example.com", timezone="America/New_York")
    world.log_session(ana, MONDAY_14)
    world.app.drain()
    assert "until 17:00 (London time)" in visitor.get(page(world, ana)).text


@ONE_IS_ENOUGH
@pytest.mark.parametrize("form", [{}, {"answer": "maybe"}, {"answer": "fine", "note": "x" * 301}])
def test_anything_but_an_answer_shows_the_question_again(
    world: World, visitor: Visitor, maya: str, form: dict[str, str]
) -> None:
    answer = visitor.post(page(world, maya), data=form)
    assert answer.status_code in (200, 422)
    assert "Send my answer" in answer.text
    assert said(world, maya) is None


@ONE_IS_ENOUGH
@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.CHECKIN])
def test_a_link_for_something_else_opens_nothing_here(
    world: World, visitor: Visitor, maya: str, purpose: Purpose
) -> None:
    path = page(world, maya, purpose=purpose)
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, data={"answer": "call"}).status_code == 404
    assert said(world, maya) is None


@ONE_IS_ENOUGH
def test_an_email_that_asks_nothing_and_somebody_elses_have_no_page(
    world: World, visitor: Visitor, maya: str
) -> None:
    ana = world.add_client("ana@example.com")
    hers = next(row for row in world.messages(maya) if row.step_key == "how-are-things")
    stolen = f"/k/{sign(world.app.token_keys, Purpose.CHECKIN, ana, hers.id, 0)}"
    for path in (page(world, maya, "evening-plan"), stolen):
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, data={"answer": "call"}).status_code == 404


@ONE_IS_ENOUGH
@pytest.mark.parametrize(
    ("language", "heading", "number"),
    [
        ("en", "Please ring us</h1>", "ring us on 0113"),
        ("es", "Llámanos, por favor</h1>", "Llámanos al 0113"),
    ],
)
def test_where_nobody_can_be_told_the_page_promises_no_call_and_gives_the_number(
    world: World, visitor: Visitor, maya: str, language: str, heading: str, number: str
) -> None:
    with world.app.transaction() as db:
        clients.correct(db, world.clinic_id, maya, language=language, by="sam", now=MONDAY_14)
        for member in clinics.staff_of(db, world.clinic_id):
            member.role = "viewer"
    assert number in visitor.get(page(world, maya) + "?a=3").text
    done = visitor.post(page(world, maya), data={"answer": "call"}).text
    assert heading in done
    assert number in done
    with world.app.reading() as db:
        assert alerts.open_of(db, maya) is not None


@ONE_IS_ENOUGH
def test_in_spanish_all_of_it_is_spanish(world: World, visitor: Visitor, maya: str) -> None:
    with world.app.transaction() as db:
        clients.correct(db, world.clinic_id, maya, language="es", by="sam", now=MONDAY_14)
    text = visitor.get(page(world, maya)).text
    assert 'lang="es"' in text
    for words in ("¿Cómo va todo?", "Quiero que me llamen", "Enviar mi respuesta", "hasta las 17:00"):
        assert words in text
    assert "Te llamaremos" in visitor.post(page(world, maya), data={"answer": "call"}).text


@ONE_IS_ENOUGH
def test_another_answer_while_a_call_is_open_says_that_it_is_and_that_emails_wait(
    world: World, visitor: Visitor, maya: str
) -> None:
    path = page(world, maya)
    asked = visitor.post(path, data={"answer": "call"}).text
    assert "by email too" in asked
    assert "is being told" in asked
    for answer in ("wobbly", "fine"):
        text = visitor.post(path, data={"answer": answer}).text
        assert "emails wait until somebody here starts them again" in text
        assert "go on as before" not in text


@ONE_IS_ENOUGH
def test_the_contacts_are_promised_by_email_only_where_one_can_reach_her(
    world: World, visitor: Visitor, maya: str
) -> None:
    with world.app.transaction() as db:
        consents.suppress(db, client_rows.lock(db, maya), reason="bounce", by="e", now=MONDAY_14)
    text = visitor.post(page(world, maya), data={"answer": "call"}).text
    assert "by email too" not in text
    assert "emails wait" in text


@ONE_IS_ENOUGH
@pytest.mark.parametrize(
    ("language", "stopped", "waits", "goes_on"),
    [
        ("en", "Willow Lane Clinic has stopped all emails to this address.", "emails wait", "go on"),
        (
            "es",
            "Willow Lane Clinic ha detenido todos los correos a esta dirección.",
            "correos esperan",
            "siguen como",
        ),
    ],
)
def test_where_staff_stopped_everything_no_answer_promises_emails(
    world: World, visitor: Visitor, maya: str, language: str, stopped: str, waits: str, goes_on: str
) -> None:
    path = page(world, maya)
    with world.app.transaction() as db:
        clients.correct(db, world.clinic_id, maya, language=language, by="sam", now=MONDAY_14)
        life_events.stop_everything(db, world.clinic_id, maya, "died", by="sam", now=MONDAY_14)
    for answer in ("fine", "wobbly", "call", "wobbly"):
        text = visitor.post(path, data={"answer": answer}).text
        assert stopped in text
        assert waits not in text
        assert goes_on not in text


@ONE_IS_ENOUGH
def test_who_has_said_stop_herself_is_told_of_no_other_emails(
    world: World, visitor: Visitor, maya: str
) -> None:
    path = page(world, maya)
    with world.app.transaction() as db:
        consent.opt_out(db, maya, consent.EVERYTHING, source="test", now=MONDAY_14)
    for answer in ("wobbly", "call", "wobbly"):
        text = visitor.post(path, data={"answer": answer}).text
        assert "emails wait" not in text
        assert "go on as before" not in text
        assert "has stopped all emails" not in text


@ONE_IS_ENOUGH
def test_other_emails_wait_until_a_person_starts_them_and_not_only_until_a_call(
    world: World, visitor: Visitor, maya: str
) -> None:
    text = visitor.post(page(world, maya), data={"answer": "call"}).text
    assert "Our other emails wait until somebody here starts them again." in text


@ONE_IS_ENOUGH
@pytest.mark.parametrize(
    ("language", "day", "at", "words"),
    [
        ("en", 23, time(16, 14, 59), "We are open now, until 17:00. Sam rings you."),
        ("en", 23, time(16, 15), "We are open until 17:00. Sam rings you by then, or tomorrow from 09:00."),
        ("en", 27, time(16, 59, 30), "We are open until 17:00. Sam rings you by then, or Monday from 09:00."),
        (
            "es",
            27,
            time(16, 59, 30),
            "Sam te llamará antes de esa hora, o el lunes a partir de las 09:00.",
        ),
    ],
)
def test_shortly_before_closing_the_next_opening_is_named_too(
    world: World, visitor: Visitor, maya: str, language: str, day: int, at: time, words: str
) -> None:
    path = page(world, maya)
    with world.app.transaction() as db:
        clients.correct(db, world.clinic_id, maya, language=language, by="sam", now=MONDAY_14)
    pass_time(world.app, datetime.combine(datetime(2026, 11, day, tzinfo=UTC), at, UTC))
    assert words in visitor.get(path).text
    assert words in visitor.post(path, data={"answer": "call"}).text
