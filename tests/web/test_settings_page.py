"""Her email settings: four answers and a way back from each, without a log-in and without a script."""

import re
from datetime import timedelta

import httpx
import pytest

from aftercare.flows import clients, life_events
from aftercare.flows.consent import EVERYTHING
from aftercare.mail.tokens import Purpose, sign
from aftercare.models import Client, Staff
from aftercare.store import audit, consents, leaving_reasons, recipients
from aftercare.testing.inline import pass_time
from aftercare.testing.tables import table_hash
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.test_unsubscribe import calendar, given
from tests.web.visitor import Visitor, link

ONE_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""
WANTS = ["stop", "two-weeks", "one-month", "three-months", "weekly", "monthly"]


def page(world: World, client_id: str, topic: str = "aftercare") -> str:
    """The path of her settings."""
    return link(world, client_id, topic, Purpose.SETTINGS).replace("/u/", "/s/")


def undo_path(answer: httpx.Response) -> str:
    """Where the undo button leads."""
    found = re.search(r'action="(/[su]/[^"]+/undo)"', answer.text)
    assert found, answer.text
    return found[1]


def state(world: World, client_id: str) -> tuple[object, ...]:
    """All that her choices can change."""
    client = world.client(client_id)
    return (
        given(world, client_id),
        client.pace,
        client.paused_until,
        client.paused_by,
        calendar(world, client_id),
    )


def trail(world: World, client_id: str) -> list[str]:
    """What the trail says was done for her."""
    with world.app.reading() as db:
        return [entry.action for entry in audit.of_subject(db, world.clinic_id, client_id)]


@pytest.mark.parametrize("want", WANTS)
def test_each_answer_acts_at_once_and_undo_restores_exactly_what_was(
    world: World, maya: str, visitor: Visitor, want: str
) -> None:
    before = state(world, maya)
    answer = visitor.post(page(world, maya), data={"want": want})
    assert answer.status_code == 200
    assert state(world, maya) != before
    for _ in range(2):
        assert "Everything is as it was" in visitor.post(undo_path(answer)).text
        assert state(world, maya) == before


def test_undo_puts_the_pause_that_staff_had_made_back(world: World, maya: str, visitor: Visitor) -> None:
    visitor.post(page(world, maya), data={"want": "one-month"})
    with world.app.transaction() as db:
        db.get_one(Client, maya).paused_by = "staff:sam"
    before = state(world, maya)
    answer = visitor.post(page(world, maya), data={"want": "two-weeks"})
    visitor.post(undo_path(answer))
    assert state(world, maya) == before


def test_undo_leaves_what_was_chosen_since(world: World, maya: str, visitor: Visitor) -> None:
    first = visitor.post(page(world, maya), data={"want": "weekly"})
    visitor.post(page(world, maya), data={"want": "stop"})
    before = state(world, maya)
    assert "Nothing was undone" in visitor.post(undo_path(first)).text
    assert state(world, maya) == before


def test_topics_are_a_yes_in_the_words_beside_the_tick_and_a_stop_without_it(
    world: World, maya: str, visitor: Visitor
) -> None:
    before = state(world, maya)
    assert (
        'value="newsletter" aria-describedby="words-newsletter" checked'
        in visitor.get(page(world, maya)).text
    )
    visitor.post(page(world, maya), data={"want": "topics", "topic": "aftercare"})
    assert given(world, maya) == {"aftercare"}
    answer = visitor.post(page(world, maya), data={"want": "topics", "topic": ["newsletter", "elsewhere"]})
    assert given(world, maya) == {"newsletter"}
    assert "Newsletter" in answer.text
    with world.app.reading() as db:
        record = consents.current(db, maya)["newsletter"]
    assert (record.source, record.recorded_by) == ("settings_page", f"client:{maya}")
    assert record.wording.startswith("Yes, Willow Lane Clinic may send me its newsletter by email")
    visitor.post(undo_path(answer))
    assert given(world, maya) == {"aftercare"}
    assert state(world, maya)[4] == before[4]


