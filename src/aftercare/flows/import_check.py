"""What bringing a file in would do, row by row. Writes nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.csvfile import TableRow
from aftercare.domain.import_fate import Fate, Known, Person, Verdict, decide
from aftercare.domain.localtime import parse_zone, to_local
from aftercare.flows.import_basis import Basis, open_questions
from aftercare.flows.import_rows import Layout, Remark, read_row
from aftercare.store import clinics, imports


@dataclass
class Review:
    """Every row with its fate, and what there is to say. `questions` must be answered before bringing in."""

    total: int
    questions: list[str]
    verdicts: list[Verdict] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    """Rows that stay outside: refused ones and doubles."""
    doubles: int = 0
    warnings: list[Remark] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Fate -> number of rows; they add up to `total`."""
        fates = Counter(verdict.fate for verdict in self.verdicts)
        fates[Fate.DOUBLE], fates[Fate.REFUSED] = self.doubles, len(self.refused) - self.doubles
        return {fate.value: fates[fate] for fate in Fate}

    def added(self) -> int:
        """How many clients there will be more."""
        return sum(verdict.client_id is None for verdict in self.verdicts)

    def staying_out(self) -> list[Person]:
        """Those who stay unsubscribed, always."""
        return [each.person for each in self.verdicts if each.fate is Fate.STAYS_UNSUBSCRIBED]


@dataclass(frozen=True)
class Reading:
    """A file as it was read, before anybody is looked up. `people` are by compared address, in the order of
    the file; `found` says what is refused."""

    layout: Layout
    people: Mapping[str, Person]
    found: Review


def read(
    db: Session,
    clinic_id: str,
    rows: Sequence[TableRow],
    columns: Sequence[str],
    fields: Mapping[str, str],
    basis: Basis,
    *,
    now: datetime,
) -> Reading:
    """Read every row. Takes seconds where there are many: hold no lock meanwhile."""
    zone = parse_zone(clinics.get(db, clinic_id).timezone)
    layout = Layout(tuple(columns), fields, basis, to_local(now, zone).date())
    found = Review(len(rows), list(open_questions(basis, fields, layout.today)))
    people = _read(rows, layout, found)
    _in_order(found)
    return Reading(layout, people, found)


def judge(
    db: Session,
    clinic_id: str,
    people: Mapping[str, Person],
    layout: Layout,
    *,
    into: Review | None = None,
    lock: bool = False,
) -> Review:
    """Judge these people. With `lock` the clients that are known stay locked, so that the verdicts are still
    true when they are carried out."""
    found = into or Review(0, [])
    known = _known(db, clinic_id, people, lock=lock)
    suppressed = imports.suppressed(db, clinic_id, people)
    for key, person in people.items():
        verdict = decide(person, known.get(key), layout.basis.topics, suppressed=key in suppressed)
        found.verdicts.append(verdict)
        found.warnings.extend(_contradiction(person, known.get(key), layout))
    _in_order(found)
    return found


def check(db: Session, clinic_id: str, reading: Reading) -> Review:
    """What bringing in all that was read would do."""
    return judge(db, clinic_id, reading.people, reading.layout, into=reading.found)


def _in_order(found: Review) -> None:
    found.warnings.sort(key=lambda remark: remark.row)


def _read(rows: Iterable[TableRow], layout: Layout, review: Review) -> dict[str, Person]:
    """The people of the file by compared address; of doubles the first wins."""
    people: dict[str, Person] = {}
    for row in rows:
        person, refusal, warnings = read_row(row, layout)
        if person is not None and person.email_key in people:
            first = people[person.email_key].row
            problem = f"the same address stands in row {first}, which was taken. Leave this row out."
            refusal, warnings = Remark(row.number, layout.fields["email"], problem), []
            review.doubles += 1
        elif person is not None:
            people[person.email_key] = person
        if refusal is not None:
            review.refused.append(refusal)
        review.warnings.extend(warnings)
    return people


def _known(db: Session, clinic_id: str, keys: Iterable[str], *, lock: bool) -> dict[str, Known]:
    found = imports.known(db, clinic_id, keys, lock=lock)
    given: dict[str, set[str]] = {client.id: set() for client in found}
    stopped = set()
    for client_id, topic, yes in imports.consents_of(db, given):
        if yes:
            given[client_id].add(topic)
        else:
            stopped.add(client_id)
    return {
        client.email_key: Known(
            client.id,
            client.first_name,
            client.timezone,
            client.country,
            frozenset(given[client.id]),
            client.id in stopped,
        )
        for client in found
    }


def _contradiction(person: Person, known: Known | None, layout: Layout) -> list[Remark]:
    """The file says no where the person herself said yes here: a human should look."""
    asked = layout.basis.who == "column" or "left" in layout.fields
    if not asked or person.agreed or known is None or known.stopped or not known.given:
        return []
    problem = (
        "does not say yes, yet this client agreed here. Nothing is taken away; if they asked to stop, "
        "stop the emails on the page of this client."
    )
    return [Remark(person.row, layout.fields.get("consent") or layout.fields.get("left", ""), problem)]
