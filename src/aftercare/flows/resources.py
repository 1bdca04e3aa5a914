"""The resource library: what a clinic recommends, who looked at it last, and which emails link to it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.localtime import to_local
from aftercare.domain.resources import is_https
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import countries
from aftercare.flows.resource_shelf import uses
from aftercare.models import Resource
from aftercare.store import audit, clinics
from aftercare.store import resources as rows

KINDS = ("guide", "organisation", "directory", "local_service", "reading")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_SLUG = re.compile(r"[a-z0-9-]{1,60}")
_MAX_TITLE, _MAX_NOTE, _SLUG_LENGTH = 120, 500, 50


@dataclass(frozen=True)
class Particulars:
    """What staff write of an entry. `language` is a BCP 47 tag, `country` a code or a name, empty for
    everywhere; the `note` is for staff."""

    title: str
    url: str
    kind: str = "organisation"
    language: str = "en"
    country: str = ""
    note: str = ""


def today_of(db: Session, clinic_id: str, now: datetime) -> date:
    """The date at the clinic."""
    return to_local(now, ZoneInfo(clinics.get(db, clinic_id).timezone)).date()


def add(db: Session, clinic_id: str, new: Particulars, *, slug: str = "", by: str, now: datetime) -> Resource:
    """A new entry, which somebody has looked at today. The slug is made from the title unless one is given.
    InvalidInput; Conflict where the address or the slug is in the library already."""
    fields, known = _checked(new), rows.all_of(db, clinic_id)
    _refuse_double(known, fields["url"])
    if slug and not _SLUG.fullmatch(slug):
        raise InvalidInput("slug", "use 1 to 60 small letters, digits and hyphens")
    row = Resource(
        clinic_id=clinic_id,
        slug=slug or _free_slug(new.title, {one.slug for one in known}),
        last_checked=today_of(db, clinic_id, now),
        created_by=by,
        created_at=now,
        changed_by=by,
        changed_at=now,
        **fields,
    )
    rows.add(db, row)
    _note(db, row, "added", by, now)
    return row


def change(
    db: Session, clinic_id: str, resource_id: str, new: Particulars, *, by: str, now: datetime
) -> Resource:
    """Correct an entry; emails that have not gone out yet follow. Whoever enters a new address has looked at
    it today. InvalidInput, NotFound, Conflict."""
    row, fields = rows.get(db, clinic_id, resource_id), _checked(new)
    before = {name: getattr(row, name) for name in fields}
    changed = sorted(name for name, value in fields.items() if value != before[name])
    if not changed:
        return row
    if "url" in changed:
        _refuse_double([one for one in rows.all_of(db, clinic_id) if one.id != row.id], fields["url"])
        row.last_checked, row.dead_since = today_of(db, clinic_id, now), None
    for name, value in fields.items():
        setattr(row, name, value)
    _touch(db, row, "changed", by, now, fields=changed)
    return row


def mark_checked(db: Session, clinic_id: str, resource_id: str, *, by: str, now: datetime) -> Resource:
    """Somebody followed the link today, and it works. NotFound."""
    row = rows.get(db, clinic_id, resource_id)
    row.last_checked, row.dead_since = today_of(db, clinic_id, now), None
    _touch(db, row, "checked", by, now)
    return row


def mark_dead(db: Session, clinic_id: str, resource_id: str, *, by: str, now: datetime) -> Resource:
    """It does not work any more: emails from now on go out without it. Again changes nothing. NotFound."""
    row = rows.get(db, clinic_id, resource_id)
    if row.dead_since is None:
        row.dead_since = now
        _touch(db, row, "dead", by, now)
    return row


def remove(db: Session, clinic_id: str, resource_id: str, *, by: str, now: datetime) -> None:
    """Take an entry out of the library. NotFound; Conflict names the emails that link to it."""
    row = rows.get(db, clinic_id, resource_id)
    places = uses(db, clinic_id).resources.get(row.slug, ())
    if places:
        raise Conflict(
            f"Emails link to it: {'; '.join(places)}. Take it out there and publish, then remove it."
        )
    rows.remove(db, row)
    _note(db, row, "removed", by, now)


def _checked(new: Particulars) -> dict[str, Any]:
    title, url, note = new.title.strip(), new.url.strip(), new.note.strip()
    if (
        not title
        or len(title) > _MAX_TITLE
        or any(char in "{}<>" or not char.isprintable() for char in title)
    ):
        raise InvalidInput("title", f"write one line of 1 to {_MAX_TITLE} characters, without < > {{ }}")
    if not is_https(url):
        raise InvalidInput("url", "must be a whole address that begins with https://, at most 500 characters")
    if new.kind not in KINDS:
        raise InvalidInput("kind", f"choose from {', '.join(KINDS)}")
    if not _LANGUAGE.fullmatch(new.language):
        raise InvalidInput("language", "name it by its tag, such as en or pt-BR")
    if len(note) > _MAX_NOTE or not note.isprintable():
        raise InvalidInput("note", f"write one line of at most {_MAX_NOTE} characters")
    return {
        "title": title,
        "url": url,
        "kind": new.kind,
        "language": new.language,
        "country": _country(new.country.strip()),
        "note": note,
    }


def _country(text: str) -> str | None:
    code = countries.code_of(text)
    if text and code is None:
        raise InvalidInput("country", "we know no such country; leave it empty for everywhere")
    return code


def _refuse_double(known: list[Resource], url: str) -> None:
    for one in known:
        if one.url == url:
            raise Conflict(f"This address is in the library already, as “{one.title}”.")


def _free_slug(title: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain)[:_SLUG_LENGTH].strip("-") or "entry"
    names = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _touch(db: Session, row: Resource, act: str, by: str, now: datetime, **detail: Any) -> None:
    row.changed_by, row.changed_at = by, now
    db.flush()
    _note(db, row, act, by, now, **detail)


def _note(db: Session, row: Resource, act: str, by: str, now: datetime, **detail: Any) -> None:
    audit.record(
        db,
        row.clinic_id,
        f"resource.{act}",
        row.id,
        actor=by,
        now=now,
        detail={"slug": row.slug, **detail},
    )
