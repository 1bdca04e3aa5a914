"""What a clinic can get wrong in the words of an email: one fault per edit."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.bad_emails.good_emails import Content, ordinary

Change = Callable[[Content], None]


@dataclass(frozen=True)
class BadContent:
    """`row` and `where` are what must be reported; `base` is what the email was before."""

    name: str
    row: str
    where: str
    change: Change
    base: Callable[[], Content] = ordinary


def line(name: str, text: str) -> Change:
    """Another subject or preheader."""
    return lambda content: content.email.update({name: text})


def words(key: str, **fields: Any) -> Change:
    """Other fields of a block."""
    return lambda content: content.block(key).update(fields)


def says(key: str, text: str) -> Change:
    """One more paragraph in a note."""
    return lambda content: content.block(key)["paragraphs"].append(text)


def way(number: int, **fields: str) -> Change:
    """Other words for one of the ways to move."""
    return lambda content: content.block("move")["options"][number].update(fields)


def public_name(text: str) -> Change:
    """What the footer calls these emails."""
    return lambda content: content.sequence.update(public_name=text)


def lacks(key: str) -> Change:
    """A block less."""
    return lambda content: content.without(key)


def has(block: dict[str, Any]) -> Change:
    """A block more."""
    return lambda content: content.add(dict(block))


def both(*changes: Change) -> Change:
    """One fault that takes more than one change."""

    def change(content: Content) -> None:
        for one in changes:
            one(content)

    return change


def breathing(*ways: tuple[str, str]) -> Change:
    """A practice in place of the picker."""
    options = [{"label": label, "text": text} for label, text in ways]
    intro = "One of these, or none today. Eyes open is fine."
    block = {"type": "practice", "key": "move", "title": "A slow minute", "minutes": 1, "intro": intro}

    def change(content: Content) -> None:
        move = content.block("move")
        move.clear()
        move.update(block | {"options": options})

    return change


def spanish_says(key: str, text: str) -> Change:
    """The email in Spanish as well, with one more paragraph in a note of that one."""

    def change(content: Content) -> None:
        spanish("Un paseo corto, o la ventana")(content)
        blocks = content.email["translations"]["es"]["blocks"]
        next(block for block in blocks if block["key"] == key)["paragraphs"].append(text)

    return change


def spanish(subject: str) -> Change:
    """The email in Spanish as well, with its blocks word for word: only the outer lines matter here."""

    def change(content: Content) -> None:
        other = {"public_name": "Correos después de tu visita", "subject": subject}
        other["preheader"] = "Diez minutos al aire libre, o unas posturas en una silla."
        content.email["translations"] = {"es": other | {"blocks": deepcopy(content.email["blocks"])}}

    return change
