"""A compiled email: encoded static bytes with slots for what differs per recipient."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Slot:
    """A place for a value. `fallback` stands in for a missing or blank one; None: there must be one."""

    field: str
    fallback: str | None = None


Parts = tuple[bytes | Slot, ...]
SubjectParts = tuple[str | Slot, ...]


@dataclass(frozen=True)
class Skeleton:
    """Subject in characters; html and text as quoted-printable UTF-8 with CRLF, split at the slots.

    `dir` is `ltr` or `rtl`; `language` a BCP 47 tag."""

    subject: SubjectParts
    html: Parts
    text: Parts
    language: str
    dir: str

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) over everything: the key of the `compiled_email` row."""
        canonical = json.dumps(self.to_json(), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def fields(self) -> frozenset[str]:
        """Names of all values that a recipient's message takes, links included."""
        return frozenset(
            p.field for parts in (self.subject, self.html, self.text) for p in parts if isinstance(p, Slot)
        )

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict (the quoted-printable bytes are ASCII, so they stay readable as strings)."""
        return {
            "subject": [_part_to_json(part) for part in self.subject],
            "html": [_part_to_json(part) for part in self.html],
            "text": [_part_to_json(part) for part in self.text],
            "language": self.language,
            "dir": self.dir,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Skeleton":
        """What `to_json` wrote."""
        return cls(
            subject=tuple(p if isinstance(p, str) else Slot(**p) for p in data["subject"]),
            html=_bytes_parts(data["html"]),
            text=_bytes_parts(data["text"]),
            language=data["language"],
            dir=data["dir"],
        )


def _part_to_json(part: str | bytes | Slot) -> str | dict[str, str | None]:
    if isinstance(part, Slot):
        return {"field": part.field, "fallback": part.fallback}
    return part.decode("ascii") if isinstance(part, bytes) else part


def _bytes_parts(parts: list[Any]) -> Parts:
    return tuple(p.encode("ascii") if isinstance(p, str) else Slot(**p) for p in parts)
