"""The countries of ISO 3166, as they are written and called."""

import difflib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_CALLED = {
    **dict.fromkeys(("uk", "united kingdom", "great britain", "england", "scotland", "wales"), "GB"),
    **dict.fromkeys(("northern ireland",), "GB"),
    **dict.fromkeys(("usa", "united states of america", "u.s.a.", "u.s."), "US"),
    **dict.fromkeys(("deutschland", "allemagne", "alemania"), "DE"),
    **dict.fromkeys(("österreich",), "AT"),
    **dict.fromkeys(("schweiz", "suisse", "svizzera"), "CH"),
    **dict.fromkeys(("españa",), "ES"),
    **dict.fromkeys(("the netherlands", "nederland"), "NL"),
}


@cache
def names() -> Mapping[str, str]:
    """English name of each country by its code, two capital letters."""
    text = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {row[0]: row[1] for row in rows}


def code_of(text: str) -> str | None:
    """`GB` for `gb`, `Britain (UK)` or `England`; None where we know no such country."""
    return _codes().get(text.strip().casefold())


def nearest(text: str) -> str:
    """The code that was perhaps meant; empty where none comes to mind."""
    close = difflib.get_close_matches(
        text.strip().casefold(), [name for name in _codes() if len(name) > 2], 1
    )
    return code_of(text) or (code_of(close[0]) if close else None) or ""


@cache
def _codes() -> Mapping[str, str]:
    by_name = {name.casefold(): code for code, name in names().items()}
    return by_name | {code.casefold(): code for code in names()} | _CALLED
