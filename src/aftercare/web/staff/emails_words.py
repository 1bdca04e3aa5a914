"""Blocks, their fields and their faults, as editors read them. A kind that is not named here can be edited
all the same; only its name is then the one that files use."""

import re
from collections.abc import Sequence

from aftercare.flows.block_forms import FormField, Spec
from aftercare.flows.block_names import BLOCKS, block_name, block_purpose
from aftercare.mail.blocks.base import Block

__all__ = ["BLOCKS", "block_name", "block_purpose"]

_PARTS = {
    "html": "The whole email",
    "text": "The text part",
    "theme": "The clinic's colours",
    "sender": "The sender's name",
    "public_name": "The name that clients see",
    "headers": "The header lines",
}
_FIELDS = {
    "paragraphs": "Text",
    "intro": "Introduction",
    "stop": "Words about stopping",
    "options": "Ways to do it",
    "label": "What it is called",
    "text": "Words",
    "seated": "Sitting down",
    "cards": "Evenings",
    "groups": "Phrases by occasion",
    "fine": "First answer: all is well",
    "wobbly": "Second answer: not so easy",
    "call": "Third answer: please call",
    "items": "Ideas, one per line",
    "links": "Pages",
    "guide": "One of our pages",
    "resource": "Or an entry of your library",
    "from": "Questions",
    "lighter_from": "Lighter questions",
    "claim": "What was found",
    "source": "Who found it, and where it stands",
    "url": "Address of the source (https)",
    "strength": "How strong it is",
    "instead_of": "Heading of what is left out",
    "we_say": "Heading of what is said",
    "pairs": "Pairs of words",
    "avoid": "Left out",
    "say": "Said instead",
    "style": "How much",
    "when": "Who reads it",
}
_ITEMS = {"options": "Way", "cards": "Evening", "links": "Page", "pairs": "Pair", "groups": "Occasion"}
_CHOICES = {
    "first": "Only on a first run",
    "returning": "Only people who come back",
    "always": "Everybody",
    "short": "One sentence",
    "full": "The whole block",
}
_HINTS = {
    "resource": "Leave the other one empty.",
    "paragraphs": "An empty line starts a new paragraph.",
    "items": "At most eight.",
}
MERGE_FIELDS = (
    ("first_name", "there", "First name"),
    ("therapist.first_name", "your therapist", "Therapist's first name"),
    ("clinic.name", None, "Clinic's name"),
    ("clinic.phone", None, "Clinic's telephone"),
    ("clinic.hours", None, "Clinic's hours"),
    ("run.emails", None, "How many emails come"),
    ("run.days", None, "Over how many days"),
)
"""Name, what is proposed to stand in where a client has none (None: everybody has one), and its title."""

_PLACE = re.compile(r"^.*?\([\w-]+\)\.(?P<field>[\w.\[\]]+): (?P<fault>.*)$", re.DOTALL)
_SAID = ((re.compile(r"^is missing\b.*"), "is empty. Write something."),)
_OF_NAMES = (
    (
        re.compile(r"unknown merge field (\{\{.*?\}\})\. Use one of: [\w., ]*\.", re.DOTALL),
        r"We do not know \1. Use “Put in a name”.",
    ),
    (
        re.compile(r"(?:therapist\.)?first_name needs a fallback\. Write (.*?)\."),
        r"A first name needs words to stand in, such as \1.",
    ),
    (re.compile(r"[\w.]+ takes no fallback\. Write (.*?)\."), r"Everybody has one, so write only \1."),
    (
        re.compile(r"(\S+) is not allowed\. The only markup is .*; delete the rest\."),
        r"Take out \1. Use “Put in a name”.",
    ),
)
"""What is wrong with a merge field; before the text is taken apart."""


def label(spec: Spec) -> str:
    """What a field is called."""
    return _label(spec.name)


def hint(spec: Spec) -> str:
    """What to know while filling it in; mostly nothing."""
    return _HINTS.get(spec.name, "")


def item_name(spec: Spec) -> str:
    """What one piece of a group is called."""
    return _ITEMS.get(spec.name, "Part")


def choice(value: str) -> str:
    """A choice in words."""
    return _CHOICES.get(value, _plain(value))


def rows(field: FormField) -> int:
    """How many lines of a text to show."""
    lines = sum(1 + len(line) // 50 for line in field.value.split("\n"))
    return min(14, max(2 if field.spec.kind == "text" else 3, lines))


def fault(text: str) -> str:
    """What is wrong with a block, without the places that only files have: `Ways to do it 2, Words: is empty.
    Write something.`"""
    for pattern, words in _OF_NAMES:
        text = pattern.sub(words, text)
    return " ".join(_one_fault(part) for part in text.split("; "))


def place(where: str, blocks: Sequence[Block]) -> str:
    """Where a check found something: a block by its name, or a part of the email."""
    kinds = [block.type for block in blocks if block.key == where]
    return block_name(kinds[0]) if kinds else _PARTS.get(where, _plain(where))


def brief(text: str) -> str:
    """An error of a sequence without the name of a file that nobody here has seen."""
    match = _PLACE.match(text)
    return f"{_plain(match['field']).replace('.', ', ')}: {match['fault']}" if match else text


def _one_fault(text: str) -> str:
    match = _PLACE.match(text)
    if match is None:
        said = text.rpartition(": ")[2]
        is_name = "." in said.partition(" ")[0]
        return said if is_name else said[:1].upper() + said[1:]
    said = match["fault"]
    for pattern, words in _SAID:
        said = pattern.sub(words, said)
    return f"{_path(match['field'])}: {said}"


def _path(field: str) -> str:
    """`options.1.text` is the second way's words."""
    parts = re.findall(r"[A-Za-z_]+|[0-9]+", field)
    named = [str(int(part) + 1) if part.isdecimal() else _label(part.rstrip("_")) for part in parts]
    return ", ".join(named)


def _label(name: str) -> str:
    return _FIELDS.get(name, _plain(name))


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()
