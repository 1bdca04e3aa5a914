"""Pages for people: one style sheet under a nonce, no script, no cookie, nothing from anywhere else."""

import secrets
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from aftercare.mail.colours import Colours
from aftercare.mail.paths import templates_root
from aftercare.mail.render import phrase
from aftercare.mail.scene import BASE, direction
from aftercare.web.languages import accepted, nearest_to
from aftercare.yamlfile import load

NO_STORE = "no-store"
_TEMPLATES = Path(__file__).parent / "templates"


def headers(nonce: str = "", *, cache_control: str = NO_STORE) -> dict[str, str]:
    """Security headers of every public page (standards section 3, endpoint checklist)."""
    style = f"style-src 'nonce-{nonce}'; " if nonce else ""
    policy = f"default-src 'none'; {style}form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": cache_control,
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }


def show(
    template: str, status: int = 200, *, language: str, colours: Colours | None = None, **values: Any
) -> HTMLResponse:
    """A page of `templates/`, filled in and with its headers, in this language or else in English."""
    tag, nonce = nearest_to(language, words()) or BASE, new_nonce()
    page = _environment().get_template(template)
    written = {"language": tag, "dir": direction(tag), "words": words()[tag]}
    html = page.render(nonce=nonce, colours=colours or Colours(), **written, **values)
    return HTMLResponse(html, status, headers(nonce))


def trouble(status: int, wish: str = "", extra: dict[str, str] | None = None) -> HTMLResponse:
    """A kind page for what cannot be done; the same for all causes of one status, so it reveals nothing.
    `wish` is the visitor's Accept-Language: whose link it may be is nobody's business here."""
    language = accepted(wish, words())
    said = words_in(language)["trouble"]
    heading, reason = said.get(str(status), said["other"])
    response = show("trouble.html.j2", status, language=language, heading=heading, reason=reason)
    response.headers.update(extra or {})
    return response


def cut_link(status: int, wish: str = "", *, is_wrong: bool = False) -> HTMLResponse:
    """The page for a link that opens nothing: the way to a fresh one, whoever asks. `is_wrong`: what was
    typed is no address. `wish` is the visitor's Accept-Language."""
    return show("cut_link.html.j2", status, language=accepted(wish, words()), is_wrong=is_wrong)


def dated(day: date, names: Mapping[str, Any]) -> str:
    """`Friday 4 December 2026`, in the words of a language (`dates` of its file)."""
    pattern: str = names["pattern"]
    weekday, month = names["weekdays"][day.weekday()], names["months"][day.month - 1]
    return pattern.format(weekday=weekday, day=day.day, month=month, year=day.year)


def new_nonce() -> str:
    """128 random bits: the style element that we wrote is the only one that the browser applies."""
    return secrets.token_urlsafe(16)


def words_in(language: str) -> Mapping[str, Any]:
    """The words of the pages in this language, or else in English."""
    return words()[nearest_to(language, words()) or BASE]


@cache
def words() -> Mapping[str, Mapping[str, Any]]:
    """The words of the pages by language."""
    return {path.name.split(".")[1]: load(path) for path in sorted(_TEMPLATES.glob("words.*.yaml"))}


@cache
def _environment() -> Environment:
    # The style sheet is the one of the guide pages, which ships with the emails.
    folders = (_TEMPLATES, templates_root())
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["phrase"] = phrase
    environment.filters["dated"] = dated
    return environment
