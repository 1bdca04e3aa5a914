"""Entries of a clinic's resource library, as emails see them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """Something to read or somebody to ask. `language` is a BCP 47 tag, `country` ISO 3166 capitals, None for
    everywhere; `works` is false once somebody found that it does not."""

    title: str
    url: str
    language: str
    country: str | None = None
    works: bool = True


@dataclass(frozen=True)
class Used:
    """A link of a stored email: in which block, and to which entry of the library or which page of ours."""

    block: str
    resource: str = ""
    guide: str = ""


def links_in(document: Mapping[str, Any]) -> Iterator[Used]:
    """The links of a stored email's resource lists, in all of its languages."""
    for one in (document, *document.get("translations", {}).values()):
        for block in one.get("blocks", ()):
            if block.get("type") == "resource_list":
                for link in block.get("links", ()):
                    key = str(block.get("key", "resource_list"))
                    yield Used(key, link.get("resource") or "", link.get("guide") or "")
