"""The resource library in words."""

from collections.abc import Sequence
from datetime import date

from aftercare.domain.resources import Fault
from aftercare.flows.countries import names
from aftercare.flows.resource_shelf import Listed
from aftercare.models import Resource
from aftercare.web.staff.clients import LANGUAGES
from aftercare.web.staff.words import counted

KINDS = {
    "guide": "Guide",
    "organisation": "Organisation",
    "directory": "Directory",
    "local_service": "Local service",
    "reading": "Something to read",
}
FAULTS = {
    Fault.DEAD: "Does not work any more",
    Fault.NOT_HTTPS: "Address is not https",
    Fault.EXPIRED: "Not looked at for a year",
}
_MONTH, _YEAR = 30, 365


def kind(line: Listed) -> str:
    """What it is."""
    return KINDS.get(line.kind, line.kind) if line.id else "Our page"


def languages(line: Listed) -> str:
    """`English, Spanish`."""
    return ", ".join(LANGUAGES.get(tag, tag) for tag in line.languages)


def country(line: Listed) -> str:
    """The country's name, or `everywhere`."""
    return names().get(line.country, line.country) if line.country else "everywhere"


def looked_at(last_checked: date, today: date) -> str:
    """`today`, `12 days ago`, `5 months ago`."""
    days = (today - last_checked).days
    if days <= 1:
        return "yesterday" if days == 1 else "today"
    if days < 2 * _MONTH:
        return f"{days} days ago"
    return f"{days // _MONTH} months ago" if days <= _YEAR else "more than a year ago"


def used(line: Listed) -> str:
    """`2 emails`, or `none`."""
    return counted(len(line.used_in), "email") if line.used_in else "none"


def choices(entries: Sequence[Resource]) -> list[tuple[str, str]]:
    """The entries that a block can link to, by slug."""
    return [
        (one.slug, f"{one.title} (does not work any more)" if one.is_dead else one.title) for one in entries
    ]