def test_a_topic_that_nobody_writes_about_cannot_be_chosen(world: World, maya: str, visitor: Visitor) -> None:
    assert "staying-in-touch" not in visitor.get(page(world, maya)).text
    visitor.post(page(world, maya), data={"want": "topics", "topic": ["aftercare", "staying-in-touch"]})
    assert given(world, maya) == {"aftercare"}
    visitor.post(page(world, maya), data={"want": "stop"})
    shown = visitor.get(page(world, maya)).text
    assert 'value="newsletter"' in shown
    assert "staying-in-touch" not in shown


@ONE_IS_ENOUGH
def test_looking_and_wrong_wishes_change_nothing_and_the_page_says_the_dates(
    world: World, maya: str, visitor: Visitor
) -> None:
    before = table_hash(world.app.engine)
    for method in ("GET", "HEAD", "OPTIONS"):
        assert visitor.send(method, page(world, maya)).status_code == 200
    for want in ("", "everything", "pause"):
        answer = visitor.post(page(world, maya), data={"want": want})
        assert "What would you like?" in answer.text
    assert table_hash(world.app.engine) == before
    said = (
        "m•••@example.com",
        "2 weeks, until Monday 7 December 2026",
        "3 months, until Monday 22 February 2027",
    )
    assert all(words in answer.text for words in said)
    assert "maya@example.com" not in answer.text
    assert not re.search(r"<script|https?://| style=| on\w+=", answer.text)
    for header in ("cache-control", "referrer-policy", "x-robots-tag"):
        assert answer.headers[header] in ("no-store", "no-referrer", "noindex")


@ONE_IS_ENOUGH
def test_what_happens_now_is_said_with_a_date_in_her_language(
    world: World, maya: str, visitor: Visitor
) -> None:
    answer = visitor.post(page(world, maya), data={"want": "weekly"})
    assert "From today, Monday 23 November 2026, you get at most one email in any seven days." in answer.text
    assert "What prepares a visit that you have booked still comes; the others are left out." in answer.text
    assert "The next email comes on Monday 23 November 2026." in answer.text
    with world.app.transaction() as db:
        db.get_one(Client, maya).language = "es"
    answer = visitor.post(page(world, maya), data={"want": "two-weeks"})
    assert "Descansan hasta el lunes 7 de diciembre de 2026." in answer.text
    assert "¿Qué prefieres?" in visitor.get(page(world, maya)).text
    assert "Lo que prepara una visita reservada llega igual." in visitor.get(page(world, maya)).text
    answer = visitor.post(page(world, maya), data={"want": "monthly"})
    assert "Lo que prepara una visita que has reservado llega igual; los demás no se envían." in answer.text


def test_a_reason_is_counted_and_never_kept_with_her(world: World, maya: str, visitor: Visitor) -> None:
    before = state(world, maya), trail(world, maya)
    for reason in ("too_many", "too_many", "private", "my_own_words"):
        path = page(world, maya) + "/why"
        assert visitor.post(path, data={"choice": "stop", "reason": reason}).status_code == 200
    with world.app.reading() as db:
        counts = [
            (row.choice, row.reason, row.count) for row in leaving_reasons.of_clinic(db, world.clinic_id)
        ]
    assert counts == [("stop", "too_many", 2), ("stop", "private", 1)]
    assert (state(world, maya), trail(world, maya)) == before


def test_a_pause_is_over_when_she_says_so(world: World, maya: str, visitor: Visitor) -> None:
    before = calendar(world, maya)
    visitor.post(page(world, maya), data={"want": "two-weeks"})
    assert "Your emails rest until Monday 7 December 2026." in visitor.get(page(world, maya)).text
    visitor.post(page(world, maya), data={"want": "resume"})
    assert calendar(world, maya) == before


def test_a_link_for_anything_else_opens_nothing_here(world: World, maya: str, visitor: Visitor) -> None:
    leave, undo = link(world, maya)[3:], link(world, maya, purpose=Purpose.UNDO)[3:]
    before = table_hash(world.app.engine)
    for token in ("x", leave, undo, page(world, maya)[3:-1]):
        assert {visitor.get(f"/s/{token}").status_code, visitor.post(f"/s/{token}").status_code} == {404}
        assert visitor.post(f"/s/{token}/undo").status_code == 404
    old = sign(world.app.token_keys, Purpose.SETTINGS, maya, EVERYTHING, 7)
    assert visitor.get(f"/s/{old}").status_code == 404
    assert table_hash(world.app.engine) == before


