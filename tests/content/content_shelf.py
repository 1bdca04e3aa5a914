"""The shipped content read as plain YAML, so that these tests do not depend on the compiler."""

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

Block = dict[str, Any]

ROOT = Path(__file__).parents[2] / "templates" / "emails"
DATA = Path(__file__).parent / "data"
ALL_SEQUENCES = tuple(json.loads((DATA / "step-items.json").read_text(encoding="utf-8")))
SEQUENCES = tuple(slug for slug in ALL_SEQUENCES if (ROOT / "sequences" / "en" / slug).is_dir())
FOR_STAFF = ("therapist-guide",)
"""Colleague to colleague: may name what client-facing text never does, and may be longer."""
ASKING = ("consent-request", "newsletter-confirmation", "fresh-link")
"""Sequences of account emails: no part of the care content, held to the same rules of language."""
# Keys whose values steer the mail and are not read by a client.
UNREAD = {
    "type",
    "key",
    "when",
    "covers",
    "id",
    "from",
    "lighter_from",
    "guide",
    "style",
    "minutes",
    "stop",
    "url",
}
SAMPLE_VALUES = {"clinic.name": "Harbour House", "clinic.hours": "Monday to Friday, nine to five"}
MERGE_FIELD = re.compile(r"\{\{ *([a-z_.]+) *(?:\| *([^}]+?) *)?\}\}")
# Which fixed words of the layout the templates put around a block's own.
FRAMES = {
    "practice": ("minutes", "stop_practice"),
    "practice_picker": ("minutes", "stop_practice"),
    "affirmation_picker": ("own_words",),
    "book": ("book.call",),
    "check_in": ("check_in.who", "check_in.none"),
    "prompt": ("prompt_main", "prompt_lighter", "stop_prompt"),
    "run_note": ("run_note.days",),
}


@dataclass(frozen=True)
class Email:
    """One step's email as its file says it."""

    sequence: str
    key: str
    subject: str
    preheader: str
    blocks: list[Block]

    @property
    def place(self) -> str:
        return f"{self.sequence}/{self.key}"


def read_data(name: str) -> Any:
    """One of the reference files beside these tests."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def sequence(slug: str) -> Any:
    return read_yaml(ROOT / "sequences" / "en" / slug / "sequence.yaml")


@cache
def emails() -> tuple[Email, ...]:
    """Every email of the shipped sequences, in sending order."""
    return _emails_of(SEQUENCES)


def client_emails() -> tuple[Email, ...]:
    """Those that a client reads."""
    return tuple(email for email in emails() if email.sequence not in FOR_STAFF)


@cache
def asking_emails() -> tuple[Email, ...]:
    """The emails that ask something of a person who gets no others yet."""
    return _emails_of(ASKING)


def _emails_of(slugs: tuple[str, ...]) -> tuple[Email, ...]:
    found = []
    for slug in slugs:
        for step in sequence(slug)["steps"]:
            data = read_yaml(ROOT / "sequences" / "en" / slug / f"{step['key']}.yaml")
            found.append(Email(slug, step["key"], **data))
    return tuple(found)


@cache
def guides() -> dict[str, Any]:
    """Guide pages by slug."""
    return {path.stem: read_yaml(path) for path in sorted((ROOT / "guides" / "en").glob("*.yaml"))}


@cache
def prompts() -> dict[str, str]:
    return {prompt["id"]: prompt["text"] for prompt in read_yaml(ROOT / "library" / "prompts.yaml")}


@cache
def fixed_words() -> Any:
    """The layout's own words, which every email shares."""
    return read_yaml(ROOT / "layout.en.yaml")


def frame(block: Block) -> list[str]:
    """What the templates say around a block's own words."""
    return [_fixed(name) for name in FRAMES.get(block["type"], ())]


def _fixed(name: str) -> str:
    """`book.call` is the phrase `call` of the group `book`."""
    found = fixed_words()
    for part in name.split("."):
        found = found[part]
    return str(found)


@cache
def support() -> Any:
    return read_yaml(ROOT / "library" / "support.yaml")


def for_run(email: Email, run: str) -> list[Block]:
    """The blocks that a person on a `first` or a `returning` run gets."""
    return [block for block in email.blocks if block.get("when", "always") in ("always", run)]


def lines(value: Any) -> list[str]:
    """Every piece of text that a client reads in a block, or in part of one, with sample values filled in."""
    if isinstance(value, str):
        return [MERGE_FIELD.sub(lambda field: field[2] or SAMPLE_VALUES[field[1]], value)]
    if isinstance(value, list):
        return [line for item in value for line in lines(item)]
    if isinstance(value, dict):
        own = [line for name, item in value.items() if name not in UNREAD for line in lines(item)]
        return [guides()[value["guide"]]["title"], *own] if "guide" in value else own
    return []


def renderings(block: Block) -> list[list[str]]:
    """All the forms that a block can take: one for each card of a rotating deck, else a single one."""
    if block["type"] == "evening_list":
        around = lines({name: value for name, value in block.items() if name != "cards"})
        return [around + lines(card) for card in block["cards"]]
    if block["type"] == "prompt":
        pairs = product(block["from"], block["lighter_from"])
        around = lines(block) + frame(block)
        return [[*around, prompts()[main], prompts()[lighter]] for main, lighter in pairs]
    return [lines(block) + frame(block)]


def all_client_text() -> list[tuple[str, str]]:
    """(place, text) of everything that can reach a client."""
    found = [(slug, sequence(slug)["public_name"]) for slug in (*SEQUENCES, *ASKING)]
    for email in (*client_emails(), *asking_emails()):
        texts = [email.subject, email.preheader, *lines(email.blocks)]
        found += [(email.place, text) for text in texts]
    for slug, guide in guides().items():
        found += [(f"guides/{slug}", text) for text in lines(guide)]
    found += list(prompts().items())
    found += [("layout", text) for text in lines(fixed_words())]
    return found + [("support", text) for text in lines([support()["countries"], support()["other"]])]
