"""A new client at the desk: who she is, and whether emails may follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from sqlalchemy.orm import Session

from aftercare.errors import InvalidInput, NotFound
from aftercare.flows import clients, consent_by_staff, consent_request, readers
from aftercare.flows.clients import NewClient
from aftercare.flows.countries import names
from aftercare.flows.import_values import read_country, read_zone
from aftercare.models import Client
from aftercare.store import clients as rows


@dataclass(frozen=True)
class Yes:
    """A yes that she gave in the room or on paper, in exactly these words."""

    topics: Sequence[str]
    source: str
    wording: str
    given_on: date


def add(
    db: Session, clinic_id: str, new: NewClient, yes: Yes | None, *, ask: bool = False, by: str, now: datetime
) -> Client:
    """Add a client, with her yes where she gave one, or with one email that asks for it. InvalidInput names
    the field; Conflict where the address is known or she cannot be asked."""
    client = clients.add_client(db, clinic_id, new, by=by, now=now)
    if yes is not None:
        consent_by_staff.record_consent(
            db,
            clinic_id,
            client.id,
            yes.topics,
            source=yes.source,
            wording=yes.wording,
            given_on=yes.given_on,
            by=by,
            now=now,
        )
    if ask:
        consent_request.ask(db, clinic_id, client.id, by=by, now=now)
    return client


def who_has(db: Session, clinic_id: str, address: str) -> Client | None:
    """The client of this clinic who has this address already, if any. InvalidInput."""
    return rows.by_email(db, clinic_id, readers.read_address(address)[1])


def id_of(db: Session, clinic_id: str, named: str) -> str:
    """The id of the client who is named by it, or by her whole address. InvalidInput, NotFound."""
    if "@" not in named:
        return named
    client = who_has(db, clinic_id, named)
    if client is None:
        raise NotFound("There is no client with this address here. Look for a typing error.")
    return client.id


def zone_of_town(text: str) -> str | None:
    """The zone that was typed, as `Europe/London` or just `London`; None where nothing was. InvalidInput."""
    zone, fault = read_zone(text.strip())
    if fault:
        raise InvalidInput("timezone", "is not a time zone that we know; choose one from the list")
    return zone


def code_of_country(text: str) -> str | None:
    """`GB` for `GB` or `Britain (UK)`; None where nothing was typed. InvalidInput."""
    code, fault = read_country(text.strip())
    if fault:
        raise InvalidInput("country", "is not a country that we know; choose one from the list")
    return code


@cache
def zones() -> tuple[str, ...]:
    """The zones of the world, by name."""
    text = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    return tuple(
        sorted(line.split("\t")[2] for line in text.splitlines() if line and not line.startswith("#"))
    )


@cache
def countries() -> tuple[str, ...]:
    """The countries of the world in English, by name."""
    return tuple(sorted(names().values()))
