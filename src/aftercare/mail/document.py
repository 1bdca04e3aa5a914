"""One email as data: subject, preheader and typed blocks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aftercare.errors import ContentError
from aftercare.mail import fields
from aftercare.mail.blocks import KINDS
from aftercare.mail.blocks.base import Block

_KEYS = ("subject", "preheader", "blocks")
_MAX_LINE = 200


@dataclass(frozen=True)
class EmailDocument:
    """A checked email. Every block has a key, and no two share one."""

    subject: str
    preheader: str
    blocks: tuple[Block, ...]

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict that `from_json` and `parse_email` read back."""
        blocks = [
            block.model_dump(mode="json", by_alias=True, exclude_defaults=True) for block in self.blocks
        ]
        return {"subject": self.subject, "preheader": self.preheader, "blocks": blocks}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "EmailDocument":
        """What `to_json` wrote; raises ContentError."""
        return parse_email(data, "stored email")

    def decks(self) -> Mapping[str, tuple[str, ...]]:
        """Card ids of each rotating block by its key; a prompt's lighter deck is `<key>.lighter`."""
        return {deck: ids for block in self.blocks for deck, ids in block.decks().items()}


def parse_email(data: Mapping[str, Any], where: str) -> EmailDocument:
    """Check the YAML of one email. Raises ContentError that names `where`, the place inside and the fix.

    How long subject and preheader should be, and their words, is for the lints; here they only must be one
    line of at most 200 characters without anything about a person."""
    if not isinstance(data, Mapping):
        raise ContentError(f"{where}: must be a mapping with the keys {', '.join(_KEYS)}.")
    for key in data:
        if key not in _KEYS:
            raise ContentError(f"{where}: unknown key {key}. Delete it, or use one of: {', '.join(_KEYS)}.")
    subject = _line(data.get("subject"), f"{where}: subject")
    preheader = _line(data.get("preheader"), f"{where}: preheader")
    return EmailDocument(subject, preheader, parse_blocks(data.get("blocks"), where))


def parse_blocks(data: Any, where: str) -> tuple[Block, ...]:
    """Check a list of blocks and give each a key. Raises ContentError."""
    if not isinstance(data, Sequence) or isinstance(data, str) or not data:
        raise ContentError(f"{where}: blocks must be a list with at least one block.")
    blocks = tuple(_block(item, number, f"{where}: blocks[{number}]") for number, item in enumerate(data))
    for key, count in Counter(block.key for block in blocks).items():
        if count > 1:
            raise ContentError(f"{where}: two blocks have the key {key}. Give each its own.")
    return blocks


def _line(text: Any, where: str) -> str:
    if not isinstance(text, str) or not text.strip() or len(text) > _MAX_LINE or "\n" in text.strip():
        raise ContentError(f"{where}: must be one line of 1 to {_MAX_LINE} characters.")
    for part in fields.parse(text, where):
        if isinstance(part, fields.Field) and part.name not in fields.RUN:
            raise ContentError(
                f"{where}: {part.name} may be private, and this line shows on locked screens. Delete it."
            )
    return text.strip()


def _block(item: Any, number: int, where: str) -> Block:
    kind = str(item.get("type")) if isinstance(item, Mapping) else ""
    if kind not in KINDS:
        raise ContentError(f"{where}: type must be one of: {', '.join(sorted(KINDS))}.")
    place = f"{where} ({kind})"
    try:
        block = KINDS[kind].model_validate({"key": f"{kind}{number + 1}", **item})
    except ValidationError as error:
        raise ContentError("; ".join(_explain(place, detail) for detail in error.errors())) from None
    for inner, text in fields.texts(block.model_dump()):
        fields.parse(text, f"{place}.{inner}")
    return block


def _explain(place: str, detail: ErrorDetails) -> str:
    """One fault in the words of the person who wrote the file."""
    inner = ".".join(str(part) for part in detail["loc"])
    match detail["type"]:
        case "extra_forbidden":
            return f"{place}.{inner}: unknown key. Delete it or correct its spelling."
        case "missing":
            return f"{place}.{inner}: is missing. Add it."
        case "string_type":
            return f"{place}.{inner}: must be text. Put it in quotes."
    return f"{place}.{inner}: {detail['msg'][:1].lower()}{detail['msg'][1:]}. Change it."
