"""Several buttons that all want to be pressed."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.buttons import is_button
from aftercare.mail.lint.dom import Node
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    """The answers to one question stand in one cell and count as one."""
    buttons = [node for node in letter.links if is_button(node)]
    first = {cell: node.text for node in reversed(buttons) if (cell := _cell(node)) is not None}
    for text in list(reversed(first.values()))[1:]:
        yield letter.place_of(text), f"“{text}” is one of {len(first)} buttons"


def _cell(node: Node) -> Node | None:
    return next((one for one in node.up() if one.tag == "td"), None)


RULE = Rule(
    "one_primary_link",
    "language",
    Severity.WARN,
    reason="With two buttons a reader has to decide before she has read.",
    example="“Book now” and “Read the guide”, both as buttons.",
    fix="Keep the button that matters most, and make the others plain links.",
    check=_check,
)
