"""A clinic's public newsletter pages: whether they are open, where they stand, and the words of consent."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.errors import Conflict, InvalidInput, NotFound
from aftercare.flows.readers import read_line
from aftercare.mail.scene import BASE, languages, phrases, root_of
from aftercare.models import Clinic, NewsletterPage
from aftercare.store import audit, clinics, newsletter_pages

WORDING_LIMIT = 500
_SLUG_LENGTH = 40


@dataclass(frozen=True)
class Choices:
    """What a clinic chooses. `wording`: its own words of consent by language, empty for the shipped ones."""

    takes_signups: bool = False
    shows_archive: bool = False
    may_be_found: bool = False
    wording: Mapping[str, str] | None = None


def choose(db: Session, clinic_id: str, choices: Choices, *, by: str, now: datetime) -> NewsletterPage:
    """Open or close a clinic's public newsletter pages. Their address is made of the clinic's name the first
    time and never changes, because it stands on other websites. InvalidInput names the wording's field."""
    wording = read_wording(choices.wording or {})
    page = newsletter_pages.of_clinic(db, clinic_id)
    if page is None:
        page = NewsletterPage(clinic_id=clinic_id, slug=_free_slug(db, clinics.get(db, clinic_id)))
    before = (page.takes_signups, page.shows_archive, page.may_be_found, page.wording)
    page.takes_signups, page.shows_archive = choices.takes_signups, choices.shows_archive
    page.may_be_found, page.wording = choices.may_be_found, wording
    if before != (page.takes_signups, page.shows_archive, page.may_be_found, page.wording):
        page.changed_by, page.changed_at = by, now
        newsletter_pages.add(db, page)
        detail = {"signups": page.takes_signups, "archive": page.shows_archive, "found": page.may_be_found}
        audit.record(db, clinic_id, "newsletter.page_changed", clinic_id, actor=by, now=now, detail=detail)
    return page


def read_wording(given: Mapping[str, str]) -> dict[str, str]:
    """Words of consent by language, without those that were left empty. InvalidInput names `wording_es`."""
    found = {}
    for language in sorted(languages()):
        field = f"wording_{language}"
        text = read_line(field, " ".join(given.get(language, "").split()), WORDING_LIMIT)
        if text and len(text) < 20:
            raise InvalidInput(field, "say what she agrees to and from whom, in a whole sentence")
        if text:
            found[language] = text
    return found


def wording(clinic: Clinic, page: NewsletterPage | None, language: str) -> str:
    """The words that the form shows in a language and that are recorded with a yes: the clinic's own, else
    the shipped ones."""
    shown = root_of(language) if root_of(language) in languages() else BASE
    own: str = (page.wording if page else {}).get(shown, "")
    shipped: str = phrases(shown)["consent_newsletter"]
    return own or shipped.format(clinic=clinic.name)


def open_page(db: Session, slug: str) -> tuple[NewsletterPage, Clinic]:
    """The pages at this address with their clinic; NotFound also where neither of them is open."""
    page = newsletter_pages.by_slug(db, slug)
    if page is None or not (page.takes_signups or page.shows_archive):
        raise NotFound("There is no such page.")
    return page, clinics.get(db, page.clinic_id)


def _free_slug(db: Session, clinic: Clinic) -> str:
    plain = unicodedata.normalize("NFKD", clinic.name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH].strip("-") or "newsletter"
    taken = newsletter_pages.slugs_like(db, slug)
    free = (one for one in (slug, *(f"{slug}-{number}" for number in range(2, 1000))) if one not in taken)
    found = next(free, None)
    if found is None:
        raise Conflict("A thousand clinics have this name. Write to the operator of this installation.")
    return found
