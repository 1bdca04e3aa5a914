"""Links to guide pages and to entries of the clinic's resource library."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from aftercare.errors import ContentError
from aftercare.mail.blocks.base import Block, Name, Piece, Text
from aftercare.mail.resources import Entry
from aftercare.mail.scene import Scene, root_of

LAST_RESORT = "finding-someone-to-talk-to"
"""The page of ours that stands in for a list of which nothing is left."""


class Link(Piece):
    """A page of ours or an entry of the library, by its slug, and why this one."""

    guide: Name | None = None
    resource: Name | None = None
    text: Text

    @model_validator(mode="after")
    def _leads_to_one_place(self) -> "Link":
        if (self.guide is None) == (self.resource is None):
            raise ValueError("name one of our pages (guide) or an entry of the library (resource), not both")
        return self


class ResourceList(Block):
    """Only what exists, works and is for where she lives. Never an empty list (content section 3)."""

    type: Literal["resource_list"]
    heading: Text
    links: Annotated[tuple[Link, ...], Field(min_length=1)]

    starter: ClassVar[Mapping[str, Any]] = {
        "heading": "To read more",
        "links": [{"guide": LAST_RESORT, "text": "Write here why this page."}],
    }

    def view(self, scene: Scene) -> dict[str, Any]:
        """Each link that is shown, with `title`, `url` and `text`: where none of its own is of use to her,
        the page on finding somebody to talk to. ContentError for a link that nobody knows."""
        links = [{"title": entry.title, "url": entry.url, "text": text} for entry, text in self.usable(scene)]
        return self.model_dump(exclude={"links"}) | {"links": links or _last_resort(scene)}

    def usable(self, scene: Scene) -> list[tuple[Entry, str]]:
        """What works and is for where she lives, in her language where there is any: a helper in another
        country is of no use, a page in another language may be. ContentError."""
        found = [(self._entry(link, scene), link.text) for link in self.links]
        here = [(entry, text) for entry, text in found if _works_here(entry, scene)]
        return [(entry, text) for entry, text in here if _reads(entry, scene)] or here

    def _entry(self, link: Link, scene: Scene) -> Entry:
        if link.resource is not None:
            if link.resource not in scene.resources:
                known = ", ".join(sorted(scene.resources)) or "none yet"
                raise ContentError(f"{self.key}: no resource {link.resource}. The library has: {known}.")
            return scene.resources[link.resource]
        if link.guide not in scene.guides:
            raise ContentError(
                f"{self.key}: no guide {link.guide}. Use one of: {', '.join(sorted(scene.guides))}."
            )
        return _guide(str(link.guide), scene)


def _guide(slug: str, scene: Scene) -> Entry:
    site = scene.theme.public_base_url.rstrip("/") if scene.theme else ""
    return Entry(scene.guides[slug], site + scene.guide_path(slug), scene.language)


def _last_resort(scene: Scene) -> list[dict[str, str]]:
    if LAST_RESORT not in scene.guides:
        return []
    page = _guide(LAST_RESORT, scene)
    return [{"title": page.title, "url": page.url, "text": str(scene.words["last_resort"])}]


def _works_here(entry: Entry, scene: Scene) -> bool:
    return entry.works and entry.country in (None, scene.country)


def _reads(entry: Entry, scene: Scene) -> bool:
    return root_of(entry.language) == root_of(scene.language)
