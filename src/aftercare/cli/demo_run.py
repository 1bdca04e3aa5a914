"""The main job with nobody watching: simulated days, the real tasks, a real SMTP conversation."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from aftercare import bootstrap
from aftercare.bootstrap import App
from aftercare.cli.demo_cast import Visit
from aftercare.clock import SteppedClock
from aftercare.config import Settings
from aftercare.domain.localtime import shift, to_utc
from aftercare.domain.states import MessageState
from aftercare.embedded import EmbeddedWorker
from aftercare.flows import clients, clinics, consent, defaults, sessions
from aftercare.flows.clients import NewClient
from aftercare.flows.sandbox_cast import CLINIC, WORDING
from aftercare.flows.sessions import SessionFacts
from aftercare.mail.paths import templates_root
from aftercare.migrations import upgrade
from aftercare.store import clients as client_rows
from aftercare.store import consents, messages
from aftercare.store import sessions as session_rows
from aftercare.store import settings as stored

PATIENCE_SECONDS = 60
POLL_SECONDS = 0.005
TOPIC = "aftercare"


@dataclass
class Demo:
    """A clinic in a folder of its own, and the people in it. Clients are known by their demo name."""

    app: App
    clock: SteppedClock
    clinic_id: str = ""
    therapist_id: str = ""
    people: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    """Where each client lives now."""
    sent_in: dict[str, str] = field(default_factory=dict)
    """Message-ID -> zone, for what a client received before she moved."""
    notes: dict[str, list[str]] = field(default_factory=dict)


def run(folder: Path, smtp_url: str, visits: Sequence[Visit], *, first_day: date, days: int) -> Demo:
    """Live through the cast's days up to the end of local day `days` in everyone's zone."""
    visits = sorted(visits, key=lambda visit: visit.ends_at)
    midnight = shift(datetime.combine(first_day, time_of_day()), timedelta(days=days + 1), "--days")
    end = max(to_utc(midnight, visit.zone, "--days") for visit in visits)
    demo = _open(folder, smtp_url, visits[0].ends_at)
    with EmbeddedWorker(demo.app, beat=False):
        for visit in visits:
            if visit.ends_at < end:
                _let_time_pass(demo, visit.ends_at)
                _log(demo, visit)
        _let_time_pass(demo, end)
    return demo


def _open(folder: Path, smtp_url: str, start: datetime) -> Demo:
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'demo.sqlite3'}",
        smtp_url=smtp_url,
        mail_domain="willowlane.example.com",
        public_url="https://willowlane.example.com",
    )
    upgrade(settings.database)
    clock = SteppedClock(start)
    demo = Demo(bootstrap.build(settings, clock=clock), clock)
    with demo.app.transaction() as db:
        clinic_id = clinics.add_clinic(db, CLINIC, by="demo", now=start).id
        sam = clinics.add_staff(
            db, clinic_id, first_name="Sam", email=CLINIC.reply_to, role="therapist", by="demo", now=start
        )
        root = templates_root() / "sequences" / "en"
        defaults.publish_defaults(db, clinic_id, root, by="demo", now=start)
        demo.clinic_id, demo.therapist_id = clinic_id, sam.id
    return demo


def _log(demo: Demo, visit: Visit) -> None:
    """Log a session the way the interfaces do: commit, then ask a worker to plan what follows."""
    client_id = _client(demo, visit)
    facts = SessionFacts(client_id, visit.ends_at, visit.outcome, therapist_id=demo.therapist_id)
    with demo.app.transaction() as db:
        session_id = sessions.log_session(db, demo.clinic_id, facts, by="demo", now=demo.clock.now()).id
    demo.app.submit("schedule_followups", session_id)
    _wait(lambda: _note(demo, session_id) is not None)
    demo.notes.setdefault(visit.client, []).append(_note(demo, session_id) or "")


def _client(demo: Demo, visit: Visit) -> str:
    now = demo.clock.now()
    if visit.client not in demo.people:
        new = NewClient(
            email=f"client{len(demo.people) + 1}@example.com",
            first_name=visit.client.split("-")[0].title()[:100],
            timezone=visit.zone.key,
            country="GB",
            topics=(TOPIC,) if visit.consent else (),
            consent_source="demo",
            consent_wording=WORDING,
        )
        with demo.app.transaction() as db:
            demo.people[visit.client] = clients.add_client(db, demo.clinic_id, new, by="demo", now=now).id
    else:
        _follow(demo, visit, now)
    demo.zones[visit.client] = visit.zone.key
    return demo.people[visit.client]


def _follow(demo: Demo, visit: Visit, now: datetime) -> None:
    """A known client comes again: she may have moved, said yes or said stop since."""
    person = demo.people[visit.client]
    with demo.app.transaction() as db:
        if demo.zones[visit.client] != visit.zone.key:
            for row in messages.of_client(db, person):
                if row.state == MessageState.SENT:
                    demo.sent_in.setdefault(str(row.mime_message_id), demo.zones[visit.client])
            clients.move_zone(db, demo.clinic_id, person, visit.zone.key, by="demo", now=now)
        given = consents.is_given(db, person, TOPIC)
        if given and not visit.consent:
            consent.opt_out(db, person, TOPIC, source="demo", now=now)
        elif visit.consent and not given:
            client = client_rows.get(db, demo.clinic_id, person)
            consent.give(db, client, [TOPIC], source="demo", wording=WORDING, by="demo", now=now)


def _note(demo: Demo, session_id: str) -> str | None:
    with demo.app.reading() as db:
        return session_rows.get(db, demo.clinic_id, session_id).plan_note


def _let_time_pass(demo: Demo, until: datetime) -> None:
    """Visit every instant at which something is due: a jump over days is not an outage."""
    _sweep(demo)
    while (due := _next_due(demo)) is not None and due <= until:
        demo.clock.set(due)
        _sweep(demo)
    demo.clock.set(until)
    _sweep(demo)


def _next_due(demo: Demo) -> datetime | None:
    with demo.app.reading() as db:
        return messages.next_due(db, demo.clock.now())


def _sweep(demo: Demo) -> None:
    """Submit a sweep, and wait until it has run and nothing is left to do at this instant."""
    before = demo.app.clock.unshifted()
    demo.app.submit("sweep")
    _wait(lambda: _swept_since(demo, before) and _is_idle(demo))


def _swept_since(demo: Demo, instant: datetime) -> bool:
    with demo.app.reading() as db:
        beat = stored.last_beat(db, "sweep")
    return beat is not None and beat > instant


def _is_idle(demo: Demo) -> bool:
    with demo.app.reading() as db:
        return not messages.anything_to_do(db, demo.clock.now()) and not session_rows.unplanned(db)


def _wait(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > give_up:
            raise TimeoutError("The worker has not finished within a minute.")
        time.sleep(POLL_SECONDS)
