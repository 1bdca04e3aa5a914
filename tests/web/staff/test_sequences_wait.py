"""The sentence that says when a step goes out."""

from typing import Any

import pytest

from aftercare.domain.steps import WEEKDAYS, Step
from aftercare.domain.waits import UNITS
from aftercare.errors import InvalidInput
from aftercare.web.staff import sequences_wait
from aftercare.web.staff.sequences_wait import WaitForm
from tests.flows.shelf import all_shipped

STEPS = [step for files in all_shipped() for step in files.raw["steps"]]


def rule(form: WaitForm, raw: dict[str, Any]) -> dict[str, Any]:
    """The step with what the sentence says, as `editing` would write it."""
    options = {name: said for name, said in form.options(raw).items() if said not in (None, False, [], "")}
    if set(options["only_on"]) == set(WEEKDAYS):
        del options["only_on"]
    kept = {name: raw[name] for name in raw if name not in ("only_on", "only_if", "every_visit", "max_late")}
    return kept | {"wait": form.wait()} | options


@pytest.mark.parametrize("raw", STEPS, ids=[step["key"] for step in STEPS])
def test_a_shipped_step_is_shown_and_read_back_as_it_is(raw: dict[str, Any]) -> None:
    assert rule(sequences_wait.of_step(raw), raw) == raw


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_can_be_written_and_read_back(unit: str) -> None:
    form = WaitForm(amount="2", unit=unit, at="10:00", else_at="09:30")
    raw = {"key": "a", "wait": form.wait()}
    step = Step.parse(raw)
    assert (step.wait.unit, step.wait.amount) == (unit, 2)
    assert (step.wait.at is None) == (unit in ("minutes", "hours"))
    assert sequences_wait.of_step(raw).wait() == raw["wait"]


@pytest.mark.parametrize(
    ("amount", "unit"), [("3", "years"), ("25", "months"), ("733", "days"), ("9999", "weeks")]
)
def test_a_wait_beyond_two_years_is_a_slip(amount: str, unit: str) -> None:
    with pytest.raises(InvalidInput, match="longer than two years"):
        WaitForm(amount=amount, unit=unit).wait()


@pytest.mark.parametrize(
    ("at", "window", "outside"),
    [
        ("07:59", "08:00-20:00", True),
        ("08:00", "08:00-20:00", False),
        ("20:00", "08:00-20:00", True),
        ("23:00", "00:00-24:00", False),
        ("01:00", "18:00-02:00", False),
        ("", "08:00-20:00", False),
    ],
)
def test_a_time_that_the_window_will_move_is_known(at: str, window: str, outside: bool) -> None:
    assert sequences_wait.outside(WaitForm(at=at), window) is outside


def test_before_an_appointment_the_amount_is_negative() -> None:
    form = WaitForm(amount="2", side="before", at="")
    assert form.wait() == {"days": -2}
    assert sequences_wait.of_step({"key": "a", "wait": {"days": -2}}).side == "before"


@pytest.mark.parametrize(
    ("condition", "visits"),
    [
        ({"fact": "first_session", "is": True}, "first"),
        ({"fact": "first_session", "is": False}, "later"),
        ({"fact": "first_session", "is_not": True}, "later"),
        ({"fact": "first_session", "is_not": False}, "first"),
        ({"fact": "first_session", "in": [True, False]}, ""),
        ({"fact": "outcome", "is": "ordinary"}, ""),
    ],
)
def test_whom_a_step_is_for_is_read_off_its_conditions(condition: dict[str, Any], visits: str) -> None:
    raw = {"key": "a", "wait": {"days": 1}, "only_if": [condition]}
    assert sequences_wait.of_step(raw).visits == visits


@pytest.mark.parametrize("amount", ["", "soon", "-1", "1.5", "٣", "12345"])
def test_an_amount_that_is_no_number_is_refused(amount: str) -> None:
    with pytest.raises(InvalidInput, match="whole number"):
        WaitForm(amount=amount).wait()


def test_a_duration_out_of_a_file_can_still_be_chosen() -> None:
    form = sequences_wait.of_step({"key": "a", "wait": {"days": 1}, "max_late": "5d"})
    assert ("5d", "5d") in form.latest
    assert form.options({})["max_late"] == "5d"


def test_the_next_step_is_proposed_for_a_day_later() -> None:
    assert sequences_wait.next_after(WaitForm(amount="3")).wait() == {"days": 4, "at": "10:00"}
    assert sequences_wait.next_after(WaitForm(amount="3", unit="hours")).wait() == {"days": 1, "at": "10:00"}
