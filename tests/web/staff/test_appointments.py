"""Appointments on the pages: booked, moved and cancelled, and one click that says how it went."""

from datetime import UTC, datetime, timedelta

from aftercare.clock import SteppedClock
from aftercare.flows import appointments, sequences
from aftercare.mail.paths import templates_root
from aftercare.models import Appointment
from aftercare.store import appointments as rows
from aftercare.store import sessions
from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague

NEXT_TUESDAY = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
FORM = {"starts_at": "2026-12-01T15:00", "minutes": "60"}


def _booked(world: World, client: str) -> Appointment:
    with world.app.reading() as db:
        return rows.of_client(db, client)[-1]


def _book(owner: Colleague, world: World, client: str) -> str:
    assert owner.post("/appointments", {"client_id": client, **FORM}).status_code == 303
    world.app.drain()
    return _booked(world, client).id


def _later(world: World, instant: datetime) -> Colleague:
    """Somebody who signs in then: the log-in of days ago has run out."""
    assert isinstance(world.app.clock, SteppedClock)
    world.app.clock.set(instant)
    return colleague(world)


def test_booked_moved_and_cancelled_it_stands_on_the_clients_page(
    owner: Colleague, world: World, maya: str
) -> None:
    assert "Book an appointment" in owner.get(f"/appointments/new?client={maya}").text
    booked = _book(owner, world, maya)
    page = owner.get(f"/clients/{maya}").text
    assert "Booked. No emails come before it." in page
    assert f'href="/appointments/{booked}"' in page
    assert "Tue 1 Dec, 15:00" in page
    assert 'value="2026-12-01T15:00"' in owner.get(f"/appointments/{booked}").text
    moved = owner.post(f"/appointments/{booked}/move", {"starts_at": "2026-12-04T09:30", "minutes": "30"})
    assert moved.status_code == 303
    assert _booked(world, maya).ends_at == datetime(2026, 12, 4, 10, 0, tzinfo=UTC)
    for _ in range(2):
        assert owner.post(f"/appointments/{booked}/cancel").status_code == 303
    assert "Cancelled" in owner.get(f"/clients/{maya}").text
    assert "Book another one" in owner.get(f"/appointments/{booked}").text
    assert "Book a new one instead" in _told(owner, f"/appointments/{booked}/move", FORM)


def test_moved_twice_and_cancelled_through_the_pages_nothing_comes_twice(world: World) -> None:
    with world.app.transaction() as db:
        files = sequences.read_folder(templates_root() / "sequences" / "en" / "before-your-visit")
        sequences.publish(db, world.clinic_id, files, by="test", now=world.app.clock.now())
    ann = world.add_client("ann@example.com", first_name="Ann")
    booked = _book(colleague(world), world, ann)
    for day, act, form in (
        (29, "move", {"starts_at": "2026-12-08T15:00", "minutes": "60"}),
        (32, "move", {"starts_at": "2026-12-04T11:00", "minutes": "60"}),
        (33, "cancel", {}),
    ):
        pass_time(world.app, datetime(2026, 11, 1, 20, 0, tzinfo=UTC) + timedelta(days=day - 1))
        assert colleague(world).post(f"/appointments/{booked}/{act}", form).status_code == 303
        world.app.drain()
    pass_time(world.app, NEXT_TUESDAY + timedelta(days=20))
    sent = [f"{row.step_key} {row.sent_at:%d %H:%M}" for row in world.messages(ann) if row.sent_at]
    assert sent == ["what-to-expect 28 10:00", "small-things-for-tomorrow 03 17:00"]
    assert "Did this session happen?" not in colleague(world).get("/today").text


def test_a_form_that_cannot_be_comes_back_with_the_reason(owner: Colleague, maya: str) -> None:
    for wrong in (
        {"starts_at": "2026-11-20T15:00"},
        {"starts_at": "soon"},
        {"minutes": "0"},
        {"minutes": "x"},
    ):
        answer = owner.post("/appointments", {"client_id": maya, **FORM, **wrong})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text


def test_after_its_end_today_asks_and_one_click_answers_and_can_be_undone(
    owner: Colleague, world: World, maya: str
) -> None:
    booked = _book(owner, world, maya)
    assert "Did this session happen?" not in owner.get("/today").text
    owner = _later(world, NEXT_TUESDAY + timedelta(hours=2))
    for page in ("/today", f"/clients/{maya}"):
        assert "Did this session happen?" in owner.get(page).text
    assert owner.post(f"/appointments/{booked}/outcome", {"outcome": "ordinary"}).status_code == 303
    world.app.drain()
    page = owner.get("/today").text
    assert "Did this session happen?" not in page
    assert "Logged. 5 emails after it." in page
    logged = world.session_of(maya)
    with world.app.reading() as db:
        session = sessions.get(db, world.clinic_id, logged)
    assert (session.ended_at, session.plan_note) == (NEXT_TUESDAY + timedelta(hours=1), "planned")
    assert "is logged for this appointment already" in _told(
        owner, f"/appointments/{booked}/outcome", {"outcome": "ordinary"}
    )
    owner.post(f"/sessions/{logged}/undo")
    assert "Did this session happen?" in owner.get("/today").text
    owner.post(f"/appointments/{booked}/outcome", {"outcome": "did_not_happen", "then": "client"})
    page = owner.get(f"/clients/{maya}").text
    assert "Noted that it did not happen" in page
    assert "Did this session happen?" not in page


def test_an_appointment_that_is_over_is_not_offered_to_be_moved(
    owner: Colleague, world: World, maya: str
) -> None:
    booked = _book(owner, world, maya)
    assert "Move it" in owner.get(f"/appointments/{booked}").text
    owner = _later(world, NEXT_TUESDAY + timedelta(hours=2))
    page = owner.get(f"/appointments/{booked}").text
    assert "Move it" not in page
    assert "say that it did not happen" in page
    told = _told(owner, f"/appointments/{booked}/move", {"starts_at": "2026-12-08T15:00", "minutes": "60"})
    assert "This appointment is over. Log the session" in told


def test_nobody_is_asked_about_a_client_who_has_died(owner: Colleague, world: World, maya: str) -> None:
    _book(owner, world, maya)
    owner.post(f"/clients/{maya}/life", {"what": "died"})
    owner = _later(world, NEXT_TUESDAY + timedelta(hours=2))
    assert "Did this session happen?" not in owner.get("/today").text


def test_a_booking_that_nobody_planned_is_found_by_the_sweep(world: World, maya: str) -> None:
    booking = appointments.Booking(maya, NEXT_TUESDAY)
    with world.app.transaction() as db:
        booked = appointments.book(db, world.clinic_id, booking, by="test", now=world.app.clock.now()).id
    world.app.sweep()
    with world.app.reading() as db:
        assert rows.get(db, world.clinic_id, booked).plan_note == "no_sequence"


def _told(owner: Colleague, path: str, form: dict[str, str]) -> str:
    owner.post(path, form)
    return owner.get("/clients").text
