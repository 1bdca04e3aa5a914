"""What happens to appointments, and to everything at once, in a life in any order."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from aftercare.errors import Conflict
from aftercare.flows import appointments, life_events, sequences, sessions
from aftercare.flows.appointments import Booking
from aftercare.mail.paths import templates_root
from aftercare.testing.inline import InlineApp
from tests.journeys.harness import Journey
from tests.journeys.watched import WatchedRelay

START = datetime(2026, 10, 22, 14, 0, tzinfo=UTC)
"""Three days before London's clocks go back."""

who = st.integers(0, 1)
which = st.integers(0, 20)


class VisitRules(RuleBasedStateMachine):
    """The part of the machine that books, moves and cancels; the rest of it knows how to begin and to end."""

    app: InlineApp
    relay: WatchedRelay
    world: Journey
    clients: list[str]
    appointments: list[str]

    def work_on(self, hours: int) -> None:
        """Let workers work for so long."""
        raise NotImplementedError

    def staff(self, act: Callable[..., object], *args: object, **facts: object) -> None:
        """An act of staff, now."""
        raise NotImplementedError

    def publish_the_rest(self) -> None:
        """What comes before visits, and after the last of them."""
        with self.app.transaction() as db:
            for slug in ("before-your-visit", "staying-in-touch"):
                files = sequences.read_folder(templates_root() / "sequences" / "en" / slug)
                sequences.publish(db, self.world.clinic_id, files, by="sam", now=START)

    def _appointment(self, number: int) -> str:
        return self.appointments[number % len(self.appointments)]

    @rule(client=who, hours=st.integers(1, 200), broker_is_up=st.booleans())
    def book(self, client: int, hours: int, broker_is_up: bool) -> None:
        starts_at = self.app.clock.now() + timedelta(hours=hours)
        booking = Booking(self.clients[client], starts_at, first_session=True)
        now = self.app.clock.now()
        try:
            with self.app.transaction() as db:
                row = appointments.book(db, self.world.clinic_id, booking, by="sam", now=now)
        except Conflict:  # there is one at that time
            return
        self.appointments.append(row.id)
        self.app.broker_is_up = broker_is_up
        self.app.submit("schedule_appointment", row.id)
        self.app.broker_is_up = True
        self.app.drain()

    @precondition(lambda self: self.appointments)
    @rule(number=which, hours=st.integers(1, 200))
    def move_appointment(self, number: int, hours: int) -> None:
        starts_at = self.app.clock.now() + timedelta(hours=hours)
        with suppress(Conflict):
            self.staff(appointments.move, self._appointment(number), starts_at)
        self.app.submit("schedule_appointment", self._appointment(number))
        self.app.drain()

    @precondition(lambda self: self.appointments)
    @rule(number=which)
    def cancel_appointment(self, number: int) -> None:
        with suppress(Conflict):
            self.staff(appointments.cancel, self._appointment(number))

    @precondition(lambda self: self.appointments)
    @rule(number=which, outcome=st.sampled_from(sessions.OUTCOMES))
    def say_how_it_went(self, number: int, outcome: str) -> None:
        with suppress(Conflict):
            self.staff(appointments.say_how_it_went, self._appointment(number), outcome)

    @rule(client=who, sleeps=st.integers(0, 60))
    def stop_everything_and_take_it_back(self, client: int, sleeps: int) -> None:
        self.staff(life_events.stop_everything, self.clients[client], "stop_now")
        self.relay.stopped.add(self.clients[client])
        self.work_on(sleeps)
        if sleeps < 50:
            self.staff(life_events.take_stop_back, self.clients[client])
            self.relay.stopped.discard(self.clients[client])
