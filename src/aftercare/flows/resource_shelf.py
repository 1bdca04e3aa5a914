"""The resource library where emails are made and checked: as the blocks see it, and as staff see it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from aftercare.domain.resources import Fault, fault, needs_a_look
from aftercare.flows.tools import Tools
from aftercare.mail.document import EmailDocument
from aftercare.mail.library import Library
from aftercare.mail.resources import Entry, links_in
from aftercare.mail.scene import BASE
from aftercare.models import Resource
from aftercare.store import resources as rows

_FIXES = {
    Fault.NOT_HTTPS: "its address does not begin with https://. Correct it in the library",
    Fault.DEAD: "it is marked as not working any more. Correct its address, or take it out of the block",
    Fault.EXPIRED: "nobody has looked at it for a year. Follow the link, then press “Checked today”",
}


@dataclass(frozen=True)
class Uses:
    """Where emails link to: slug -> `sequence, step`, each email once."""

    resources: Mapping[str, tuple[str, ...]]
    guides: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Listed:
    """A line of the library. `id` is empty for a page of ours, which nobody edits and which always works."""

    id: str
    slug: str
    title: str
    url: str
    kind: str
    languages: tuple[str, ...]
    country: str | None
    note: str
    last_checked: date | None
    fault: Fault | None
    needs_a_look: bool
    used_in: tuple[str, ...]


def library_of(db: Session, tools: Tools, clinic_id: str) -> Library:
    """The shipped shelf with the entries of this clinic's library."""
    entries = {one.slug: _entry(one) for one in rows.all_of(db, clinic_id)}
    return replace(tools.library, resources=entries)


def version_of(library: Library) -> str:
    """What the compiled emails of a clinic depend on in its library; empty while there is nothing in it."""
    if not library.resources:
        return ""
    return hashlib.sha256(repr(sorted(library.resources.items())).encode()).hexdigest()


def listed(db: Session, library: Library, clinic_id: str, *, today: date) -> list[Listed]:
    """The whole library: what staff entered, by title, then our own pages."""
    used = uses(db, clinic_id)
    entries = [_listed(one, used, today) for one in rows.all_of(db, clinic_id)]
    return [*entries, *_our_pages(library, used)]


def uses(db: Session, clinic_id: str) -> Uses:
    """Which emails that are drafts, are live or still go out to somebody link where."""
    resources: dict[str, set[str]] = defaultdict(set)
    guides: dict[str, set[str]] = defaultdict(set)
    for email in rows.emails_in_use(db, clinic_id):
        for link in links_in(email.document):
            found, slug = (resources, link.resource) if link.resource else (guides, link.guide)
            found[slug].add(f"{email.sequence}, {email.step}")
    return Uses(_sorted(resources), _sorted(guides))


def broken_links(known: Mapping[str, Resource], email: EmailDocument, today: date) -> Iterator[str]:
    """Why the links of an email keep it from going live, each with its block and the fix."""
    for slug, block in dict.fromkeys((link.resource, link.block) for link in links_in(email.to_json())):
        if not slug:
            continue
        if slug not in known:
            yield f"{block}: there is no entry “{slug}” in the resource library. Add it, or take it out."
            continue
        row = known[slug]
        wrong = fault(row.url, is_dead=row.is_dead, last_checked=row.last_checked, today=today)
        if wrong is not None:
            yield f"{block}: “{row.title}” cannot go live: {_FIXES[wrong]}."


def _entry(row: Resource) -> Entry:
    return Entry(row.title, row.url, row.language, row.country, works=not row.is_dead)


def _listed(row: Resource, used: Uses, today: date) -> Listed:
    return Listed(
        id=row.id,
        slug=row.slug,
        title=row.title,
        url=row.url,
        kind=row.kind,
        languages=(row.language,),
        country=row.country,
        note=row.note,
        last_checked=row.last_checked,
        fault=fault(row.url, is_dead=row.is_dead, last_checked=row.last_checked, today=today),
        needs_a_look=needs_a_look(row.last_checked, today),
        used_in=used.resources.get(row.slug, ()),
    )


def _our_pages(library: Library, used: Uses) -> Iterator[Listed]:
    for slug, guide in library.guides.items():
        others = [tag for tag, shelf in library.others.items() if shelf.guides[slug].language == tag]
        yield Listed(
            id="",
            slug=slug,
            title=guide.title,
            url=f"/guides/{slug}",
            kind="guide",
            languages=(BASE, *others),
            country=None,
            note=guide.description,
            last_checked=None,
            fault=None,
            needs_a_look=False,
            used_in=used.guides.get(slug, ()),
        )


def _sorted(found: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {slug: tuple(sorted(places)) for slug, places in found.items()}
