"""Lines of plain text, wrapped before the values that go into them are known."""

import re
import textwrap

_WIDTH = 76
_STAND_IN = re.compile(r"x[0-9a-f]{16}n[0-9]+w([0-9]+)x")
_FILLED = re.compile("([\ue000-\uf8ff])\\1*")


def stand_in(salt: str, number: int | str, width: int | str) -> str:
    """What stands in a text for slot `number`, whose value is likely to take `width` columns."""
    return f"x{salt}n{number}w{width}x"


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """Lines of at most 76 columns, slots counted at their likely width. What has no spaces is not cut.

    While wrapping, each slot is a run of one private-use character, which content and themes may not hold."""
    marks = list(_STAND_IN.finditer(text))
    narrow = text
    for number, mark in enumerate(marks):
        narrow = narrow.replace(mark[0], chr(0xE000 + number) * int(mark[1]), 1)
    wrapped = textwrap.fill(
        narrow,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return _FILLED.sub(lambda run: marks[ord(run[1]) - 0xE000][0], wrapped)
