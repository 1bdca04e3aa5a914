"""Guide pages: the same blocks as one plain, accessible web page."""

from aftercare.mail.library import Guide, Library
from aftercare.mail.theme import Theme


def render_page(
    guide: Guide,
    library: Library,
    theme: Theme | None = None,
    *,
    language: str = "en",
    country: str = "",
    nonce: str | None = None,
) -> str:
    """A whole HTML page without any external request. `nonce` goes on its one `<style>` for a strict CSP."""
    raise NotImplementedError
