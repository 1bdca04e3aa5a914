"""What a story is told with, and the accounts that must come out even at its end."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.bootstrap import App
from aftercare.clock import SteppedClock
from aftercare.domain.states import FINAL, MessageState
from aftercare.domain.steps import SequenceSpec
from aftercare.flows import sequences, sessions
from aftercare.flows.calendar import zone_of
from aftercare.flows.sequences import SequenceFiles
from aftercare.flows.sessions import SessionFacts
from aftercare.mail.message_ids import bounce_address
from aftercare.mail.paths import templates_root
from aftercare.models import Attempt, CareSession, Clinic, EmailVersion, Message, Staff
from aftercare.testing.headers import assert_aftercare_headers
from aftercare.testing.inline import InlineApp, pass_time
from aftercare.testing.smtp import Received, RecordingServer
from tests.factories import World

MONDAY_14 = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
STRONG = "strong_feelings"
ALIKE = 60
"""No story has as many emails; those of a crowd are all alike."""


@dataclass
class Journey(World):
    """A clinic, its clock, and the SMTP server that its mail goes to."""

    server: RecordingServer

    @property
    def clock(self) -> SteppedClock:
        """The clock, to be set."""
        assert isinstance(self.app.clock, SteppedClock)
        return self.app.clock

    @property
    def now(self) -> datetime:
        """The clock's time."""
        return self.clock.now()

    def visit(self, client_id: str, outcome: str = "ordinary", *, ended_at: datetime | None = None) -> str:
        """A session that ends (and is logged) now, with its follow-ups planned; its id."""
        session_id = self.log_session(client_id, ended_at or self.now, outcome)
        self.app.drain()
        return session_id

    def visit_of_service(self, client_id: str, service: str) -> None:
        """A session of this service, which another sequence may be for."""
        facts = SessionFacts(client_id=client_id, ended_at=self.now, outcome="ordinary", service=service)
        with self.app.transaction() as db:
            sessions.log_session(db, self.clinic_id, facts, by="sam", now=self.now)
        self.app.sweep()

    def publish(self, slug: str, raw: Mapping[str, Any]) -> None:
        """A sequence of these rules; all its steps say the same."""
        shipped = sequences.read_folder(templates_root() / "sequences" / "en" / "after-a-tender-visit")
        emails = {step["key"]: shipped.emails["thank-you"] for step in raw["steps"]}
        files = SequenceFiles(slug, raw, SequenceSpec.parse(raw), emails)
        with self.app.transaction() as db:
            sequences.publish(db, self.clinic_id, files, by="sam", now=self.now)

    def break_email(self, db: Session, email_version_id: str) -> str:
        """The id of a copy of this email whose document nobody can read."""
        email = db.get_one(EmailVersion, email_version_id)
        broken = EmailVersion(
            clinic_id=email.clinic_id, language="en", document={"subject": "?"}, created_at=self.now
        )
        db.add(broken)
        db.flush()
        return broken.id

    def live(self, **length: float) -> None:
        """Let time pass, sweeping whenever something is due: `live(days=3)`."""
        pass_time(self.app, self.now + timedelta(**length))

    def live_until(self, instant: datetime) -> None:
        """Let time pass up to this instant, sweeping whenever something is due."""
        pass_time(self.app, instant)

    def sleep(self, **length: float) -> None:
        """Let time pass while no worker runs."""
        self.clock.advance(timedelta(**length))

    def mail(self, client_id: str) -> list[str]:
        """What a client was sent: `evening-plan Mon 23 17:00`, on the wall clock where she lives now."""
        client = self.client(client_id)
        with self.app.reading() as db:
            zone = zone_of(client, db.get_one(Clinic, client.clinic_id))
        rows = [row for row in self.messages(client_id) if row.sent_at is not None]
        rows.sort(key=lambda row: row.sent_at or self.now)
        return [f"{row.step_key} {row.sent_at.astimezone(zone):%a %d %H:%M}" for row in rows if row.sent_at]

    def fates(self, client_id: str) -> dict[str, str]:
        """Step -> `state` or `state: reason`, the latest row of each step."""
        return {
            row.step_key: row.state + (f": {row.reason}" if row.reason else "")
            for row in sorted(self.messages(client_id), key=lambda row: row.changed_at)
        }

    def note(self, session_id: str) -> str | None:
        """What staff see of how a session was planned."""
        with self.app.reading() as db:
            return db.get_one(CareSession, session_id).plan_note

    def attempts(self, client_id: str) -> list[Attempt]:
        """All attempts at a client's messages, in order."""
        query = select(Attempt).join(Message, Message.id == Attempt.message_id)
        with self.app.reading() as db:
            return list(db.scalars(query.where(Message.client_id == client_id).order_by(Attempt.started_at)))


def only_clinic(app: InlineApp) -> tuple[str, str]:
    """Ids of the furnished clinic and its therapist."""
    with app.reading() as db:
        therapist = db.scalars(select(Staff)).one()
        return therapist.clinic_id, therapist.id


def assert_all_is_well(app: App, received: Sequence[Received]) -> None:
    """Conservation, headers, and a reason for everything that was not sent."""
    with app.reading() as db:
        rows = list(db.scalars(select(Message)))
        attempts = list(db.scalars(select(Attempt)))
    purposes = {row.mime_message_id: row.purpose for row in rows}
    for message in received[:ALIKE]:
        assert len(message.rcpt_tos) == 1
        purpose = purposes[message.message_id]
        assert_aftercare_headers(message.content, message.rcpt_tos[0], purpose=purpose)
        assert message.mail_from == bounce_address(message.message_id)
    assert_conserved(rows, attempts, [message.message_id for message in received])


def assert_conserved(rows: Sequence[Message], attempts: Iterable[Attempt], arrived: Sequence[str]) -> None:
    """planned = received + skipped + cancelled + failed + later; no copy that is not explained by a doubt.

    A message that arrived while its row says otherwise must have an attempt of which nobody knows."""
    copies = Counter(arrived)
    tries: dict[str, list[Attempt]] = {row.id: [] for row in rows}
    for attempt in attempts:
        tries[attempt.message_id].append(attempt)
    assert set(copies) <= {row.mime_message_id for row in rows}, "a message that no row knows"
    for row in rows:
        count = copies[row.mime_message_id or ""]
        doubts = sum(one.outcome in (None, "unknown") for one in tries[row.id])
        marked = sum(one.possible_duplicate for one in tries[row.id])
        if row.state == MessageState.SENT:
            assert count >= 1, f"{row.step_key}: sent, but nothing arrived"
            assert count - 1 <= min(doubts, marked), f"{row.step_key}: a copy that nothing explains"
        else:
            assert count <= doubts, f"{row.step_key}: arrived, but is {row.state}"
        assert row.reason or row.state == MessageState.SENT or row.state not in FINAL, "final without reason"
    states = Counter(row.state for row in rows)
    sent = [row for row in rows if row.state == MessageState.SENT]
    assert len(rows) - sum(states[state] for state in MessageState if state != MessageState.SENT) == len(sent)