def test_less_often_is_kept_by_planner_and_worker_and_says_why(
    world: World, maya: str, visitor: Visitor
) -> None:
    visitor.post(page(world, maya), data={"want": "weekly"})
    pass_time(world.app, MONDAY_14 + timedelta(days=20))
    fates = [(row.step_key, row.state, row.reason) for row in world.messages(maya)]
    assert fates == [
        ("evening-plan", "sent", None),
        ("two-minutes-with-a-pen", "skipped", "less_often"),
        ("short-walk", "skipped", "less_often"),
        ("quiet-minutes", "sent", None),
        ("how-are-things", "skipped", "less_often"),
    ]
    [first, second] = [row.sent_at for row in world.messages(maya) if row.sent_at]
    assert (second.date() - first.date()).days == 7


@ONE_IS_ENOUGH
def test_a_colleague_who_gets_emails_can_stop_them_and_is_offered_nothing_else(
    world: World, visitor: Visitor
) -> None:
    with world.app.transaction() as db:
        sam = db.get_one(Staff, world.therapist_id)
        row = recipients.of_staff(db, sam.id) or recipients.add(db, sam, language="en", now=MONDAY_14)
    shown = visitor.get(page(world, row.id)).text
    assert 'value="stop"' in shown
    assert not any(f'value="{want}"' in shown for want in (*WANTS[1:], "topics"))
    answer = visitor.post(page(world, row.id), data={"want": "stop"})
    assert "Your emails have stopped" in answer.text
    assert 'value="stop"' not in visitor.get(page(world, row.id)).text


@ONE_IS_ENOUGH
@pytest.mark.parametrize(
    ("language", "stopped"),
    [
        ("en", "Willow Lane Clinic has stopped all emails to this address."),
        ("es", "Willow Lane Clinic ha detenido todos los correos a esta dirección."),
    ],
)
def test_where_staff_stopped_everything_the_page_says_so_and_no_choice_promises_emails(
    world: World, maya: str, visitor: Visitor, language: str, stopped: str
) -> None:
    undo = undo_path(visitor.post(page(world, maya), data={"want": "stop"}))
    with world.app.transaction() as db:
        clients.correct(db, world.clinic_id, maya, language=language, by="sam", now=MONDAY_14)
        life_events.stop_everything(db, world.clinic_id, maya, "died", by="sam", now=MONDAY_14)
    shown = visitor.get(page(world, maya)).text
    assert stopped in shown
    assert "<button" not in shown
    forms = [{"want": want} for want in [*WANTS, "resume", "planned"]] + [
        {"want": "topics", "topic": ["aftercare"]}
    ]
    answers = [visitor.post(page(world, maya), data=form).text for form in forms]
    for text in [*answers, visitor.post(undo).text]:
        assert stopped in text
        for untrue in (
            "From today",
            "Desde hoy",
            "as they are",
            "siguen igual",
            "as it was",
            "como antes",
            "go on",
            "<button",
        ):
            assert untrue not in text


def test_a_colleague_can_take_her_stop_back_and_come_back_later_and_keeps_no_pace_or_pause(
    world: World, visitor: Visitor
) -> None:
    with world.app.transaction() as db:
        sam = db.get_one(Staff, world.therapist_id)
        row = recipients.of_staff(db, sam.id) or recipients.add(db, sam, language="en", now=MONDAY_14)
    before = state(world, row.id)
    for want in ("weekly", "two-weeks", "topics"):
        assert "Nothing was changed" in visitor.post(page(world, row.id), data={"want": want}).text, want
        assert state(world, row.id) == before, want
    answer = visitor.post(page(world, row.id), data={"want": "stop"})
    assert "/why" not in answer.text
    assert "Everything is as it was" in visitor.post(undo_path(answer)).text
    assert 'value="stop"' in visitor.get(page(world, row.id)).text
    visitor.post(page(world, row.id), data={"want": "stop"})
    shown = visitor.get(page(world, row.id))
    assert "below" not in shown.text
    assert "Get them again" in visitor.get(link(world, row.id)).text
    assert "Your emails are as they were" in visitor.post(undo_path(shown)).text
    assert 'value="stop"' in visitor.get(page(world, row.id)).text
