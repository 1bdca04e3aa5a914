"""The sandbox: a clinic whose last ten days were lived through by the engine itself, so that every email of
its past is a real one. Nothing of it leaves the computer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.localtime import parse_instant, parse_zone
from aftercare.errors import Conflict
from aftercare.flows import (
    appointments,
    clients,
    clinics,
    consent,
    defaults,
    logins,
    passwords,
    pausing,
    sessions,
    travel,
)
from aftercare.flows.appointments import Booking
from aftercare.flows.clients import NewClient
from aftercare.flows.sandbox_cast import (
    CAST,
    CLINIC,
    FIRST_VISIT,
    HELD_BECAUSE,
    IS_HELD,
    LEAVES,
    PASSWORD,
    REST_DAYS,
    RESTS,
    SOURCE,
    STAFF,
    THERAPIST,
    WORDING,
    Person,
)
from aftercare.flows.sessions import SessionFacts
from aftercare.flows.tools import Tools
from aftercare.flows.travel import Journey
from aftercare.mail.paths import templates_root
from aftercare.models import Clinic, Staff
from aftercare.store import clinics as clinic_rows
from aftercare.store import logins as login_rows
from aftercare.store import sandbox, settings

STATE, BEING_MADE, READY = "sandbox.state", "being made", "ready"
LIVED = timedelta(days=10)
JUMPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
TOPIC = "aftercare"
BY = "sandbox"
IS_REAL = (
    "This database holds a real clinic, and a sandbox would wipe it. Take AFTERCARE_SANDBOX away, or name "
    "another folder for the sandbox."
)


@dataclass(frozen=True)
class Bar:
    """What the bar on top of every page shows. `now` is the sandbox's time (UTC), `zone` the clinic's;
    `sent`: how many emails have left on the journey that is going on."""

    now: datetime
    zone: str
    journey: Journey | None
    sent: int


@dataclass(frozen=True)
class _Clinic:
    id: str
    therapist_id: str


def open_sandbox(tools: Tools) -> None:
    """At the start of the process: furnish what was never finished; go on where an earlier one stopped."""
    with tools.reading() as db:
        ready = settings.get(db, STATE) == READY
    if not ready:
        furnish(tools)
    elif travel.wake_up(tools):
        tools.submit("travel")


def reset(tools: Tools) -> None:
    """Forget everything and begin anew at the true time. Conflict while that is being done already, and in a
    database that never was a sandbox's."""
    with tools.transaction() as db:
        sandbox.lock_offset(db)
        _only_when_ready(db)
        settings.put(db, STATE, BEING_MADE)
    furnish(tools)


def set_out(db: Session, until: datetime, *, unshifted: datetime) -> None:
    """Let the clock travel to `until`; submit `travel` after the commit. Errors as `travel.start`
    and `reset`."""
    _only_when_ready(db)
    travel.start(db, until, unshifted=unshifted)


def destination(db: Session, clinic: Clinic, to: str, until: str, *, now: datetime) -> datetime:
    """Where a button of the bar leads (UTC): an hour, day or week on, to the next email, or to the date and
    time `until` on the clinic's wall clock. NotFound where no email is planned, InvalidInput."""
    if to == "next":
        return travel.next_email(db, now)
    if to == "date":
        return parse_instant(until, parse_zone(clinic.timezone), "until")
    return now + JUMPS[to]


def first_owner(db: Session) -> Staff | None:
    """Whom the sandbox signs in by itself; nobody in a database that is not a sandbox's."""
    return login_rows.first_owner(db) if settings.get(db, STATE) == READY else None


def bar(db: Session, clinic: Clinic, now: datetime) -> Bar:
    """What the bar shows at `now`."""
    journey = travel.current(db)
    return Bar(now, clinic.timezone, journey, travel.sent_so_far(db, journey) if journey else 0)


