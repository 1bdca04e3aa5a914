"""The pieces of text in an email, each with its place."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aftercare.mail import fields
from aftercare.mail.blocks.base import Block
from aftercare.mail.document import EmailDocument
from aftercare.mail.lint import phrasebook
from aftercare.mail.lint.dom import Node, Page, even

#: Keys of blocks whose values steer the email and are not read.
_UNREAD = frozenset(
    ["type", "key", "when", "covers", "id", "guide", "resource", "style", "minutes", "url", "purpose"]
)
PANEL = "panel"
"""Numbers, hours, sources and the footer: to look up, not to read through."""
#: Decks: one of their cards is shown per email, so the longest counts.
_DECKS = ("cards", "from_", "lighter_from")
_INDEX = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Passage:
    """Some words, the block or part that says them, and where inside it (`options[1].text`)."""

    where: str
    text: str
    inside: str = ""


def passages_of(
    subject: str, preheader: str, public_name: str, page: Page, text: str, words: Mapping[str, Any]
) -> Iterator[Passage]:
    """Those of a finished message. What the text says as the HTML does is found in the HTML.

    `words` are the fixed ones of its language: by them the footer and the panels are known."""
    yield Passage("subject", subject)
    yield Passage("preheader", preheader)
    if public_name:
        yield Passage("public_name", public_name)
    foot = phrasebook.foot_of(words, page.lines)
    for number, node in enumerate(page.paragraphs):
        panel = number >= foot or _is_panel(node, words)
        yield Passage("html", node.text, PANEL if panel else "")
    known = plain(" ".join([subject, *page.lines]))
    for paragraph in re.split(r"\n\s*\n|\n(?=- )", text):
        if plain(paragraph) not in known:
            yield Passage("text", even(re.sub(r"https?://\S+", "", paragraph)))


def content_passages(
    email: EmailDocument, public_name: str, prompts: Mapping[str, str], values: Mapping[str, str]
) -> Iterator[Passage]:
    """Those of an email that is written: every card of every deck, merge fields filled in."""
    yield Passage("subject", _filled(email.subject, values))
    yield Passage("preheader", _filled(email.preheader, values))
    yield Passage("public_name", public_name)
    for block in email.blocks:
        yield from _of_block(block, prompts, values)


def longest(passages: list[Passage]) -> list[Passage]:
    """The passages of a block with only the longest card of each deck."""
    cards: dict[str, dict[str, list[Passage]]] = defaultdict(lambda: defaultdict(list))
    rest = []
    for one in passages:
        deck, index = one.inside.partition("[")[0], _INDEX.search(one.inside)
        if deck in _DECKS and index:
            cards[deck][index[1]].append(one)
        else:
            rest.append(one)
    chosen = (
        max(deck.values(), key=lambda card: sum(len(one.text) for one in card)) for deck in cards.values()
    )
    return rest + [one for card in chosen for one in card]


def plain(text: str) -> str:
    """Letters and digits only, to compare what differs in layout."""
    return re.sub(r"\W+", "", text).lower()


def _is_panel(node: Node, words: Mapping[str, Any]) -> bool:
    """Whether it stands in a block of numbers, hours or sources."""
    block = node.parent.parent if node.tag == "li" and node.parent and node.parent.parent else node.parent
    if block is None or phrasebook.says(words["support"]["short"], node.text):
        return True
    headings = [one.text for one in block.children if one.tag in ("h1", "h2", "h3")]
    sourced = any(one.attrs.get("href", "").startswith("https:") for one in block.all())
    known = (words["contact"]["heading"], words["support"]["heading"])
    return any(one in known for one in headings) or (sourced and not headings)


def _of_block(block: Block, prompts: Mapping[str, str], values: Mapping[str, str]) -> Iterator[Passage]:
    for inside, text in fields.texts(block.model_dump()):
        name = _INDEX.sub("", inside).rpartition(".")[2]
        if name in ("from_", "lighter_from"):
            yield Passage(block.key, prompts.get(text, ""), inside)
        elif name not in _UNREAD:
            yield Passage(block.key, even(_filled(text, values)), inside)


def _filled(text: str, values: Mapping[str, str]) -> str:
    parts = fields.parse(text, "text")
    return "".join(one if isinstance(one, str) else one.fallback or values.get(one.name, "") for one in parts)
