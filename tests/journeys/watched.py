"""A relay that checks every promise at the moment at which an email goes out."""

from collections.abc import Iterator
from collections.abc import Sequence as Seq
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from aftercare.domain.outcomes import Accepted, Outcome
from aftercare.domain.policy import ON_TIME
from aftercare.mail.senders.base import Outgoing
from aftercare.models import Appointment, CareSession, Client, Enrolment, Message, Sequence
from aftercare.testing.inline import InlineApp


@dataclass(frozen=True)
class Arrival:
    """An email that reached a client."""

    client: str
    message: str
    message_id: str
    at: datetime
    late: bool
    again: bool
    counted: bool


@dataclass
class WatchedRelay:
    """Takes everything, unless `answers` says otherwise, and knows who has said stop. An `Unknown` answer
    with reason `kept` has arrived all the same."""

    app: InlineApp
    stopped: set[str] = field(default_factory=set)
    answers: list[Outcome] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)

    def send(self, batch: Seq[Outgoing]) -> Iterator[tuple[str, Outcome]]:
        """As `Sender.send`."""
        for message in batch:
            self.watch(message)
            outcome = self.answers.pop(0) if self.answers else Accepted("watched")
            if isinstance(outcome, Accepted) or outcome.reason == "kept":
                self.arrive(message)
            yield message.key, outcome

    def close(self) -> None:
        """Nothing to let go of."""

    def watch(self, outgoing: Outgoing) -> None:
        """Whether this email may start now; AssertionError names the broken promise."""
        row, client, sequence = self._facts(outgoing)
        now = self.app.clock.now()
        assert not self._is_undone(row), "an email started for a session that was cancelled"
        booked = self._appointment(row)
        assert booked is None or booked.cancelled_at is None, "an email started for a cancelled appointment"
        assert booked is None or now < booked.starts_at, "an email started after the visit had begun"
        local = now.astimezone(ZoneInfo(client.timezone or "UTC"))
        assert client.id not in self.stopped, "an email started after a stop"
        assert client.held_at is None, "an email started while its client was held"
        assert sequence.paused_at is None, "an email started while its sequence was paused"
        assert now >= row.planned_for, "an email started before its time"
        assert time(8) <= local.time() < time(20), f"an email started at {local:%H:%M}"
        lateness = now - row.planned_for
        assert lateness <= timedelta(seconds=row.max_late), "an email started too late"
        others = [one for one in self._of(client.id) if one.message != row.id]
        if row.counted:
            days = [one.at.astimezone(local.tzinfo).date() for one in others if one.counted]
            assert_caps(days, local.date())
        if lateness > ON_TIME:
            late = [one for one in others if one.late and now - one.at < timedelta(hours=24)]
            assert not late, "two emails caught up within 24 hours"

    def arrive(self, outgoing: Outgoing) -> None:
        """It is in her inbox."""
        row, client, _ = self._facts(outgoing)
        now = self.app.clock.now()
        again = any(one.message == row.id for one in self.arrivals)
        late = now - row.planned_for > ON_TIME
        self.arrivals.append(
            Arrival(client.id, row.id, row.mime_message_id or "", now, late, again, row.counted)
        )

    def _of(self, client_id: str) -> list[Arrival]:
        """Her emails, copies left out."""
        return list({one.message: one for one in self.arrivals if one.client == client_id}.values())

    def _is_undone(self, row: Message) -> bool:
        query = select(CareSession.cancelled_at).join(Enrolment, Enrolment.session_id == CareSession.id)
        with self.app.reading() as db:
            return db.scalar(query.where(Enrolment.id == row.enrolment_id)) is not None

    def _appointment(self, row: Message) -> Appointment | None:
        query = select(Appointment).join(Enrolment, Enrolment.appointment_id == Appointment.id)
        with self.app.reading() as db:
            return db.scalar(query.where(Enrolment.id == row.enrolment_id))

    def _facts(self, outgoing: Outgoing) -> tuple[Message, Client, Sequence]:
        query = (
            select(Message, Client, Sequence)
            .join(Client, Client.id == Message.client_id)
            .join(Sequence, Sequence.id == Message.sequence_id)
            .where(Message.id == outgoing.key)
        )
        with self.app.reading() as db:
            row = db.execute(query).one()
        return row[0], row[1], row[2]


def assert_caps(before: Seq[date], today: date) -> None:
    """One more email today keeps to one per date and four in any seven dates."""
    assert today not in before, "a second email on one date"
    last = [day for day in before if timedelta(0) <= today - day < timedelta(days=7)]
    assert len(last) < 4, "a fifth email within seven dates"
