"""Scheduling and cancelling an issue of the newsletter by a program."""

import pytest

from tests.factories import World
from tests.journeys import issues
from tests.web.visitor import Program

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR = {"hour": "2026-12-01T10:00", "segment": {"country": "GB"}}
KEY = {"Idempotency-Key": "issue-of-december"}


def test_an_issue_is_scheduled_once_however_often_it_is_asked_for(world: World, program: Program) -> None:
    world.add_client(topics=("newsletter",))
    issue = issues.new_issue(world)
    path = f"/newsletters/{issue}/schedule"
    without = program.post(path, json=HOUR)
    assert (without.status_code, issues.read(world, issue).issue.state) == (400, "draft")
    first = program.post(path, json=HOUR, headers=KEY)
    assert first.json() == {
        "id": issue,
        "state": "scheduled",
        "subscribers": 1,
        "get_it": 1,
        "left_out": {},
    }
    again = program.post(path, json=HOUR, headers=KEY)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    other = program.post(path, json=HOUR, headers={"Idempotency-Key": "another"})
    assert other.status_code == 409
    world.app.drain()
    [shown] = program.get("/newsletters").json()["data"]
    assert (shown["id"], shown["state"], shown["to_come"]) == (issue, "scheduled", 1)
    for _ in range(2):
        assert program.send("DELETE", path).status_code == 204
    [shown] = program.get("/newsletters").json()["data"]
    assert (shown["state"], shown["left_out"]) == ("cancelled", {"issue_cancelled": 1})


@pytest.mark.parametrize(
    "body",
    [
        {"hour": "tomorrow"},
        {"hour": "2026-12-01T10:00Z"},
        {"hour": "2026-11-01T10:00"},
        {"hour": "2026-12-01T10:00", "whose_time": "mine"},
        {"hour": "2026-12-01T10:00", "segment": {"age": "40"}},
    ],
)
def test_a_wrong_hour_or_group_is_refused(world: World, program: Program, body: dict[str, object]) -> None:
    issue = issues.new_issue(world)
    answer = program.post(f"/newsletters/{issue}/schedule", json=body, headers=KEY)
    assert (answer.status_code, issues.read(world, issue).issue.state) == (422, "draft")
