"""Stop means stop, from that moment on; undo means what was before, and nothing more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aftercare.flows import consent
from aftercare.store import clients, consents, enrolments
from aftercare.testing.inline import pass_time
from aftercare.testing.tables import table_hash
from tests.factories import World, make_world

MONDAY_14 = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
BOTH = ("aftercare", "newsletter")


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> World:
    """A clinic on a Monday afternoon."""
    return make_world(database_url, tmp_path, MONDAY_14)


def opt_out(world: World, client_id: str, topic: str = "aftercare") -> bool:
    """She stops a topic, or everything."""
    with world.app.transaction() as db:
        return consent.opt_out(db, client_id, topic, source="unsubscribe_page", now=world.app.clock.now())


def undo(world: World, client_id: str, topic: str = "aftercare") -> bool:
    """She takes it back."""
    with world.app.transaction() as db:
        return consent.undo_opt_out(db, client_id, topic, now=world.app.clock.now())


def withdraw_behind_the_engines_back(world: World, client_id: str, topic: str = "aftercare") -> bool:
    """Only the ledger says so; the rows of the queue still stand."""
    with world.app.transaction() as db:
        maya = clients.lock(db, client_id)
        now = world.app.clock.now()
        consents.record(db, maya, topic, given=False, source="import", wording="", by="test", now=now)
    return True


def given(world: World, client_id: str) -> set[str]:
    """The topics that she consents to now."""
    with world.app.reading() as db:
        return {topic for topic, record in consents.current(db, client_id).items() if record.given}


def later(world: World, days: float) -> None:
    """Time passes, and the engine works."""
    pass_time(world.app, world.app.clock.now() + timedelta(days=days))


def outbox(world: World) -> list[Path]:
    """Emails that left."""
    return list((world.app.settings.data_dir / "outbox").rglob("*.eml"))


@pytest.mark.parametrize("withdraw", [opt_out, withdraw_behind_the_engines_back])
def test_consent_withdrawn_between_plan_and_claim_sends_nothing(
    world: World, withdraw: Callable[[World, str], bool]
) -> None:
    maya = world.add_client()
    world.log_session(maya, MONDAY_14)
    world.app.drain()
    assert {row.state for row in world.messages(maya)} == {"planned"}
    withdraw(world, maya)
    later(world, 14)
    assert outbox(world) == []
    assert {row.state for row in world.messages(maya)} <= {"cancelled", "skipped"}


def test_consent_withdrawn_between_logging_and_planning_plans_nothing(world: World) -> None:
    maya = world.add_client()
    world.log_session(maya, MONDAY_14)
    opt_out(world, maya)
    world.app.drain()
    assert world.messages(maya) == []


def test_stopping_ends_the_run_and_cancels_what_was_planned_at_once(world: World) -> None:
    maya = world.add_client()
    world.log_session(maya, MONDAY_14)
    later(world, 1.5)
    assert opt_out(world, maya)
    assert sorted({row.state for row in world.messages(maya)}) == ["cancelled", "sent"]
    assert {row.reason for row in world.messages(maya) if row.state == "cancelled"} == {"opted_out"}
    with world.app.reading() as db:
        assert enrolments.active(db, maya) == []


def test_stopping_everything_withdraws_the_newsletter_too_and_bars_what_was_never_given(world: World) -> None:
    maya = world.add_client(topics=BOTH)
    assert opt_out(world, maya, consent.EVERYTHING)
    with world.app.reading() as db:
        known = {topic: record.given for topic, record in consents.current(db, maya).items()}
    assert known == dict.fromkeys(consent.TOPICS, False)


def test_stopping_one_topic_leaves_the_others(world: World) -> None:
    maya = world.add_client(topics=BOTH)
    opt_out(world, maya)
    assert given(world, maya) == {"newsletter"}


@pytest.mark.parametrize("topic", ["aftercare", consent.EVERYTHING])
def test_stopping_or_undoing_twice_changes_nothing_the_second_time(world: World, topic: str) -> None:
    maya = world.add_client(topics=BOTH)
    world.log_session(maya, MONDAY_14)
    world.app.drain()
    for act in (opt_out, undo):
        assert act(world, maya, topic)
        before = table_hash(world.app.engine)
        assert not act(world, maya, topic)
        assert table_hash(world.app.engine) == before


def test_undo_gives_back_what_was_given_and_nothing_else(world: World) -> None:
    maya = world.add_client(topics=("aftercare",))
    opt_out(world, maya, consent.EVERYTHING)
    undo(world, maya, consent.EVERYTHING)
    assert given(world, maya) == {"aftercare"}


def test_undo_without_a_stop_changes_nothing(world: World) -> None:
    maya = world.add_client(topics=())
    before = table_hash(world.app.engine)
    assert not undo(world, maya, consent.EVERYTHING)
    assert table_hash(world.app.engine) == before


def test_what_was_sent_before_the_stop_is_not_sent_again_after_undo(world: World) -> None:
    maya = world.add_client()
    world.log_session(maya, MONDAY_14)
    later(world, 1.5)
    opt_out(world, maya)
    undo(world, maya)
    later(world, 14)
    sent = [row.step_key for row in world.messages(maya) if row.state == "sent"]
    assert len(sent) == len(set(sent)) == 5


def test_undo_of_everything_leaves_an_earlier_stop_in_force(world: World) -> None:
    maya = world.add_client(topics=BOTH)
    opt_out(world, maya, "newsletter")
    later(world, 30)
    opt_out(world, maya, consent.EVERYTHING)
    undo(world, maya, consent.EVERYTHING)
    assert given(world, maya) == {"aftercare"}
