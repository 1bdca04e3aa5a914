"""Links to guide pages and to entries of the clinic's resource library."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from aftercare.errors import ContentError
from aftercare.mail.blocks.base import Block, Name, Piece, Text
from aftercare.mail.resources import Entry
from aftercare.mail.scene import Scene, root_of


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
    """Only what exists and works. Never an empty list: with nothing to show, all of it is left out."""

    type: Literal["resource_list"]
    heading: Text
    links: Annotated[tuple[Link, ...], Field(min_length=1)]

    starter: ClassVar[Mapping[str, Any]] = {
        "heading": "To read more",
        "links": [{"guide": "finding-someone-to-talk-to", "text": "Write here why this page."}],
    }

    def view(self, scene: Scene) -> dict[str, Any]:
        """Each link that is shown, with `title` and `url`. Those in another language or for another country
        are left out where at least one stays. ContentError for one that nobody knows."""
        found = [(self._entry(link, scene), link.text) for link in self.links]
        working = [(entry, text) for entry, text in found if entry.works]
        shown = [(entry, text) for entry, text in working if _suits(entry, scene)] or working
        links = [{"title": entry.title, "url": entry.url, "text": text} for entry, text in shown]
        return self.model_dump(exclude={"links"}) | {"links": links}

    def _entry(self, link: Link, scene: Scene) -> Entry:
        if link.resource is not None:
            if link.resource not in scene.resources:
                known = ", ".join(sorted(scene.resources)) or "none yet"
                raise ContentError(f"{self.key}: no resource {link.resource}. The library has: {known}.")
            return scene.resources[link.resource]
        guide = str(link.guide)
        if guide not in scene.guides:
            raise ContentError(
                f"{self.key}: no guide {guide}. Use one of: {', '.join(sorted(scene.guides))}."
            )
        site = scene.theme.public_base_url.rstrip("/") if scene.theme else ""
        return Entry(scene.guides[guide], site + scene.guide_path(guide), scene.language)


def _suits(entry: Entry, scene: Scene) -> bool:
    """Whether somebody who reads this text, in this country, can use it."""
    return root_of(entry.language) == root_of(scene.language) and entry.country in (None, scene.country)