def furnish(tools: Tools) -> None:
    """Wipe the database and live through the cast's last days, up to the true present. Conflict where it
    holds a clinic that no sandbox put there."""
    if not tools.settings.sandbox:
        raise Conflict("Only a sandbox can be wiped.")
    began = tools.clock.unshifted()
    with tools.transaction() as db:
        _clear(db)
        sandbox.lock_offset(db)
        sandbox.set_offset(db, -LIVED)
    clinic = _found_clinic(tools)
    people = {person: _add(tools, clinic, person, began) for person in CAST}
    moments = [
        (moment.instant(zone, began.astimezone(zone).date()), moment.what, person)
        for person in CAST
        for zone in [ZoneInfo(person.zone)]
        for moment in person.past
    ]
    for at, what, person in sorted(moments, key=lambda moment: moment[0]):
        _live_until(tools, at)
        _happen(tools, clinic, people[person], what, at)
    _live_until(tools, tools.clock.unshifted())
    with tools.transaction() as db:
        sandbox.lock_offset(db)
        sandbox.set_offset(db, timedelta(0))
        settings.put(db, STATE, READY)


def _only_when_ready(db: Session) -> None:
    state = sandbox.locked_value(db, STATE)
    if state != READY:
        raise Conflict(IS_REAL if state is None else "The sandbox is being set up. It takes a few seconds.")


def _clear(db: Session) -> None:
    if settings.get(db, STATE) is None and clinic_rows.some(db, limit=1):
        raise Conflict(IS_REAL)
    sandbox.wipe(db)
    settings.put(db, STATE, BEING_MADE)


def _found_clinic(tools: Tools) -> _Clinic:
    now, unshifted, password = tools.clock.now(), tools.clock.unshifted(), passwords.hashed(PASSWORD)
    with tools.transaction() as db:
        clinic_id = clinics.add_clinic(db, CLINIC, by=BY, now=now).id
        ids = {}
        for name, role in STAFF:
            address = staff_address(name)
            member = clinics.add_staff(
                db, clinic_id, first_name=name, email=address, role=role, by=BY, now=now
            )
            link = logins.invite(db, clinic_id, member.id, by=BY, unshifted=unshifted)
            logins.choose_password(db, link, password, unshifted=unshifted)
            ids[name] = member.id
        defaults.publish_defaults(db, clinic_id, templates_root() / "sequences" / "en", by=BY, now=now)
    return _Clinic(clinic_id, ids[THERAPIST])


def staff_address(name: str) -> str:
    """What a member of the sandbox's staff signs in with."""
    return f"{name.lower()}@{CLINIC.sender_address.partition('@')[2]}"


def _add(tools: Tools, clinic: _Clinic, person: Person, began: datetime) -> str:
    new = NewClient(
        email=person.email,
        first_name=person.first_name,
        timezone=person.zone,
        country=person.country,
        topics=(TOPIC,) if person.consents else (),
        consent_source=SOURCE if person.consents else "",
        consent_wording=WORDING if person.consents else "",
    )
    with tools.transaction() as db:
        client_id = clients.add_client(db, clinic.id, new, by=BY, now=tools.clock.now()).id
    _book(tools, clinic, client_id, person, began)
    return client_id


def _book(tools: Tools, clinic: _Clinic, client_id: str, person: Person, began: datetime) -> None:
    """Visits that are to come, and one that is over, which nobody has said yet whether it took place."""
    zone = ZoneInfo(person.zone)
    for moment in person.booked:
        booking = Booking(
            client_id,
            moment.instant(zone, began.astimezone(zone).date()),
            therapist_id=clinic.therapist_id,
            first_session=moment.what == FIRST_VISIT,
        )
        with tools.transaction() as db:
            by = f"staff:{clinic.therapist_id}"
            appointments.book(db, clinic.id, booking, by=by, now=tools.clock.now())


def _live_until(tools: Tools, instant: datetime) -> None:
    if instant > tools.clock.now():
        travel.travel(tools, instant)


def _happen(tools: Tools, clinic: _Clinic, client_id: str, what: str, at: datetime) -> None:
    """One moment of the past, through the same flows as everything else."""
    now, sam = tools.clock.now(), f"staff:{clinic.therapist_id}"
    with tools.transaction() as db:
        if what == LEAVES:
            consent.opt_out(db, client_id, TOPIC, source="unsubscribe_page", now=now)
        elif what == IS_HELD:
            clients.hold(db, clinic.id, client_id, reason=HELD_BECAUSE, by=sam, now=now)
        elif what == RESTS:
            until = (now + timedelta(days=REST_DAYS)).date()
            pausing.pause(db, clinic.id, client_id, until, by=sam, now=now)
        else:
            # Planned by the first sweep of the journey that follows.
            facts = SessionFacts(client_id, at, what, therapist_id=clinic.therapist_id, first_session=True)
            sessions.log_session(db, clinic.id, facts, by=sam, now=now)
