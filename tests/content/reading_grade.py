"""Flesch-Kincaid reading grade, near enough to keep a text within reach of an eleven-year-old."""

import re

VOWELS = re.compile(r"[aeiouy]+")
SILENT_END = re.compile(r"(?<![l])e$|(?<=[^td])ed$|(?<=[^sxzcg])es$")


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9][\w'’-]*", text)


def syllables(word: str) -> int:
    return max(1, len(VOWELS.findall(SILENT_END.sub("", word.lower()))))


def grade(texts: list[str]) -> float:
    """US school grade of some texts; every text ends a sentence (Kincaid et al. 1975)."""
    sentences = [part for text in texts for part in re.split(r"[.?!]+(?:\s|$)", text) if words(part)]
    spoken = [word for sentence in sentences for word in words(sentence)]
    per_word = sum(map(syllables, spoken)) / len(spoken)
    return 0.39 * len(spoken) / len(sentences) + 11.8 * per_word - 15.59
