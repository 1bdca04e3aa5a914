"""The small size of `python -m bench.outage`: every part is killed while sessions are logged over REST."""

import pytest
from bench import outage
from bench.ground import Pace, open_ground

SESSIONS = 40
PACE = Pace(sweep=0.5, lease=2, reconcile=1, delay_ms=20)


@pytest.mark.timeout(500)  # it starts a dozen processes, maybe on a busy machine
def test_sessions_logged_through_five_kills_are_planned_once_and_each_email_is_sent_once() -> None:
    with open_ground(PACE) as ground:
        found = outage.run(ground, SESSIONS, rate=20, down_seconds=0.5, workers=1, beats=1)
    assert outage.broken(found, SESSIONS) == []
    assert found["retries"] > 0
