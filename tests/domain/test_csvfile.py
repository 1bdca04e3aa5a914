"""Files as clinics really have them, and files that nobody's spreadsheet computes."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain import csvfile
from aftercare.domain.csvfile import harmless, read_table, unharmed, write_table
from aftercare.errors import InvalidInput

PLAIN = "Email,First name\r\nzoe@example.com,Zoë\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (PLAIN.encode(), "utf-8"),
        (PLAIN.encode("utf-8-sig"), "utf-8-sig"),
        (PLAIN.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + PLAIN.encode("utf-16-be"), "utf-16"),
        (PLAIN.encode("utf-16-le"), "utf-16-le"),
        (PLAIN.encode("utf-16-be"), "utf-16-be"),
        (PLAIN.encode("cp1252"), "cp1252"),
        (PLAIN.replace(",", ";").encode(), "utf-8"),
        (PLAIN.replace(",", "\t").encode(), "utf-8"),
        (b"sep=;\r\n" + PLAIN.replace(",", ";").encode(), "utf-8"),
        (PLAIN.replace("\r\n", "\r").encode(), "utf-8"),
        (PLAIN.replace("\r\n", "\n").rstrip().encode(), "utf-8"),
        ('Email, "First name"\nzoe@example.com, "Zoë"'.encode(), "utf-8"),
        (f"\n\n{PLAIN},,,\r\n\r\n".encode(), "utf-8"),
    ],
)
def test_the_same_table_comes_out_of_every_way_to_save_it(data: bytes, encoding: str) -> None:
    table = read_table(data)
    assert table.columns == ("Email", "First name")
    assert [(row.number, row.cells) for row in table.rows] == [(2, ("zoe@example.com", "Zoë"))]
    assert (table.encoding, table.guessed) == (encoding, encoding == "cp1252")


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    table = read_table(b'Email,Name\na@b.org,"two\nlines"\n\nc@d.org,x\n')
    assert [row.number for row in table.rows] == [2, 4]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"PK\x03\x04...", "CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0...", "CSV UTF-8"),
        (b"%PDF-1.7", "PDF"),
        (b"Email\n\x00\x01\x02", "not a text file"),
        (b"\xff\xfe\x00\xd8", "not a text file"),
        (b"Email\n\x81\x8d\xff", "not a text file"),
        (b"maya@example.com,Maya\n", "no names of columns"),
        (b'Email,Name\na@b.org,x\nc@d.org,"open\ne@f.org,y\n', "a quotation mark in row 3"),
        (b'Email\n"' + b"x" * 200_000, "a quotation mark in row 2"),
        (b",".join(b"c%d" % number for number in range(300)), "more than 200 columns"),
        (b"E\n" + b"x\n" * 20_001, "20,000 rows"),
        (b"x" * 20_000_001, "20 MB"),
    ],
)
def test_what_is_no_table_is_refused_with_the_mend(data: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as refusal:
        read_table(data)
    assert refusal.value.field == "file"


def test_a_row_with_too_many_cells_is_marked_and_its_neighbours_are_kept() -> None:
    table = read_table(b"Email,Name\na@b.org,x,y\nc@d.org\ne@f.org,z,,\n")
    assert [bool(row.problem) for row in table.rows] == [True, False, False]
    assert table.rows[1].cells == ("c@d.org", "")


def test_columns_without_a_name_or_with_the_same_name_are_told_apart() -> None:
    columns = read_table(b"Email,,Email,Email (2),\nx,1,2,3\n").columns
    assert columns == ("Email", "Column 2", "Email (2)", "Email (2) (2)")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+44 113", "'+44 113"),
        ("-1", "'-1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1+1", "' =1+1"),
        ("＝1+1", "'＝1+1"),
        ("＠x", "'＠x"),
        ("Zoë", "Zoë"),
        ("O'Brien", "O'Brien"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_compute_is_written_as_text(cell: str, written: str) -> None:
    assert harmless(cell) == written


def test_a_written_table_comes_back_as_it_was() -> None:
    text = write_table(["Email", "=Name"], [["a@b.org", "=1+1"], ["c@d.org", 'say "hi", twice']])
    assert text.startswith('\ufeff"Email","\'=Name"\r\n')
    rows = [[unharmed(cell) for cell in row.cells] for row in read_table(text.encode()).rows]
    assert rows == [["a@b.org", "=1+1"], ["c@d.org", 'say "hi", twice']]


@given(st.text())
def test_no_written_cell_begins_a_formula_and_each_can_be_read_back(cell: str) -> None:
    assert harmless(cell)[:1] not in {*csvfile.FORMULA_STARTS}
    assert unharmed(harmless(cell)) == (cell[1:] if unharmed(cell) != cell else cell)


_CELLS = st.text(
    st.sampled_from("a;,\t\"'=@ .é\r\n\u2028\ufeff") | st.characters(codec="utf-16"), max_size=12
)


@given(
    st.lists(st.lists(_CELLS, max_size=5), max_size=6).map(
        lambda rows: "\n".join(",".join(row) for row in rows)
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
)
def test_odd_text_is_a_table_or_a_refusal_in_words(text: str, encoding: str) -> None:
    _read_or_refused(text.encode(encoding, errors="replace"))


@given(st.binary(max_size=300))
def test_odd_bytes_are_a_table_or_a_refusal_in_words(data: bytes) -> None:
    _read_or_refused(data)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
            min_size=2,
            max_size=2,
        ),
        max_size=5,
    )
)
def test_what_any_program_writes_by_the_book_is_read_cell_by_cell(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["Email", "Name"], *rows])
    read = [list(row.cells) for row in read_table(out.getvalue().encode("utf-8-sig")).rows]
    assert read == [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]


def _read_or_refused(data: bytes) -> None:
    try:
        table = read_table(data)
    except InvalidInput:
        return
    assert len(set(table.columns)) == len(table.columns)
    assert all(len(row.cells) == len(table.columns) or row.problem for row in table.rows)
