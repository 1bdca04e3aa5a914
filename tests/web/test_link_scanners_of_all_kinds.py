"""Whatever kind an email is of, opening its links changes no row: nobody's, by nobody's machine."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.flows import appointments, checkins, clinics, consent_request, duty, sequences, support_path
from aftercare.flows.appointments import Booking
from aftercare.mail.paths import templates_root
from aftercare.models import Message, Sequence
from aftercare.testing.inline import pass_time
from aftercare.testing.tables import table_hash
from tests.factories import World
from tests.journeys.issues import new_issue, schedule
from tests.web.conftest import MONDAY_14
from tests.web.signing_up import PAGE, opened, sign_up
from tests.web.test_link_scanners import links_in
from tests.web.visitor import Visitor

PUBLISHED = ("before-your-visit", "staying-in-touch", "therapist-guide")
KINDS = {
    *PUBLISHED,
    "after-your-visit",
    "after-a-tender-visit",
    "extra-support",
    "offered-support",
    "call-back",
    "consent-request",
    "newsletter-confirmation",
    "fresh-link",
    "issue",
}
"""Every sequence that comes with Aftercare, and an issue of the newsletter."""
PAGES = {"u", "s", "c", "v", "k"}
"""Where the paths of what a link in an email opens for one person begin."""


def open_clinic(world: World) -> None:
    """A clinic of which every kind of email leaves."""
    with world.app.transaction() as db:
        for slug in PUBLISHED:
            files = sequences.read_folder(templates_root() / "sequences" / "en" / slug)
            sequences.publish(db, world.clinic_id, files, by="sam", now=MONDAY_14)
        duty.set_contacts(db, world.clinic_id, world.therapist_id, None, by="sam", now=MONDAY_14)
    opened(world, shows_archive=True)


def furnish(world: World, visitor: Visitor, number: int) -> str:
    """People to whom everything happens that brings an email; the one who will be asked how she is."""
    with world.app.transaction() as db:
        new = {"first_name": "Noor", "email": f"noor{number}@example.com", "role": "therapist"}
        clinics.add_staff(db, world.clinic_id, **new, by="sam", now=MONDAY_14)
    ravi = world.add_client(f"ravi{number}@example.com", first_name="Ravi", topics=())
    with world.app.transaction() as db:
        consent_request.ask(db, world.clinic_id, ravi, by="sam", now=MONDAY_14)
    sign_up(visitor, f"nina{number}@example.com")
    visitor.post("/fresh-link", data={"email": f"ravi{number}@example.com"})
    world.add_client(f"reader{number}@example.com", first_name="Rea", topics=("newsletter",))
    booked = world.add_client(f"booked{number}@example.com", first_name="Bo")
    with world.app.transaction() as db:
        booking = Booking(client_id=booked, starts_at=MONDAY_14 + timedelta(days=8))
        appointments.book(db, world.clinic_id, booking, by="sam", now=MONDAY_14)
    topics = ("aftercare", "staying-in-touch")
    world.log_session(world.add_client(f"regular{number}@example.com", topics=topics), MONDAY_14)
    world.log_session(world.add_client(f"quiet{number}@example.com"), MONDAY_14, "strong_feelings")
    offered = world.add_client(f"offered{number}@example.com", first_name="Olu")
    with world.app.transaction() as db:
        support_path.begin_by_hand(db, world.clinic_id, offered, by="sam", now=MONDAY_14)
    tender = world.add_client(f"tender{number}@example.com", first_name="Tess")
    world.log_session(tender, MONDAY_14, "strong_feelings")
    return tender


def would_like_a_call(world: World, tender: str) -> None:
    """Somebody answers the question of a tender run."""
    asked = next(row for row in world.messages(tender) if row.step_key == "checking-in")
    assert asked.state == "sent"
    with world.app.transaction() as db:
        checkins.answer(db, tender, asked.id, "call", "", now=world.app.clock.now())


def kinds_sent(world: World) -> set[str]:
    """Which kinds of emails left so far and are known still."""
    sent = select(Sequence.slug, Sequence.kind).join(Message, Message.sequence_id == Sequence.id)
    with world.app.reading() as db:
        rows = db.execute(sent.where(Message.state == "sent"))
        return {"issue" if kind == "issue" else slug for slug, kind in rows}


def storm(world: World, visitor: Visitor) -> set[str]:
    """Open every link of every email that left, as machines do between sender and reader, and what is public
    beside them; the addresses that did not answer GET with 200."""
    settings = world.app.settings
    links = links_in(settings.data_dir / "outbox", settings.public_url)
    assert {path.split("/")[1] for path in links} >= PAGES
    links |= {PAGE, f"{PAGE}/archive", f"{PAGE}/feed.xml", "/fresh-link"}
    links |= set(re.findall(r'href="(/n/[^"]+)"', visitor.get(f"{PAGE}/archive").text))
    before = table_hash(world.app.engine)
    answers = {
        (method, path): visitor.send(method, path, headers={"Purpose": "prefetch"}).status_code
        for path in sorted(links)
        for method in ("GET", "HEAD")
    }
    assert table_hash(world.app.engine) == before
    return {path for (method, path), status in answers.items() if method == "GET" and status != 200}


@pytest.mark.parametrize(
    ("times", "emails"),
    [(1, 25), pytest.param(40, 1000, marks=[pytest.mark.chaos, pytest.mark.timeout(1200)])],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_storm_over_emails_of_every_kind_changes_no_row(
    world: World, visitor: Visitor, times: int, emails: int
) -> None:
    open_clinic(world)
    tender = [furnish(world, visitor, number) for number in range(times)]
    schedule(world, new_issue(world))
    pass_time(world.app, MONDAY_14 + timedelta(days=1))
    for one in tender:
        would_like_a_call(world, one)
    pass_time(world.app, MONDAY_14 + timedelta(days=2))
    kinds = kinds_sent(world)
    assert storm(world, visitor) == {"/alerts"}
    pass_time(world.app, MONDAY_14 + timedelta(days=45))
    assert kinds | kinds_sent(world) >= KINDS
    assert len(list((world.app.settings.data_dir / "outbox").rglob("*.eml"))) >= emails
    # The sign-ups that nobody confirmed are forgotten by now.
    gone = storm(world, visitor) - {"/alerts"}
    assert {path.split("/")[1] for path in gone} <= PAGES
    assert len(gone) <= 4 * times
