"""What blocks are called, for those who write emails and never see a file."""

from collections.abc import Mapping
from typing import Any

from aftercare.errors import ContentError
from aftercare.mail import fields
from aftercare.mail.blocks.base import Block

BLOCKS: Mapping[str, tuple[str, str]] = {
    "greeting": ("Greeting", "The first line, with the first name."),
    "note": ("Text", "A few paragraphs, with or without a heading."),
    "practice": ("One practice", "One small thing to try, in two or more ways."),
    "practice_picker": ("Practices to pick from", "Several, each with a way to do it sitting down."),
    "affirmation_picker": ("Phrases to pick from", "A few kind words; their own, or none, are fine too."),
    "prompt": ("Questions to write about", "Two questions out of a list, never the same twice in a row."),
    "evening_list": ("Ideas for the evening", "A few easy ideas; another set on every visit."),
    "resource_list": (
        "Pages to read",
        "Links to the guide pages on your site, and to entries of your resource library.",
    ),
    "checklist": ("Checklist", "A few lines to go through and tick off."),
    "say_instead": ("Words and better words", "Pairs: what we leave out, and what we say instead."),
    "evidence": ("Evidence", "What was found, by whom, and how sure it is, with a link."),
    "contact": ("How to reach you", "Telephone, hours and who reads replies, filled in by itself."),
    "book": ("How to book", "One quiet sentence, and your telephone."),
    "support": ("Support at any hour", "Whom to call when things feel heavy, by the client's country."),
    "run_note": ("How many emails come", "Says how many follow, and that one can stop."),
    "end_note": ("Last words", "Says that this was the last one."),
}
"""What can be added, in this order."""
NAMED = {
    **BLOCKS,
    "settings_button": ("Email settings", "Leads to the client's own page for their emails."),
    "consent_button": ("Yes and no", "Leads to the page that asks for consent."),
    "app_button": ("Into the app", "Leads people who work here to what waits for them."),
    "check_in": ("A question with three answers", "How somebody is; a person reads what they choose."),
}
FIRST_WORDS = 6
SETTINGS = (
    "type",
    "key",
    "when",
    "covers",
    "minutes",
    "style",
    "id",
    "guide",
    "resource",
    "from_",
    "lighter_from",
)
"""Fields of a block that say nothing to its reader."""


def block_name(kind: str) -> str:
    """`Text` for a note."""
    return NAMED.get(kind, (kind.replace("_", " ").capitalize(), ""))[0]


def block_purpose(kind: str) -> str:
    """What a kind of block is for, in a sentence."""
    return NAMED.get(kind, ("", ""))[1]


def in_words(block: Block) -> str:
    """`the text “The page is yours”`: what kind it is, and its heading or first words, where it has any."""
    name, said = block_name(block.type), _plain(text_of(block).partition("\n")[0]).split()
    if not said:
        return f"the block “{name}”"
    first = " ".join(said[:FIRST_WORDS]) + ("..." if len(said) > FIRST_WORDS else "")
    return f"the {name[:1].lower()}{name[1:]} “{first}”"


def text_of(block: Block) -> str:
    """What a block says, one text per line, without its settings."""
    return "\n".join(text for _, text in fields.texts(_texts_only(block.model_dump())))


def _texts_only(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _texts_only(item) for key, item in value.items() if key not in SETTINGS}
    return [_texts_only(item) for item in value] if isinstance(value, list | tuple) else value


def _plain(text: str) -> str:
    """With what stands in for somebody without a name."""
    try:
        parts = fields.parse(text, "text")
    except ContentError:
        return text
    return "".join(part if isinstance(part, str) else part.fallback or part.name for part in parts)
