"""Blocks, their fields and their faults, as editors read them. A kind that is not named here can be edited
all the same; only its name is then the one that files use."""

import re
from collections.abc import Mapping

from aftercare.flows.block_forms import FormField, Spec

BLOCKS: Mapping[str, tuple[str, str]] = {
    "greeting": ("Greeting", "The first line, with the first name."),
    "note": ("Text", "A few paragraphs, with or without a heading."),
    "practice": ("One practice", "One small thing to try, in two or more ways."),
    "practice_picker": ("Practices to pick from", "Several, each with a way to do it sitting down."),
    "prompt": ("Questions to write about", "Two questions out of a list, never the same twice in a row."),
    "evening_list": ("Ideas for the evening", "A few easy ideas; another set on every visit."),
    "resource_list": ("Pages to read", "Links to the guide pages on your site."),
    "contact": ("How to reach you", "Telephone, hours and who reads replies, filled in by itself."),
    "support": ("Support at any hour", "Whom to call when things feel heavy, by the client's country."),
    "run_note": ("How many emails come", "Says how many follow, and that one can stop."),
    "end_note": ("Last words", "Says that this was the last one."),
}
"""What can be added, in this order."""
_NAMED = {**BLOCKS, "consent_button": ("Yes and no", "Leads to the page that asks for consent.")}

_FIELDS = {
    "paragraphs": "Text",
    "intro": "Introduction",
    "stop": "Words about stopping",
    "options": "Ways to do it",
    "label": "What it is called",
    "text": "Words",
    "seated": "Sitting down",
    "cards": "Evenings",
    "items": "Ideas, one per line",
    "links": "Pages",
    "guide": "Page",
    "from": "Questions",
    "lighter_from": "Lighter questions",
    "style": "How much",
    "when": "Who reads it",
}
_ITEMS = {"options": "Way", "cards": "Evening", "links": "Page"}
_CHOICES = {
    "first": "Only on a first run",
    "returning": "Only people who come back",
    "always": "Everybody",
    "short": "One sentence",
    "full": "The whole block",
}
_HINTS = {"paragraphs": "An empty line starts a new paragraph.", "items": "At most eight."}
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
_SAID = (
    (re.compile(r"^(string should have at least 1 character|is missing)\b.*"), "is empty. Write something."),
    (re.compile(r"^tuple should have at least (\d+) items?.*"), r"needs at least \1."),
    (re.compile(r"^tuple should have at most (\d+) items?.*"), r"holds at most \1."),
    (re.compile(r"^input should be a valid integer.*"), "must be a whole number."),
)


def block_name(kind: str) -> str:
    """`Text` for a note."""
    return _NAMED.get(kind, (_plain(kind), ""))[0]


def block_purpose(kind: str) -> str:
    """What a kind of block is for, in a sentence."""
    return _NAMED.get(kind, ("", ""))[1]


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
    return " ".join(_one_fault(part) for part in text.split("; "))


def brief(text: str) -> str:
    """An error of a sequence without the name of a file that nobody here has seen."""
    match = _PLACE.match(text)
    return f"{_plain(match['field']).replace('.', ', ')}: {match['fault']}" if match else text


def _one_fault(text: str) -> str:
    match = _PLACE.match(text)
    if match is None:
        return text.rpartition(": ")[2].capitalize() if text.count(": ") > 1 else text
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
