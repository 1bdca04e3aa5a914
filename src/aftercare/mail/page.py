"""Guide pages: the same blocks as one plain, accessible web page."""

from aftercare.errors import ContentError
from aftercare.mail.document import EmailDocument
from aftercare.mail.fields import Field
from aftercare.mail.library import Guide, Library
from aftercare.mail.render import render
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
    shelf = library.in_language(library.tag_for(language))
    scene = shelf.scene(language, theme, country or (theme.country if theme else ""))
    return render("pages/page.html.j2", document, scene, _fallback, nonce=nonce)


def _fallback(field: Field) -> str:
    if field.fallback is None:
        raise ContentError(
            f"{field.name} differs from person to person and cannot stand on a web page. Delete it."
        )
    return field.fallback
