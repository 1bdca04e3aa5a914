"""GET /plan: who gets what when."""

from datetime import datetime, timedelta

import pytest

from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.one_database import database_url
from tests.web.visitor import Program

__all__ = ["database_url"]

FROM, TO = "2026-11-23T14:00:00Z", "2027-02-01T00:00:00Z"


def test_the_plan_shows_each_clients_emails_in_her_own_time(
    world: World, program: Program, maya: str
) -> None:
    asha = world.add_client("asha@example.com", timezone="Asia/Kathmandu")
    world.log_session(asha, MONDAY_14)
    world.app.drain()
    data = program.get(f"/plan?from={FROM}&to={TO}").json()["data"]
    expected = sorted((row.planned_for, row.id) for who in (maya, asha) for row in world.messages(who))
    assert [(datetime.fromisoformat(row["planned_for"]), row["id"]) for row in data] == expected
    hers = [row for row in data if row["client_id"] == asha]
    assert all(row["local"].endswith("+05:45") for row in hers)
    assert (hers[0]["sequence"], hers[0]["step"], hers[0]["state"]) == (
        "after-your-visit",
        "evening-plan",
        "planned",
    )


def test_the_plan_knows_what_was_sent_and_leaves_out_what_was_cancelled(
    world: World, program: Program, maya: str
) -> None:
    pass_time(world.app, MONDAY_14 + timedelta(days=1))
    session_id = program.get(f"/clients/{maya}/timeline").json()["sessions"][0]["id"]
    program.send("DELETE", f"/sessions/{session_id}")
    [row] = program.get(f"/plan?from={FROM}&to={TO}").json()["data"]
    assert (row["state"], row["sent_at"] is None) == ("sent", False)


def test_pages_follow_each_other_without_gap_or_repetition(world: World, program: Program, maya: str) -> None:
    whole = program.get(f"/plan?from={FROM}&to={TO}").json()
    assert (len(whole["data"]) > 2, whole["next_cursor"]) == (True, None)
    path, found = f"/plan?from={FROM}&to={TO}&limit=2", []
    while path:
        answer = program.get(path)
        found += answer.json()["data"]
        link = answer.headers.get("link", "")
        path = link.removeprefix("</api/v1").partition(">")[0]
        assert link.endswith('rel="next"') == (answer.json()["next_cursor"] is not None) == bool(path)
    assert found == whole["data"]


def test_the_plan_is_of_the_coming_fortnight_unless_told_otherwise(program: Program, maya: str) -> None:
    fortnight = program.get("/plan").json()["data"]
    assert fortnight == program.get(f"/plan?from={FROM}&to=2026-12-07T14:00:00Z").json()["data"]
    assert fortnight


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("from=yesterday", "/from"),
        ("from=2026-11-23", "/from"),
        (f"from={FROM}&to={FROM}", "/to"),
        (f"from={FROM}&to=2027-11-25T14:00:00Z", "/to"),
        ("limit=0", "/limit"),
        ("limit=501", "/limit"),
        ("cursor=abc", "/cursor"),
        ("cursor=%00%ff", "/cursor"),
        ("cursor=w6k%3D", "/cursor"),
    ],
)
def test_a_plan_that_cannot_be_shown_names_the_parameter(program: Program, query: str, pointer: str) -> None:
    answer = program.get(f"/plan?{query}")
    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (422, [pointer])
