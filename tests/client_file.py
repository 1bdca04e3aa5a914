"""A clinic's list of 220 clients with everything that such lists have, and the people of it who are known."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from aftercare.flows import consent
from aftercare.models import Client, Suppression
from aftercare.store import clients
from tests.factories import World

HEADER = ("Email", "First name", "Notes", "Agreed to emails", "Country", "Phone")
SECRET = "panic attacks, started citalopram"
FORMULAS = ('=HYPERLINK("http://evil.example")', "@SUM(A1)", "+1", "-1+1", "＝1+1")
COUNTS = {
    "new": 150,
    "no_emails": 25,
    "updated": 10,
    "unchanged": 10,
    "stays_unsubscribed": 10,
    "refused": 8,
    "double": 7,
}
BAD = (
    *("maya@@mail.com", "", "no address", "a@x.org, b@y.org", "<a@x.org> b@y.org"),
    *("x@localhost", "a..b@example.com", "a@-x.example"),
)
BASIS = {
    "who": "column",
    "topics": ["aftercare"],
    "source": "intake form",
    "wording": "Yes, send me emails.",
    "given_on": "2026-03-01",
}


def text(separator: str = ",") -> str:
    """The file's text; every cell quoted, CRLF."""
    lines = [HEADER, *_rows()]
    quoted = (separator.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    return "\r\n".join(quoted) + "\r\n"


def furnish(world: World) -> None:
    """The clinic that the file meets: 26 people it knows, some of whom said stop; two dead addresses."""
    now = world.app.clock.now()
    for number in range(10):
        world.add_client(f"known{number}@example.com")
        _strip(world, world.add_client(f"bare{number}@example.com", first_name=""))
    for number in range(6):
        left = world.add_client(f"left{number}@example.com")
        with world.app.transaction() as db:
            consent.opt_out(db, left, "*", source="link", now=now)
    for number in range(4):
        if number < 2:
            world.add_client(f"dead{number}@example.com", topics=())
        with world.app.transaction() as db:
            _suppress(db, world, f"dead{number}@example.com")


def _rows() -> Iterator[tuple[str, ...]]:
    for number in range(150):
        name = FORMULAS[number] if number < len(FORMULAS) else ("Zoë", "Jürgen", "Siân")[number % 3]
        yield (f"new{number}@example.com", name, SECRET, ("yes", "Y", "1", "ja")[number % 4], "UK", "0113 1")
    for number in range(20):
        yield (f"silent{number}@example.com", "Ann", "", ("", "no")[number % 2], "", "")
    for number in range(5):
        yield (f"unclear{number}@example.com", "Ann", "", "maybe", "GB", "")
    for address in BAD:
        yield (address, "Bo", "", "yes", "GB", "")
    for number in range(7):
        yield (f" NEW{number}@Example.COM", "Again", "", "yes", "GB", "")
    for number in range(10):
        yield (f"known{number}@example.com", "Other", "", "yes", "US", "")
        yield (f"bare{number}@example.com", "Bea", "", "no", "", "")
    for number in range(6):
        yield (f"left{number}@example.com", "Lea", "", "yes", "GB", "")
    for number in range(4):
        yield (f"dead{number}@example.com", "Dee", "", "yes", "GB", "")


def _strip(world: World, client_id: str) -> None:
    with world.app.transaction() as db:
        db.get_one(Client, client_id).country = None


def _suppress(db: Session, world: World, address: str) -> None:
    db.add(
        Suppression(
            clinic_id=world.clinic_id,
            email_key=address,
            reason="bounced",
            recorded_by="test",
            recorded_at=world.app.clock.now(),
        )
    )


def known(world: World, address: str) -> Client | None:
    """The client with this address as she is now."""
    with world.app.reading() as db:
        return clients.by_email(db, world.clinic_id, address)
