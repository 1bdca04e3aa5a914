"""Every staff page x every role x another clinic's things: read off the application, so that a new page
without a case here fails."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.routing import iter_route_contexts

from aftercare.flows import (
    appointments,
    checkins,
    clinics,
    logins,
    newsletters,
    resources,
    sequence_files,
    sequences,
    support_path,
)
from aftercare.flows.appointments import Booking
from aftercare.flows.resources import Particulars
from aftercare.mail.paths import templates_root
from aftercare.testing.tables import table_hash
from aftercare.web.app import create_app
from tests.factories import CLINIC, World
from tests.web.conftest import MONDAY_14
from tests.web.staff.access_cases import CASES, OPEN, SANDBOX
from tests.web.staff.colleague import Colleague, colleague

PRIVATE = "only-at-willow-lane"


@pytest.fixture
def hers(world: World, maya: str) -> dict[str, str]:
    """The ids of Maya, her session, an email, a sequence that only her clinic has, and a file brought in."""
    shipped = sequence_files.read_folder(templates_root() / "sequences" / "en" / "after-your-visit")
    with world.app.transaction() as db:
        sequences.publish(db, world.clinic_id, replace(shipped, slug=PRIVATE), by="test", now=MONDAY_14)
        entry = Particulars(PRIVATE, "https://example.org/")
        booking = Booking(maya, MONDAY_14 + timedelta(days=3))
        appointment = appointments.book(db, world.clinic_id, booking, by="test", now=MONDAY_14).id
        resource = resources.add(db, world.clinic_id, entry, by="test", now=MONDAY_14).id
        issue = newsletters.create(db, world.clinic_id, "issue-2", by="test", now=MONDAY_14).id
    message = world.messages(maya)[0]
    asking = next(row.id for row in world.messages(maya) if row.step_key == "how-are-things")
    with world.app.transaction() as db:
        answer = checkins.answer(db, maya, asking, "call", "", now=MONDAY_14).response.id
        alert = support_path.begin_by_hand(db, world.clinic_id, maya, by="test", now=MONDAY_14).id
    owner = colleague(world)
    upload = {"file": ("list.csv", b"email,consent\nann@example.com,yes\n", "text/csv")}
    form = {"csrf": owner.csrf}
    staged = owner.send("POST", "/clients/import", data=form, files=upload).headers["location"]
    return {
        "client_id": maya,
        "session_id": world.session_of(maya),
        "appointment_id": appointment,
        "message_id": message.id,
        "alert_id": alert,
        "checkin_id": answer,
        "staff_id": world.therapist_id,
        "email_version_id": message.email_version_id,
        "enrolment_id": message.enrolment_id,
        "slug": PRIVATE,
        "key": "evening-plan",
        "number": "1",
        "resource_id": resource,
        "issue_id": issue,
        "import_id": staged.rpartition("/")[2],
    }


@pytest.fixture
def foreign_owner(world: World) -> Colleague:
    """The owner of another clinic."""
    with world.app.transaction() as db:
        other = clinics.add_clinic(db, replace(CLINIC), by="test", now=MONDAY_14).id
    return colleague(world, "owner", other)


def send(who: Colleague, call: str, ids: dict[str, str]) -> int:
    """Make this call about these things, with a form that would be taken."""
    method, _, path = call.partition(" ")
    form = {name: value.format(**ids) for name, value in CASES[call].form.items()}
    address = path.format(**ids) + CASES[call].query.format(**ids)
    answer = who.get(address) if method == "GET" else who.post(address, form)
    return answer.status_code


def test_every_page_has_a_case_and_what_is_open_to_everybody_is_known(world: World) -> None:
    found = {
        f"{method} {context.path}"
        for context in iter_route_contexts(create_app(world.app).routes)
        for method in context.methods or ()
        if not (context.path or "").startswith("/api") and method not in ("HEAD", "OPTIONS")
    }
    assert found == set(CASES) | set(OPEN) | set(SANDBOX)


def test_nobody_gets_in_without_signing_in(world: World, hers: dict[str, str]) -> None:
    stranger, before = Colleague(world), table_hash(world.app.engine)
    assert {call: send(stranger, call, hers) for call in CASES} == dict.fromkeys(CASES, 303)
    assert table_hash(world.app.engine) == before


@pytest.mark.parametrize("role", logins.ROLES)
def test_a_role_gets_exactly_as_far_as_its_pages(world: World, hers: dict[str, str], role: str) -> None:
    who, before = colleague(world, role), table_hash(world.app.engine)
    closed = {call for call, case in CASES.items() if not logins.may(role, case.role)}
    refused = {call: send(who, call, hers) for call in closed}
    assert refused == dict.fromkeys(closed, 403)
    assert table_hash(world.app.engine) == before
    open_pages = [call for call, case in CASES.items() if call not in closed and call.startswith("GET")]
    assert {call for call in open_pages if send(who, call, hers) == 403} == set()


def test_another_clinics_things_do_not_exist(
    world: World, hers: dict[str, str], foreign_owner: Colleague
) -> None:
    before = table_hash(world.app.engine)
    naming = [call for call, case in CASES.items() if case.names]
    assert {call: send(foreign_owner, call, hers) for call in naming} == dict.fromkeys(naming, 404)
    assert table_hash(world.app.engine) == before


def test_what_names_nothing_tells_nothing_of_another_clinic(
    world: World, hers: dict[str, str], foreign_owner: Colleague
) -> None:
    for call, case in CASES.items():
        if not case.names and call.startswith("GET"):
            page = foreign_owner.get(call.partition(" ")[2] + case.query)
            assert not any(known in page.text for known in (hers["client_id"], "Maya", PRIVATE)), call


def test_the_sandboxs_levers_do_not_exist_elsewhere(world: World) -> None:
    owner = colleague(world)
    for call in SANDBOX:
        method, _, path = call.partition(" ")
        answer = owner.get(path) if method == "GET" else owner.post(path, {"to": "hour"})
        assert answer.status_code == 404, call
