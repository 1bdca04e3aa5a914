"""Finding the fixed words of our frame in a finished email: a phrase with `{names}` becomes a pattern."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

FOOT = ("reply", "why", "settings", "disclaimer")
"""The fixed words that the footer of every email is made of."""
_FEWEST = 4
_LONGEST = 300
"""Of what may stand for a name: no form takes more than 200 letters, and files a bit."""
_NAME = re.compile(r"\{(\w+)\}")


def says(words: str, text: str) -> bool:
    """Whether the phrase stands in a text, with any values in it."""
    return _pattern(words).search(text) is not None


def value(words: str, name: str, text: str) -> str:
    """What stands in a text for one of the phrase's names; empty where the phrase does not stand there."""
    found = _pattern(words).search(text)
    return found[name] if found else ""


def stripped(words: Any, text: str) -> str:
    """The text with a phrase, or all phrases of a group, taken out."""
    for phrase in _all(words):
        text = _pattern(phrase).sub(" ", text)
    return text


def frame(words: Mapping[str, Any]) -> tuple[re.Pattern[str], ...]:
    """Patterns of whole paragraphs that are fixed. A phrase of little but names, such as “Call {number}”,
    would pass almost anything."""
    known = (one for one in _all(words) if "{" not in one or len(_NAME.sub("", one).split()) >= _FEWEST)
    return _patterns(tuple(known))


def foot_of(words: Mapping[str, Any], lines: Sequence[str]) -> int:
    """Which line the footer begins with: the first that says one of its sentences, else the end."""
    phrases = list(_all({name: words[name] for name in FOOT}))
    found = (number for number, line in enumerate(lines) if any(says(phrase, line) for phrase in phrases))
    return next(found, len(lines))


def _all(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _all(inner)
    elif isinstance(value, str):
        yield value


@lru_cache(maxsize=16)
def _patterns(phrases: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(map(_pattern, phrases))


@lru_cache(maxsize=512)
def _pattern(words: str) -> re.Pattern[str]:
    pieces = _NAME.split(" ".join(words.split()))
    seen: set[str] = set()
    parts = []
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            parts.append(re.escape(piece))
        else:
            any_value = f".{{1,{_LONGEST}}}?"
            parts.append(any_value if piece in seen else f"(?P<{piece}>{any_value})")
            seen.add(piece)
    return re.compile("".join(parts))
