"""Replanning changes only what differs, and only rows that may still change."""

from datetime import datetime

import pytest

from aftercare.domain.plan import PlannedStep
from aftercare.domain.replan import Changes, Move, Skipping, Standing, difference
from aftercare.domain.states import MessageState

from .examples import hours, utc

NINE = utc("2026-05-02T09:00")
TEN = utc("2026-05-02T10:00")


def row(state: str = "planned", at: datetime = NINE, step: str = "s1", message_id: str = "m1") -> Standing:
    return Standing(message_id, "run", step, at, MessageState(state), hours(24))


def step(at: datetime = NINE, skip: str | None = None, key: str = "s1") -> PlannedStep:
    return PlannedStep("run", key, at, hours(24), skip)


@pytest.mark.parametrize("state", ["planned", "held"])
def test_rows_that_wait_follow_the_plan(state: str) -> None:
    assert difference([row(state)], [step()]) == Changes()
    assert difference([row(state)], [step(TEN)]) == Changes(move=(Move("m1", TEN, hours(24)),))
    assert difference([row(state)], [step(skip="capped")]) == Changes(skip=(Skipping("m1", "capped"),))
    assert difference([row(state)], []) == Changes(cancel=("m1",))


@pytest.mark.parametrize("state", ["claimed", "transmitting", "unknown", "sent", "skipped", "failed"])
@pytest.mark.parametrize("wanted", [[], [step(TEN)], [step(skip="capped")]])
def test_rows_on_their_way_or_final_never_change(state: str, wanted: list[PlannedStep]) -> None:
    assert difference([row(state)], wanted) == Changes()


def test_a_step_without_a_row_is_inserted_skipped_or_not() -> None:
    wanted = [step(key="s2"), step(key="s3", skip="condition")]
    assert difference([row()], [step(), *wanted]) == Changes(insert=tuple(wanted))


def test_a_cancelled_row_does_not_stand_in_the_way() -> None:
    assert difference([row("cancelled")], [step()]) == Changes(insert=(step(),))
    assert difference([row(message_id="m2"), row("cancelled")], [step()]) == Changes()
