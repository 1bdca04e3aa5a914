"""Reads parsed YAML strictly: wrong types and unknown keys become a ContentError that names place and fix."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import time, timedelta
from difflib import get_close_matches
from typing import TypeVar

from aftercare.domain.localtime import parse_time_of_day
from aftercare.errors import ContentError, InvalidInput

_T = TypeVar("_T")
_D = TypeVar("_D")

_DURATION = re.compile(r"([0-9]{1,6})([mhdw])")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def mapping(value: object, where: str, allowed: Collection[str] | None = None) -> Mapping[str, object]:
    """A mapping with text keys, all of them in `allowed` (any, where None)."""
    if not isinstance(value, Mapping):
        raise ContentError(f"{where}: expected keys and values, found {kind(value)}")
    for key in value:
        if not isinstance(key, str):
            raise ContentError(f"{where}: the key {shown(key)} is {kind(key)}; write it in quotes")
        if allowed is not None and key not in allowed:
            raise ContentError(f"{where}: unknown key {shown(key)}{_instead(key, allowed)}")
    return value


def option(
    fields: Mapping[str, object], key: str, read: Callable[[object, str], _T], where: str, default: _D
) -> _T | _D:
    """What `read` makes of `fields[key]`, or `default` where the key is left out."""
    return read(fields[key], f"{where}.{key}") if key in fields else default


def items(value: object, where: str) -> list[object]:
    """A list with at least one item."""
    if not isinstance(value, list) or not value:
        found = "an empty list" if isinstance(value, list) else kind(value)
        raise ContentError(f"{where}: expected a list with at least one item, found {found}")
    return value


def text(value: object, where: str) -> str:
    """Text that is not blank."""
    if not isinstance(value, str):
        raise ContentError(f"{where}: expected text, found {kind(value)}; write it in quotes")
    if not value.strip():
        raise ContentError(f"{where}: must not be empty")
    return value


def flag(value: object, where: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ContentError(f"{where}: expected true or false, found {kind(value)}")
    return value


def integer(value: object, where: str) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ContentError(f"{where}: expected a whole number, found {kind(value)}")
    return value


def choice(value: object, where: str, choices: Collection[str]) -> str:
    """One of `choices`."""
    word = text(value, where)
    if word not in choices:
        raise ContentError(f"{where}: {shown(word)} is not possible{_instead(word, choices)}")
    return word


def choice_of(choices: Collection[str]) -> Callable[[object, str], str]:
    """A reader for `option` that accepts one of `choices`."""
    return lambda value, where: choice(value, where, choices)


def duration(value: object, where: str) -> timedelta:
    """Elapsed time written as `15m`, `24h`, `60d` or `2w`."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ContentError(f"{where}: {shown(value)} is not a duration; write it like 15m, 24h, 60d or 2w")
    return int(match[1]) * _UNITS[match[2]]


def time_of_day(value: object, where: str) -> time:
    """Local time written as `"09:30"`."""
    try:
        return parse_time_of_day(text(value, where), where)
    except InvalidInput as error:
        raise ContentError(str(error)) from error


def kind(value: object) -> str:
    """What a person calls the type of `value`."""
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "keys",
    }
    return "nothing" if value is None else names.get(type(value), type(value).__name__)


def shown(value: object) -> str:
    """`value` for an error text: quoted, and cut where it is long."""
    quoted = repr(value)
    return quoted if len(quoted) <= 60 else quoted[:59] + "…"


def _instead(word: str, allowed: Collection[str]) -> str:
    close = get_close_matches(word[:60], allowed, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; possible: {', '.join(sorted(allowed))}"
