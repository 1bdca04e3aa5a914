"""Whatever a client answers and staff do, in whatever order: one wish is open at most, the duty contact hears
of each once and within a minute, and nothing but the contacts reaches her until a person releases her."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from aftercare.config import Settings
from aftercare.flows import checkins, clients, clinics, consent, duty, life_events, support_path
from aftercare.models import Alert
from aftercare.store import alerts
from aftercare.testing.inline import inline_app
from aftercare.testing.smtp import RecordingServer
from tests.factories import SECRET
from tests.journeys.harness import MONDAY_14, STRONG, Journey, only_clinic
from tests.journeys.test_support_path import NOOR, QUESTION, SAM, told_at

Act = Callable[..., object]
EXAMPLES = int(os.environ.get("EXAMPLES", "4"))
A_MINUTE = timedelta(seconds=60)
ASKED = MONDAY_14 + timedelta(hours=20, minutes=1)
"""When she has been asked how she is."""
SAID = ("call", "call", "call", "fine", "wobbly", "stop", "undo")
DONE = ("take on", "spoken", "spoken", "release", "by hand", "died", "restore", "complaint")
acts = st.lists(st.tuples(st.sampled_from(SAID + DONE), st.integers(0, 50)), min_size=4, max_size=12)


class Story:
    """One client after strong feelings; Sam is told first, Noor second."""

    def __init__(self, path: Path, now: datetime, ids: tuple[str, str] | None = None) -> None:
        chosen = Settings(data_dir=path.parent, database_url=f"sqlite:///{path}", secret_key=SECRET)
        app = inline_app(chosen, now)
        self.world = Journey(app, *(ids or only_clinic(app)), server=RecordingServer())
        self.said = ""
        self.opened: dict[str, datetime] = {}
        self.silent_since: datetime | None = None
        self.dead_since: datetime | None = None

    def begin(self) -> str:
        """Up to the question; her id."""
        world = self.world
        client_id = world.add_client()
        with world.app.transaction() as db:
            noor = clinics.add_staff(
                db, world.clinic_id, first_name="Noor", email=NOOR, role="therapist", by="s", now=world.now
            )
            duty.set_contacts(db, world.clinic_id, world.therapist_id, noor.id, by="s", now=world.now)
        world.visit(client_id, STRONG)
        world.live_until(ASKED)
        return client_id

    def live(self, client_id: str, act: str, hours: int) -> None:
        """Something happens, a minute goes by, and then some hours."""
        before, told, at = self.open(client_id), len(told_at(self.world, SAM)), self.world.now
        self.act(client_id, act)
        after = self.open(client_id)
        is_wish = act == "call" and self.is_new(before, at)
        is_back = act == "restore" and before is None and after is not None
        self.remember(act, after, is_wish=is_wish, at=at)
        self.world.app.submit("sweep")
        self.world.live(minutes=1)
        heard = told_at(self.world, SAM)[told:]
        assert len(heard) == is_wish + is_back, "told of each wish once"
        assert all(then - at <= A_MINUTE for then in heard), "told within a minute"
        if is_wish and self.dead_since is None:
            assert any("contacts-" in row.step_key and row.sent_at == at for row in self.sent(client_id))
        self.world.live(hours=hours)
        assert len(told_at(self.world, SAM)) == told + len(heard), "told once"
        self.check(client_id)

    def act(self, client_id: str, act: str) -> None:
        """What a page or a button does; a button that is not shown does nothing."""
        world, found = self.world, self.open(client_id)
        by: Mapping[str, Any] = {"by": f"staff:{world.therapist_id}", "now": world.now}
        message = next(row.id for row in world.messages(client_id) if row.step_key == QUESTION)
        of_alert: dict[str, Act] = {"take on": support_path.acknowledge, "spoken": support_path.record_call}
        of_client: dict[str, Act] = {
            "release": clients.release,
            "by hand": support_path.begin_by_hand,
            "died": partial(life_events.stop_everything, reason="died"),
            "restore": life_events.take_stop_back,
            "complaint": partial(clients.hold, reason="complaint_open"),
        }
        with world.app.transaction() as db:
            if act in ("call", "fine", "wobbly"):
                checkins.answer(db, client_id, message, act, "", now=world.now)
            elif act == "stop":
                consent.opt_out(db, client_id, "*", source="page", now=world.now)
            elif act == "undo":
                consent.undo_opt_out(db, client_id, "*", now=world.now)
            elif act in of_alert and found is not None:
                of_alert[act](db, world.clinic_id, found.id, **by)
            elif act in of_client:
                of_client[act](db, world.clinic_id, client_id, **by)

    def is_new(self, before: Alert | None, at: datetime) -> bool:
        """Whether “Please call me” is more than the same page twice, while somebody is being told."""
        if before is None:
            return True
        heard = before.acknowledged_at or before.escalated_at
        if heard is None:
            return False
        since = max(before.raised_at, heard)
        return self.said != "call" or at - since >= support_path.AGAIN_AFTER

    def remember(self, act: str, alert: Alert | None, *, is_wish: bool, at: datetime) -> None:
        """Since when what is forbidden. What she asks for after a stop may come."""
        self.said = act if act in ("call", "fine", "wobbly") else self.said
        if alert is not None and alert.id not in self.opened:
            self.opened[alert.id] = at
            self.silent_since = None
        if act == "stop":
            self.silent_since = at
        elif act == "undo" or is_wish:
            self.silent_since = None
        if act in ("died", "restore"):
            self.dead_since = at if act == "died" else None

    def check(self, client_id: str) -> None:
        """Nothing went out that should not."""
        with self.world.app.reading() as db:
            every = alerts.of_client(db, client_id)
        still = [one for one in every if one.closed_at is None]
        assert len(still) <= 1
        assert not still or self.world.client(client_id).held_at is not None, "held while open"
        waits = [(self.opened[one.id], one.closed_at or self.world.now) for one in every]
        for row in self.sent(client_id):
            assert row.sent_at is not None
            is_ordinary = row.purpose != "account"
            assert not any(is_ordinary and a <= row.sent_at < b for a, b in waits), "between wish and release"
            assert self.dead_since is None or row.sent_at < self.dead_since, "after a death"
            is_more = is_ordinary or row.step_key == "following-up"
            silent = self.silent_since is not None and is_more and row.sent_at >= self.silent_since
            assert not silent, "after a stop"

    def sent(self, client_id: str) -> list[Any]:
        """What she got."""
        return [row for row in self.world.messages(client_id) if row.sent_at is not None]

    def open(self, client_id: str) -> Alert | None:
        """Her wish that waits."""
        with self.world.app.reading() as db:
            return alerts.open_of(db, client_id)


def test_a_wish_is_heard_once_and_kept_until_a_person_ends_it(migrated_sqlite: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked.sqlite3"
    _copy(migrated_sqlite, asked)
    first = Story(asked, MONDAY_14)
    client_id, ids = first.begin(), (first.world.clinic_id, first.world.therapist_id)
    first.world.app.close()

    # A failure is told as it was found: making it smaller takes longer than a test may.
    @settings(max_examples=EXAMPLES, phases=(Phase.explicit, Phase.generate))
    @example([("call", 0), ("spoken", 0), ("call", 0), ("stop", 50), ("fine", 50)])
    @example([("call", 1), ("died", 0), ("restore", 1), ("release", 50)])
    @example([("died", 0), ("call", 0), ("stop", 0), ("restore", 0), ("spoken", 50)])
    @example([("stop", 0), ("died", 0), ("call", 0), ("stop", 0), ("restore", 0), ("spoken", 50)])
    @given(acts)
    def tell(what: list[tuple[str, int]]) -> None:
        path = tmp_path / "told.sqlite3"
        _copy(asked, path)
        story = Story(path, ASKED, ids)
        try:
            for act, hours in what:
                story.live(client_id, act, hours)
        finally:
            story.world.app.close()

    tell()


def _copy(old: Path, new: Path) -> None:
    for left in new.parent.glob(f"{new.name}*"):
        left.unlink()
    source, target = sqlite3.connect(old), sqlite3.connect(new)
    source.backup(target)
    source.close()
    target.close()
