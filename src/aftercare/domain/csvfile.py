"""Files of comma-, semicolon- or tab-separated values: reading what clinics really have, writing it safely.

Reading: RFC 4180 and its relatives from spreadsheets (BOM, UTF-16, Windows-1252, `sep=;`, CR line ends).
Writing: no cell of ours may start a formula in somebody's spreadsheet (standards section 6)."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aftercare.errors import InvalidInput

MAX_BYTES = 20_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 200
NAME_LENGTH = 60
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
SPREADSHEET = (
    "is a spreadsheet, not a CSV file. Open it, choose File, Save as (or Download), and the type "
    "'CSV UTF-8 (comma separated)'; then choose the new file here."
)
_FOREIGN = {
    b"PK\x03\x04": SPREADSHEET,
    b"\xd0\xcf\x11\xe0": SPREADSHEET,
    b"%PDF": "is a PDF file. Export a CSV file instead.",
}
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\s*?(?:\r\n|\r|\n)", re.IGNORECASE)
_END = "\ue000end of the file\ue000"
"""A last line of our own: where it is not read back as a line, a quotation mark has swallowed it."""


@dataclass(frozen=True)
class TableRow:
    """One row. `number` counts as a spreadsheet does: the names of the columns stand in row 1."""

    number: int
    cells: tuple[str, ...]
    problem: str = ""
    """Why the row as a whole cannot be read."""


@dataclass(frozen=True)
class Table:
    """A file that was read. `guessed` is True where nothing in the file told how its letters are coded."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    encoding: str
    guessed: bool


def read_table(data: bytes) -> Table:
    """The table of a file; blank rows are left out, cells trimmed, short rows filled up.

    Raises InvalidInput("file", ...) where it is too large, empty, no text, or has no row of column names."""
    if len(data) > MAX_BYTES:
        raise _refused("is larger than 20 MB. Split it and bring the parts in one after another.")
    text, encoding = _decode(data)
    records = _records(text)
    if not records:
        raise _refused("is empty.")
    first, header = records[0]
    if len(records) - 1 > MAX_ROWS:
        raise _refused("has more than 20,000 rows. Split it and bring the parts in one after another.")
    columns = _column_names(header)
    rows = tuple(_row(number - first + 1, cells, len(columns)) for number, cells in records[1:])
    return Table(columns, rows, encoding, guessed=encoding == "cp1252")


def write_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV text: every cell quoted, CRLF line ends, a BOM (spreadsheets need it), formulas made harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in columns])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would compute (CVE-2022-45810)."""
    start = cell[:1] + cell.lstrip(" \ufeff\u200b\u00a0\u3000")[:1]
    return f"'{cell}" if any(letter in FORMULA_STARTS for letter in start) else cell


def unharmed(cell: str) -> str:
    """What `harmless` was given: a file that we wrote comes back as it was."""
    return cell[1:] if cell[:1] == "'" and harmless(cell[1:]) == cell else cell


def _refused(problem: str) -> InvalidInput:
    return InvalidInput("file", problem)


def _decode(data: bytes) -> tuple[str, str]:
    for start, problem in _FOREIGN.items():
        if data.startswith(start):
            raise _refused(problem)
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text or _END in text:
            break
        return text, encoding
    raise _refused("is not a text file that we can read. Save it as 'CSV UTF-8' and choose it again.")


def _encodings(data: bytes) -> tuple[str, ...]:
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            return (encoding,)
    half = len(data) // 2
    # Western text in UTF-16 has a zero in nearly every second byte; text in the other two has none.
    if half and data[1::2].count(0) > half * 0.4:
        return ("utf-16-le",)
    if half and data[0::2].count(0) > half * 0.4:
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def _records(text: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with its number (from 1)."""
    told = _SEPARATOR_LINE.match(text)
    body = text[told.end() :] if told else text
    lines = io.StringIO(f"{body.rstrip()}\n{_END}\n", newline="")
    reader = csv.reader(lines, delimiter=told[1] if told else _delimiter(body), skipinitialspace=True)
    found: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            trimmed = [cell.strip() for cell in cells]
            if any(trimmed):
                found.append((number, trimmed))
    except csv.Error:
        raise _unclosed(found[-1][0] + 1 if found else 1) from None
    last, cells = found.pop()
    if cells != [_END]:
        raise _unclosed(last)
    return found


def _unclosed(number: int) -> InvalidInput:
    return _refused(f"has a quotation mark in row {number} that is never closed. Close it, or take it out.")


def _delimiter(text: str) -> str:
    """The sign that cuts the first row into the most cells."""
    line = text.lstrip().splitlines()[0] if text.strip() else ""
    return max(",;\t", key=lambda sign: len(next(csv.reader([line[:5000]], delimiter=sign), [])))


def _column_names(header: Sequence[str]) -> tuple[str, ...]:
    while header and not header[-1]:
        header = header[:-1]
    if len(header) > MAX_COLUMNS:
        raise _refused(f"has more than {MAX_COLUMNS} columns. Keep those that are needed: email and name.")
    if any("@" in name[1:-1] for name in header):
        raise _refused("has no names of columns in its first row. Add a row such as: Email, First name.")
    return tuple(_distinct(" ".join(name.split())[:NAME_LENGTH] for name in header))


def _distinct(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for place, name in enumerate(names, start=1):
        wanted = written = name or f"Column {place}"
        again = 2
        while written in seen:
            written, again = f"{wanted} ({again})", again + 1
        seen.add(written)
        yield written


def _row(number: int, cells: Sequence[str], width: int) -> TableRow:
    if any(cells[width:]):
        problem = (
            f"has {len(cells)} cells, but there are {width} columns. "
            "Put quotation marks around a cell that holds a comma."
        )
        return TableRow(number, tuple(cells[:width]), problem)
    return TableRow(number, (*cells[:width], *[""] * (width - len(cells))))
