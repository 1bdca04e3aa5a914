"""Links to guide pages."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from aftercare.errors import ContentError
from aftercare.mail.blocks.base import Block, Name, Piece, Text
from aftercare.mail.scene import Scene


class Link(Piece):
    """A guide by its slug, and why this one."""

    guide: Name
    text: Text


class ResourceList(Block):
    """Never empty, and only pages that exist: an email has no dead links on day one."""

    type: Literal["resource_list"]
    heading: Text
    links: Annotated[tuple[Link, ...], Field(min_length=1)]

    starter: ClassVar[Mapping[str, Any]] = {
        "heading": "To read more",
        "links": [{"guide": "finding-someone-to-talk-to", "text": "Write here why this page."}],
    }

    def view(self, scene: Scene) -> dict[str, Any]:
        """Each link with the guide's `title` and its `path` on the clinic's public site."""
        links = []
        for link in self.links:
            if link.guide not in scene.guides:
                raise ContentError(
                    f"{self.key}: no guide {link.guide}. Use one of: {', '.join(sorted(scene.guides))}."
                )
            links.append(
                {
                    "title": scene.guides[link.guide],
                    "path": scene.guide_path(link.guide),
                    "text": link.text,
                }
            )
        return self.model_dump(exclude={"links"}) | {"links": links}
