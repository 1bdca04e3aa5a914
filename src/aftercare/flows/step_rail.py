"""One version of a sequence as its page shows it: step by step, in words and in somebody's real dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from aftercare.domain.localtime import Anchor, parse_zone, to_local, to_utc
from aftercare.domain.windows import Window
from aftercare.domain.wording import conditions_in_words, wait_in_words
from aftercare.errors import NotFound
from aftercare.flows.drafts import Version
from aftercare.flows.in_flight import DatedStep, dated
from aftercare.flows.zones import zone_aliases
from aftercare.models import Clinic
from aftercare.store import clinics, sequence_counts, sequences
from aftercare.store.sequence_counts import InFlight, StepCount

MOST_PEOPLE = 50
EXAMPLE_NAME, EXAMPLE_HOUR = "Maya", time(15)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Person:
    """Somebody whose dates are shown; without `client_id` the example. `anchor` is her visit."""

    client_id: str
    first_name: str
    anchor: Anchor


@dataclass(frozen=True)
class RailStep:
    """A step. `number` counts from 1, `raw` is its rule as files write it; `dated` is None where this
    person's run leaves it out by a condition."""

    number: int
    key: str
    subject: str
    preheader: str
    email_id: str
    wait: str
    conditions: tuple[str, ...]
    raw: Mapping[str, Any]
    dated: DatedStep | None
    counts: StepCount
    overtakes: bool
    """It goes out before the step above it."""


@dataclass(frozen=True)
class Rail:
    """The steps of a version with one person's dates, and the others whose dates could be shown."""

    steps: tuple[RailStep, ...]
    person: Person
    people: tuple[Person, ...]


def read_rail(db: Session, clinic_id: str, version: Version, *, client_id: str = "", now: datetime) -> Rail:
    """The rail, with the dates of an example or of a client who is part-way, counted from her own visit as
    if she got nothing else. NotFound for a client who is not in this sequence."""
    clinic = clinics.get(db, clinic_id)
    people = [_person(one) for one in sequence_counts.in_flight(db, version.sequence_id, MOST_PEOPLE)]
    person = _chosen(people, client_id) if client_id else _example(clinic, version, now)
    return Rail(_steps(db, version, clinic, person), person, tuple(people))


def _steps(db: Session, version: Version, clinic: Clinic, person: Person) -> tuple[RailStep, ...]:
    files, spec = version.files, version.files.spec
    dates = {one.key: one for one in dated(files, person.anchor, Window.parse(clinic.send_window))}
    emails = sequences.emails_of(db, version.id)
    counts = sequence_counts.by_step(db, version.sequence_id)
    return tuple(
        RailStep(
            number=number,
            key=step.key,
            subject=files.emails[step.key].subject,
            preheader=files.emails[step.key].preheader,
            email_id=emails[step.key].id,
            wait=wait_in_words(step.wait, spec.trigger, clinic.send_window),
            conditions=conditions_in_words(step),
            raw=files.raw["steps"][number - 1],
            dated=dates.get(step.key),
            counts=counts.get(step.key, StepCount()),
            overtakes=_overtakes([dates.get(one.key) for one in spec.steps[:number]]),
        )
        for number, step in enumerate(spec.steps, start=1)
    )


def _person(one: InFlight) -> Person:
    run = one.enrolment
    local = datetime.fromisoformat(run.anchor_local)
    anchor = Anchor(local=local, zone=parse_zone(run.anchor_zone), instant=run.anchor_at)
    return Person(one.client.id, one.client.first_name or "No first name", anchor)


def _chosen(people: Sequence[Person], client_id: str) -> Person:
    found = next((one for one in people if one.client_id == client_id), None)
    if found is None:
        raise NotFound("This client is not part-way in this sequence. Choose somebody else, or the example.")
    return found


def _example(clinic: Clinic, version: Version, now: datetime) -> Person:
    """A visit this afternoon at the clinic; where emails come before it, this afternoon in a week."""
    zone = parse_zone(clinic.timezone or "UTC", aliases=zone_aliases())
    ahead = WEEK if version.files.spec.trigger.on == "appointment.booked" else timedelta(0)
    today = datetime.combine(to_local(now, zone).date() + ahead, EXAMPLE_HOUR)
    return Person("", EXAMPLE_NAME, Anchor.at(to_utc(today, zone), zone))


def _overtakes(so_far: Sequence[DatedStep | None]) -> bool:
    """Whether the last of these comes before the one above it."""
    *above, step = so_far
    before = next((one for one in reversed(above) if one is not None), None)
    return step is not None and before is not None and step.local < before.local
