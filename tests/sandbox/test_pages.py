"""The bar of the sandbox: who may move the clock, and what the page says on the way."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from aftercare import queue
from aftercare.embedded import EmbeddedWorker
from aftercare.flows import sandbox, travel
from aftercare.flows.sandbox_cast import CAST
from aftercare.store import clients, clinics, messages
from tests.factories import World
from tests.web.staff.colleague import Colleague, colleague

MOMENTS = timedelta(seconds=30)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def sam(world: World) -> Colleague:
    return colleague(world, "therapist")


@pytest.mark.parametrize(("to", "far"), [("hour", timedelta(hours=1)), ("day", timedelta(days=1))])
def test_a_button_moves_the_clock_by_its_length(sam: Colleague, to: str, far: timedelta) -> None:
    before = sam.world.app.clock.now()
    answer = sam.post("/sandbox/travel", {"to": to, "here": "/today"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    sam.world.app.drain()
    assert abs(sam.world.app.clock.now() - before - far) < MOMENTS


def test_the_clock_goes_to_a_time_on_the_clinics_wall(sam: Colleague) -> None:
    target = (sam.world.app.clock.now().astimezone(LONDON) + timedelta(days=2)).replace(tzinfo=None)
    sam.post("/sandbox/travel", {"to": "date", "until": target.isoformat(timespec="minutes")})
    sam.world.app.drain()
    shown = sam.world.app.clock.now().astimezone(LONDON).replace(tzinfo=None)
    assert abs(shown - target) < timedelta(minutes=2)


def test_to_the_next_email_sends_one_more(sam: Colleague) -> None:
    app = sam.world.app
    with app.reading() as db:
        before = messages.counts_by_state(db)["sent"]
    sam.post("/sandbox/travel", {"to": "next"})
    app.drain()
    with app.reading() as db:
        assert messages.counts_by_state(db)["sent"] > before


def test_on_the_way_the_bar_asks_again_and_then_loads_the_page_afresh(sam: Colleague) -> None:
    sam.post("/sandbox/travel", {"to": "day", "here": "/inbox"})
    on_the_way = sam.get("/today").text
    assert 'hx-get="/sandbox/bar?here=/today"' in on_the_way
    assert "0 emails so far" in on_the_way
    asking = {"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1:8000/inbox?view=text"}
    part = sam.get("/sandbox/bar", headers=asking)
    assert 'href="/inbox"' in part.text
    assert "HX-Refresh" not in part.headers
    sam.world.app.drain()
    arrived = sam.get("/sandbox/bar", headers=asking)
    assert arrived.headers["HX-Refresh"] == "true"
    assert "hx-get" not in arrived.text


def test_a_page_that_answers_a_form_is_not_asked_for_again(sam: Colleague) -> None:
    nobody = {"email": "nobody"}
    assert 'name="here" value="/today"' in sam.post("/clients", nobody).text
    sam.post("/sandbox/travel", {"to": "day"})
    poll = re.findall(r'hx-get="(/sandbox/bar[^"]*)"', sam.post("/clients", nobody).text)[0]
    asking = {"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1:8000/clients"}
    assert 'href="/today"' in sam.get(poll, headers=asking).text
    assert poll in sam.get(poll, headers=asking).text
    sam.world.app.drain()
    assert "HX-Refresh" not in sam.get(poll, headers=asking).headers


def test_the_address_of_a_form_is_no_fault_of_ours(sam: Colleague) -> None:
    answer = sam.get("/sessions/preview")
    assert answer.status_code == 405
    assert "only takes what a form sends" in answer.text
    assert "our side" not in answer.text


def test_a_second_click_does_not_start_a_second_journey(sam: Colleague) -> None:
    sam.post("/sandbox/travel", {"to": "day"})
    with sam.world.app.reading() as db:
        first = travel.current(db)
    again = sam.post("/sandbox/travel", {"to": "week"})
    assert again.status_code == 303
    assert "on its way already" in sam.get("/today").text
    with sam.world.app.reading() as db:
        assert travel.current(db) == first


def test_a_time_that_is_over_is_refused_in_words(sam: Colleague) -> None:
    for until in ("2001-01-01T10:00", "soon", ""):
        sam.post("/sandbox/travel", {"to": "date", "until": until})
        assert "toast warn" in sam.get("/today").text


@pytest.mark.parametrize("here", ["https://elsewhere.example/", "//elsewhere.example", "/sandbox/bar"])
def test_the_way_back_leads_nowhere_else(sam: Colleague, here: str) -> None:
    assert sam.post("/sandbox/travel", {"to": "hour", "here": here}).headers["location"] == "/today"


def test_only_the_owner_starts_afresh_and_a_viewer_only_looks(sam: Colleague) -> None:
    viewer = colleague(sam.world, "viewer")
    assert viewer.get("/sandbox/bar").status_code == 200
    assert viewer.post("/sandbox/travel", {"to": "day"}).status_code == 403
    assert "/sandbox/travel" not in viewer.get("/today").text
    assert sam.post("/sandbox/reset").status_code == 403
    assert "/sandbox/reset" not in sam.get("/today").text


def test_the_owner_starts_afresh_at_the_true_time_and_signs_in_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "CAST", CAST[:1])  # one person's past is told sooner than everybody's
    app, owner = world.app, colleague(world)
    new = world.add_client("new@example.com")
    owner.post("/sandbox/travel", {"to": "day"})
    app.drain()
    assert "/sandbox/reset" in owner.get("/today").text
    answer = owner.post("/sandbox/reset")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert owner.get("/today").status_code == 303
    with app.reading() as db:
        assert clients.by_id(db, new) is None
        assert clinics.only(db).id != world.clinic_id
        assert messages.counts_by_state(db)["sent"] > 1
    assert abs(app.clock.now() - app.clock.unshifted()) < MOMENTS


def test_elsewhere_none_of_this_exists(world: World) -> None:
    owner = colleague(world)
    world.app.settings = world.app.settings.model_copy(update={"sandbox": False})
    assert "sandbox-bar" not in owner.get("/today").text
    assert owner.get("/sandbox/bar").status_code == 404
    for path in ("/sandbox/travel", "/sandbox/reset"):
        assert owner.post(path, {"to": "day"}).status_code == 404


def test_a_worker_of_this_process_that_has_ended_does_not_stop_the_next(sam: Colleague) -> None:
    app = sam.world.app
    queue.configure(app.settings)
    with EmbeddedWorker(app, beat=False):
        pass
    before = app.clock.now()
    sam.post("/sandbox/travel", {"to": "hour"})
    app.drain()
    assert app.clock.now() >= before + timedelta(hours=1)
