"""One email as data: subject, preheader and typed blocks."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aftercare.errors import ContentError
from aftercare.mail import fields
from aftercare.mail.blocks import KINDS
from aftercare.mail.blocks.base import Block
from aftercare.mail.faults import in_words

_KEYS = ("subject", "preheader", "blocks")
_MORE = "translations"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_MAX_LINE = 200


@dataclass(frozen=True)
class EmailDocument:
    """A checked email. Every block has a key, and no two share one.

    `translations`: language tag -> the same email as JSON (`subject`, `preheader`, `blocks`) with the
    `public_name` of its sequence. They are read only where somebody reads them: planning never does."""

    subject: str
    preheader: str
    blocks: tuple[Block, ...]
    translations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict that `from_json` and `parse_email` read back."""
        blocks = [
            block.model_dump(mode="json", by_alias=True, exclude_defaults=True) for block in self.blocks
        ]
        document: dict[str, Any] = {"subject": self.subject, "preheader": self.preheader, "blocks": blocks}
        if self.translations:
            document[_MORE] = {tag: dict(one) for tag, one in self.translations.items()}
        return document

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "EmailDocument":
        """What `to_json` wrote; raises ContentError."""
        return _email(data, "stored email")

    def translation(self, language: str) -> "Translation | None":
        """This email in that language; None where it has none, or one of other blocks: somebody has added,
        removed or moved a block since, and half an email would be missing or out of place. ContentError."""
        stored = self.translations.get(language)
        if stored is None:
            return None
        found = parse_translation(stored, f"stored email in {language}")
        return found if _shape(found.document) == _shape(self) else None

    def decks(self) -> Mapping[str, tuple[str, ...]]:
        """Card ids of each rotating block by its key; a prompt's lighter deck is `<key>.lighter`."""
        return {deck: ids for block in self.blocks for deck, ids in block.decks().items()}


@dataclass(frozen=True)
class Translation:
    """An email in another language, and what its footer calls the emails of its sequence."""

    public_name: str
    document: EmailDocument


def parse_email(data: Mapping[str, Any], where: str) -> EmailDocument:
    """Check the YAML of one email. Raises ContentError that names `where`, the place inside and the fix.

    How long subject and preheader should be, and their words, is for the lints; here they only must be one
    line of at most 200 characters without anything about a person."""
    email = _email(data, where)
    for tag, stored in email.translations.items():
        parse_translation(stored, f"{where}: {_MORE}.{tag}")
    return email


def _email(data: Mapping[str, Any], where: str) -> EmailDocument:
    _only_keys(data, (*_KEYS, _MORE), where)
    subject = _line(data.get("subject"), f"{where}: subject")
    preheader = _line(data.get("preheader"), f"{where}: preheader")
    blocks = parse_blocks(data.get("blocks"), where)
    return EmailDocument(subject, preheader, blocks, _translations(data.get(_MORE), where))


def _translations(data: Any, where: str) -> Mapping[str, Mapping[str, Any]]:
    if data is None:
        return {}
    if not isinstance(data, Mapping) or not all(_LANGUAGE.fullmatch(str(tag)) for tag in data):
        raise ContentError(f"{where}: {_MORE} must name each language by its tag, such as es or pt-BR.")
    return data


def parse_translation(data: Any, where: str) -> Translation:
    """As `parse_email`, with the `public_name` beside the email's own keys. Raises ContentError."""
    _only_keys(data, (*_KEYS, "public_name"), where)
    name = _line(data.get("public_name"), f"{where}: public_name")
    return Translation(name, _email({key: data.get(key) for key in _KEYS}, where))


def _shape(email: EmailDocument) -> list[Any]:
    """What must be the same in every language: the blocks in their order, who sees them, and their cards."""
    return [(block.type, block.key, block.when, block.decks()) for block in email.blocks]


def _only_keys(data: Any, keys: Sequence[str], where: str) -> None:
    if not isinstance(data, Mapping):
        raise ContentError(f"{where}: must be a mapping with the keys {', '.join(keys)}.")
    for key in data:
        if key not in keys:
            raise ContentError(f"{where}: unknown key {key}. Delete it, or use one of: {', '.join(keys)}.")


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
    inner = ".".join(str(part) for part in detail["loc"])
    return f"{place}.{inner}: {in_words(detail)}"
