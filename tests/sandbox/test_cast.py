"""Who lives in the sandbox when it opens: each with a past that really happened."""

from datetime import timedelta

import pytest

from aftercare.domain.policy import ON_TIME
from aftercare.domain.states import MessageState
from aftercare.errors import Conflict
from aftercare.flows import copies, sandbox
from aftercare.flows.sandbox_cast import CAST
from aftercare.models import Client, Message
from aftercare.store import clients, consents, sessions, settings
from aftercare.testing.inline import InlineApp
from tests.factories import World

MOMENTS = timedelta(seconds=30)


def person(world: World, mailbox: str) -> Client:
    with world.app.reading() as db:
        found = clients.by_email(db, world.clinic_id, f"{mailbox}@example.com")
    assert found is not None
    return found


def mail_of(world: World, mailbox: str) -> list[Message]:
    return world.messages(person(world, mailbox).id)


def fates(world: World, mailbox: str) -> set[tuple[str, str | None]]:
    return {(row.state, row.reason) for row in mail_of(world, mailbox) if row.state != MessageState.SENT}


def everything(world: World) -> list[Message]:
    return [row for one in CAST for row in mail_of(world, one.mailbox)]


def test_everything_that_was_planned_for_the_past_left_in_time(world: World) -> None:
    rows = [row for row in everything(world) if row.sent_at]
    assert len(rows) > 20
    assert all(timedelta(0) <= row.sent_at - row.planned_for < ON_TIME for row in rows if row.sent_at)
    assert not [
        row for row in everything(world) if row.state == MessageState.SKIPPED and row.reason != "paused"
    ]


def test_each_email_of_the_past_has_its_exact_copy(world: World) -> None:
    rows = [row for row in everything(world) if row.state == MessageState.SENT]
    left = {path.read_bytes() for path in (world.app.settings.data_dir / "outbox").glob("*.eml")}
    with world.app.reading() as db:
        assert {copies.exact_copy(db, world.app, world.clinic_id, row.id) for row in rows} == left


@pytest.mark.parametrize(
    ("mailbox", "fate"),
    [
        ("priya.nair", ("cancelled", "opted_out")),
        ("hannah.voss", ("held", "held")),
        ("lucas.tremblay", ("held", "paused")),
        ("maya.ellis", ("planned", None)),
        ("layla.haddad", ("planned", None)),
    ],
)
def test_some_have_stopped_are_held_or_rest(world: World, mailbox: str, fate: tuple[str, str | None]) -> None:
    assert fate in fates(world, mailbox)
    assert any(row.state == MessageState.SENT for row in mail_of(world, mailbox))


def test_who_stopped_did_it_herself(world: World) -> None:
    with world.app.reading() as db:
        last = consents.history(db, person(world, "priya.nair").id)[-1]
    assert (last.given, last.source) == (False, "unsubscribe_page")


def test_a_session_without_consent_says_why_nothing_followed(world: World) -> None:
    with world.app.reading() as db:
        notes = [one.plan_note for one in sessions.of_client(db, person(world, "tom.haddow").id)]
    assert notes == ["no_consent"]
    assert mail_of(world, "tom.haddow") == []


def test_it_opens_at_the_true_time(app: InlineApp) -> None:
    assert abs(app.clock.now() - app.clock.unshifted()) < MOMENTS


def test_nobody_travels_and_nothing_starts_afresh_while_it_is_being_set_up(world: World) -> None:
    app = world.app
    with app.transaction() as db:
        settings.put(db, sandbox.STATE, sandbox.BEING_MADE)
    with pytest.raises(Conflict, match="being set up"):
        sandbox.reset(app)
    with pytest.raises(Conflict, match="being set up"), app.transaction() as db:
        sandbox.set_out(db, app.clock.now() + timedelta(days=1), unshifted=app.clock.unshifted())
