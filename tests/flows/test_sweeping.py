"""What a sweep leaves behind when it cannot do its work."""

from typing import Any

import pytest
from sqlalchemy import update

from aftercare.flows import sweeping
from aftercare.models import Client
from aftercare.store import settings
from tests.journeys.harness import Journey


def test_a_sweep_that_fails_at_its_work_leaves_no_sign_of_life(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("whatever can go wrong")

    journey.add_client("maya@example.com")
    with journey.app.transaction() as db:
        db.execute(update(Client).values(paused_until=journey.now))
    monkeypatch.setattr(sweeping, "recover", fail)
    with pytest.raises(RuntimeError):
        sweeping.sweep(journey.app)
    assert _last_sweep(journey) is None
    monkeypatch.undo()
    sweeping.sweep(journey.app)
    assert _last_sweep(journey) == journey.now


def _last_sweep(journey: Journey) -> Any:
    with journey.app.reading() as db:
        return settings.last_beat(db, "sweep")
