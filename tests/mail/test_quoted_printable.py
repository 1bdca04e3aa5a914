import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.mail import qp

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))


def lines_of(encoded: bytes) -> list[bytes]:
    return encoded.split(b"\r\n")


@given(TEXT)
def test_every_text_comes_back_and_no_line_is_longer_than_76(text: str) -> None:
    encoded = qp.encode(text)
    assert quopri.decodestring(encoded).decode().replace("\r\n", "\n") == text
    assert all(len(line) <= 76 for line in lines_of(encoded))


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_pieces_joined_by_soft_breaks_say_what_the_whole_says(pieces: list[str]) -> None:
    joined = qp.SOFT_BREAK.join(qp.encode(piece) for piece in pieces)
    assert quopri.decodestring(joined).decode().replace("\r\n", "\n") == "".join(pieces)
    assert all(len(line) <= 76 for line in lines_of(joined))


@given(st.text(st.sampled_from(". From\té=\n"), max_size=400))
def test_no_line_starts_with_a_dot_or_mbox_word_or_ends_in_white_space(text: str) -> None:
    for line in lines_of(qp.encode(text)):
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5000,
        "é" * 5000,
        "." * 5000,
        "👩‍👩‍👧‍👦" * 300,
        "שלום " * 900,
        "=" * 5000,
        "https://a.example/" + "b" * 190,
    ],
    ids=["plain", "accents", "dots", "emoji", "right-to-left", "equals", "url"],
)
def test_long_lines_are_broken_softly(text: str) -> None:
    encoded = qp.encode(text)
    assert max(map(len, lines_of(encoded))) <= 76
    assert quopri.decodestring(encoded).decode() == text


def test_all_line_ends_become_crlf() -> None:
    assert qp.encode("a\nb\r\nc\rd") == b"a\r\nb\r\nc\r\nd"
