"""Words, sentences, the reading grade, and the patterns that texts are searched for."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from aftercare import yamlfile
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.passages import PANEL, Passage, longest

PANELS = frozenset({"contact", "support", "evidence"})
"""Numbers, hours and sources to look up, not to read through; they differ by clinic and country."""
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?<![l])e$|(?<=[^td])ed$|(?<=[^sxzcg])es$")
_SENTENCE_END = re.compile(r"[.?!]+(?:[”’\")]*)(?:\s|$)")
_SHORTEST_PROSE = 6
# Soft hyphens and marks without width come along when text is pasted, and no reader sees them.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


@cache
def patterns() -> Any:
    """What stands in `patterns.yaml`."""
    return yamlfile.load(Path(__file__).with_name("patterns.yaml"))


@cache
def known(name: str) -> Any:
    """A list of `features.yaml`: what email clients can draw, and what they strip."""
    return yamlfile.load(Path(__file__).with_name("features.yaml"))[name]


def languages() -> frozenset[str]:
    """The languages, lower case and without a country, whose words have patterns."""
    return frozenset(patterns()["banned"])


def banned(name: str, text: str, language: str) -> list[str]:
    """The different phrases of a text that the patterns of a rule match; none in a language without any."""
    if language not in languages():
        return []
    seen = _everyday(language).sub(" ", _UNSEEN.sub("", text))
    searches = _searches(name, language)
    found = sorted((hit.start(), hit[0]) for search in searches for hit in search.finditer(seen))
    return different(said for _, said in found)


def different(said: Iterable[str]) -> list[str]:
    """Each phrase once, whatever its capitals, in the order of the text."""
    kept: dict[str, str] = {}
    for one in said:
        kept.setdefault(one.lower(), one)
    return list(kept.values())


def any_of(stems: Iterable[str], text: str) -> list[str]:
    """The words in a text that begin as one of these patterns; `_` and `-` part words as spaces do."""
    pattern = _compiled(rf"(?<![^\W_])(?:{'|'.join(stems)})(?![^\W_])")
    return [found[0] for found in pattern.finditer(_UNSEEN.sub("", text))]


def words_in(text: str) -> list[str]:
    """The words of a text."""
    return re.findall(r"[^\W_][\w'’-]*", text)


def grade(texts: Iterable[str]) -> float:
    """US school grade of some English texts; every text ends a sentence (Kincaid et al. 1975)."""
    sentences = [part for text in texts for part in _SENTENCE_END.split(text) if words_in(part)]
    spoken = [word for sentence in sentences for word in words_in(sentence)]
    if not spoken:
        return 0.0
    per_word = sum(map(_syllables, spoken)) / len(spoken)
    return 0.39 * len(spoken) / len(sentences) + 11.8 * per_word - 15.59


def prose(passages: Iterable[Passage]) -> list[str]:
    """Whole sentences only: short labels and list items would flatter the grade."""
    texts = (one.text for one in passages)
    return [text for text in texts if text.endswith(".") and len(words_in(text)) >= _SHORTEST_PROSE]


def body_by_place(letter: Letter) -> dict[str, list[Passage]]:
    """What is there to read below the subject, by block; a finished message is one block, `html`."""
    found: dict[str, list[Passage]] = {}
    for one in _body(letter):
        found.setdefault(one.where, []).append(one)
    return {where: longest(passages) for where, passages in found.items()}


def _body(letter: Letter) -> Iterator[Passage]:
    """The reading of a first visit: what only regulars read is left out."""
    left_out = {"subject", "preheader", "public_name", "text"}
    if letter.origin is not None:
        blocks = letter.origin.blocks
        left_out |= {block.key for block in blocks if block.type in PANELS or block.when == "returning"}
    return (one for one in letter.own_passages if one.where not in left_out and one.inside != PANEL)


def _syllables(word: str) -> int:
    return max(1, len(_VOWELS.findall(_SILENT_END.sub("", word.lower()))))


@cache
def _everyday(language: str) -> re.Pattern[str]:
    return _whole_words(patterns()["everyday"][language])


@cache
def _searches(name: str, language: str) -> tuple[re.Pattern[str], ...]:
    banned, also = patterns()["banned"][language].get(name), patterns()["also"][language].get(name, ())
    return (*([_compiled(banned)] if banned else []), *([_whole_words(also)] if also else []))


def _whole_words(pieces: Iterable[str]) -> re.Pattern[str]:
    return _compiled(rf"\b(?:{'|'.join(pieces)})\b")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
