"""Merge fields: the whole of the template language that content may use.

`{{ first_name | there }}` and nothing more: no calls, filters, conditions or nesting (threat: SSTI)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aftercare.errors import ContentError

#: Who rings her, and when: known while she waits for a call.
CALL_WHEN = "call.when"
#: What happens next with a wish for a call, or why she is told of it only now: for a colleague who is told.
CALL_TOLD = "call.told"
#: Numbers of the clinic when an email leaves, for colleagues: emails due in seven days, answers that wait.
WEEK = frozenset({"week.emails", "week.waiting"})
#: Differ per recipient and may be unknown, so a text must say what stands in for them.
PERSONAL = frozenset({"first_name", "therapist.first_name", CALL_WHEN, CALL_TOLD}) | WEEK
#: Differ per run, always known.
RUN = frozenset({"run.emails", "run.days"})
#: Known when an email is compiled, checked at publish.
CLINIC = frozenset({"clinic.name", "clinic.phone", "clinic.hours", "clinic.reply_reader"})
SUPPORT = frozenset({f"support.{part}" for part in ("short", "line_name", "number", "how", "emergency")})
ALL = PERSONAL | RUN | CLINIC | SUPPORT

_BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_FIELD = re.compile(r"\s*([A-Za-z_.]+)\s*(?:\|\s*([^{}|<>()\"\\]*?)\s*)?")
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\uf8ff\ufffe\uffff]")


@dataclass(frozen=True)
class Field:
    """A merge field as written; only personal ones have a fallback."""

    name: str
    fallback: str | None = None


def parse(text: str, where: str) -> tuple[str | Field, ...]:
    """Split a text into literals and fields. Raises ContentError with `where` and the fix."""
    if _CONTROL.search(text):
        raise ContentError(
            f"{where}: contains a control or private-use character. Delete it and type the text again."
        )
    if "{" not in text and "}" not in text:
        return (text,) if text else ()
    parts: list[str | Field] = []
    end = 0
    for match in _BRACES.finditer(text):
        parts += [_literal(text[end : match.start()], where), _field(match[1], where)]
        end = match.end()
    parts.append(_literal(text[end:], where))
    return tuple(part for part in parts if part != "")


def texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every string inside nested dicts and lists, with its place such as `options[1].text`."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from texts(item, f"{place}[{index}]")


def _literal(text: str, where: str) -> str:
    stray = _STRAY.search(text)
    if stray:
        raise ContentError(
            f"{where}: {stray[0]!r} is not allowed. The only markup is a merge field like"
            " {{ first_name | there }}; delete the rest."
        )
    return text


def _field(inside: str, where: str) -> Field:
    match = _FIELD.fullmatch(inside)
    if not match or match[1] not in ALL:
        raise ContentError(
            f"{where}: unknown merge field {{{{{inside[:60]}}}}}. Use one of: {', '.join(sorted(ALL))}."
        )
    name, fallback = match[1], match[2]
    if name in PERSONAL and not fallback:
        raise ContentError(f"{where}: {name} needs a fallback. Write {{{{ {name} | there }}}}.")
    if name not in PERSONAL and fallback is not None:
        raise ContentError(f"{where}: {name} takes no fallback. Write {{{{ {name} }}}}.")
    return Field(name, fallback)
