"""One row of a clinic's file -> a person, or why not. The texts repeat what stands in the file: they are for
the clinic's own eyes, never for a log."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from aftercare.domain.columns import FIELDS
from aftercare.domain.consent_words import Answer, read_answer
from aftercare.domain.csvfile import TableRow, harmless, unharmed
from aftercare.domain.import_fate import Person
from aftercare.errors import InvalidInput
from aftercare.flows.import_basis import SOURCE_LIMIT, Basis, Who, read_day
from aftercare.flows.import_values import read_country, read_tongue, read_zone
from aftercare.flows.readers import NAME_LIMIT, read_address, read_name

SHOWN = 60
DATE_LENGTH = 30
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True)
class Remark:
    """Something about a row; `column` is empty where it is about the row as a whole."""

    row: int
    column: str
    problem: str

    def __str__(self) -> str:
        return (
            f"Row {self.row}, {self.column}: {self.problem}"
            if self.column
            else f"Row {self.row} {self.problem}"
        )


@dataclass(frozen=True)
class Layout:
    """How the rows of a file are to be read. `today` is the clinic's local date."""

    columns: tuple[str, ...]
    fields: Mapping[str, str]
    basis: Basis
    today: date


@dataclass
class RowReader:
    """The cells of one row by field; collects what there is to say about them."""

    row: TableRow
    layout: Layout
    warnings: list[Remark] = field(default_factory=list)

    def cell(self, name: str) -> str:
        """The cell of this field; empty where no column was chosen for it."""
        column = self.layout.fields.get(name)
        return unharmed(self.row.cells[self.layout.columns.index(column)]) if column else ""

    def warn(self, name: str, problem: str) -> None:
        """Remark on a field, repeating what stands there."""
        self.warnings.append(self.remark(name, f"{_quoted(self.cell(name))} {problem}"))

    def remark(self, name: str, problem: str) -> Remark:
        """About this field, under the name that its column has in the file."""
        return Remark(self.row.number, self.layout.fields.get(name, FIELDS[name]), problem)


def read_row(row: TableRow, layout: Layout) -> tuple[Person | None, Remark | None, list[Remark]]:
    """(the person, or why the row is refused, warnings)."""
    if row.problem:
        return None, Remark(row.number, "", row.problem), []
    reader = RowReader(row, layout)
    try:
        email, email_key = read_address(reader.cell("email"))
    except InvalidInput:
        return None, reader.remark("email", _no_address(reader.cell("email"))), []
    name = _first_name(reader)
    if len(name) > NAME_LIMIT:
        problem = f"is longer than {NAME_LIMIT} characters. Shorten it or leave the row out."
        return None, reader.remark("first_name", problem), []
    agreed, source = _consent(reader)
    person = Person(
        row=row.number,
        email=email,
        email_key=email_key,
        first_name=read_name(name),
        timezone=_read(reader, "timezone"),
        country=_read(reader, "country"),
        language=_read(reader, "language") or "",
        agreed=agreed,
        source=source,
    )
    return person, None, reader.warnings


def _no_address(cell: str) -> str:
    if not cell:
        return "is empty. Write the address or leave the row out."
    return f"{_quoted(cell)} is not an address. Fix it or leave the row out."


def _first_name(reader: RowReader) -> str:
    """On one line: a line break in a name would break a header (B8)."""
    cell = reader.cell("first_name")
    name = _one_line(cell)
    if _CONTROLS.search(cell):
        reader.warn("first_name", "had a line break or control character in it, which was taken out.")
    elif harmless(name) != name:
        reader.warn("first_name", "looks like a spreadsheet formula. Look at the name before emails go out.")
    return name


def _read(reader: RowReader, name: str) -> str | None:
    readers = {"timezone": read_zone, "country": read_country, "language": read_tongue}
    value, problem = readers[name](reader.cell(name))
    if problem:
        reader.warn(name, problem)
    return value


def _consent(reader: RowReader) -> tuple[bool, str]:
    """Whether this row counts as agreed, and where and when, as the ledger will say it."""
    basis = reader.layout.basis
    if basis.who is Who.COLUMN:
        answer = read_answer(reader.cell("consent"))
        if answer is Answer.UNCLEAR:
            reader.warn("consent", "is neither a plain yes nor a plain no. It counts as no.")
        agreed = answer is Answer.YES
    else:
        agreed = basis.who is Who.FILE
    if agreed and read_answer(reader.cell("left")) is not Answer.NO:
        reader.warn("left", "says that this person unsubscribed elsewhere. No consent is recorded.")
        agreed = False
    given = _one_line(reader.cell("consent_date"))[:DATE_LENGTH] or basis.given_on
    day = read_day(given)
    if agreed and day is not None and day > reader.layout.today:
        reader.warn("consent_date", "lies in the future. It counts as no.")
        agreed = False
    source = _one_line(reader.cell("consent_source"))[:SOURCE_LIMIT] or basis.source
    return agreed, f"{source}, {day.isoformat() if day else given}" if given else source


def _one_line(cell: str) -> str:
    return " ".join(_CONTROLS.sub(" ", cell).split())


def _quoted(cell: str) -> str:
    return f'"{_one_line(cell)[:SHOWN]}"'
