"""Guide pages: the same blocks as one plain, accessible web page."""

from aftercare.errors import ContentError
from aftercare.mail.document import EmailDocument
from aftercare.mail.fields import Field
from aftercare.mail.library import Guide, Library
from aftercare.mail.render import render
from aftercare.mail.scene import Scene
from aftercare.mail.theme import Theme


def render_page(
    page: Guide | EmailDocument,
    library: Library,
    theme: Theme | None = None,
    *,
    language: str = "en",
    country: str = "",
    nonce: str | None = None,
) -> str:
    """A whole HTML page without scripts and external requests, for anybody: names show their fallbacks.

    `language` is the one that `page` is written in; `nonce` goes on its one `<style>` for a strict
    Content-Security-Policy. A run note shows nothing here. Raises ContentError, also for a field of the
    clinic on a page that has no theme."""
    document = page.document if isinstance(page, Guide) else page
    scene = _scene(library, theme, language, country)
    return render("pages/page.html.j2", document, scene, _fallback, nonce=nonce)


def render_blocks(
    document: EmailDocument, library: Library, theme: Theme, *, language: str = "en", country: str = ""
) -> str:
    """The blocks of such a page alone, for a page with a frame of its own. ContentError as `render_page`."""
    return render("pages/blocks.html.j2", document, _scene(library, theme, language, country), _fallback)


def _scene(library: Library, theme: Theme | None, language: str, country: str = "") -> Scene:
    shelf = library.in_language(library.tag_for(language))
    return shelf.scene(language, theme, country or (theme.country if theme else ""))


def _fallback(field: Field) -> str:
    if field.fallback is None:
        raise ContentError(
            f"{field.name} differs from person to person and cannot stand on a web page. Delete it."
        )
    return field.fallback
