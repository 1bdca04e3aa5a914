"""One email as data: subject, preheader and typed blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aftercare.mail.blocks.base import Block


@dataclass(frozen=True)
class EmailDocument:
    """A checked email. Every block has a key, and no two share one."""

    subject: str
    preheader: str
    blocks: tuple[Block, ...]

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict that `from_json` and `parse_email` read back."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "EmailDocument":
        """What `to_json` wrote; raises ContentError."""
        raise NotImplementedError

    def decks(self) -> Mapping[str, tuple[str, ...]]:
        """Card ids of each rotating block by its key; a prompt's lighter deck is `<key>.lighter`."""
        raise NotImplementedError


def parse_email(data: Mapping[str, Any], where: str) -> EmailDocument:
    """Check the YAML of one email. Raises ContentError that names `where`, the place inside and the fix."""
    raise NotImplementedError
