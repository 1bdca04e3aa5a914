"""The archive as an Atom feed (RFC 4287): for readers who would rather not leave an address anywhere."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree

from aftercare.flows.newsletter_archive import Archived
from aftercare.models import Clinic

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
ElementTree.register_namespace("", ATOM)


def feed(
    clinic: Clinic,
    title: str,
    issues: Sequence[Archived],
    *,
    archive: str,
    self_url: str,
    language: str,
    domain: str,
) -> bytes:
    """The document. Ids are tag URIs (RFC 4151), which stay when addresses change; `updated` is when an issue
    went out, since nobody can change it afterwards. `archive`, `self_url`: absolute addresses."""
    root = ElementTree.Element(f"{{{ATOM}}}feed", {XML_LANG: language})
    _text(root, "id", _tag(domain, clinic.created_at, clinic.id))
    _text(root, "title", title)
    _text(root, "updated", _instant(max((one.sent_at for one in issues), default=clinic.created_at)))
    _text(_element(root, "author"), "name", clinic.name)
    _element(root, "link", rel="self", href=self_url, type="application/atom+xml")
    _element(root, "link", rel="alternate", href=archive, type="text/html")
    for one in issues:
        _entry(root, one, archive, domain)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: ElementTree.Element, one: Archived, archive: str, domain: str) -> None:
    entry = _element(root, "entry", **{XML_LANG: one.reading.language})
    _text(entry, "id", _tag(domain, one.issue.created_at, one.issue.id))
    _text(entry, "title", one.subject)
    _text(entry, "updated", _instant(one.sent_at))
    _text(entry, "published", _instant(one.sent_at))
    _text(entry, "summary", one.preheader)
    base, _, query = archive.partition("?")
    href = f"{base}/{one.issue.id}?{query}" if query else f"{base}/{one.issue.id}"
    _element(entry, "link", rel="alternate", href=href, type="text/html")


def _element(parent: ElementTree.Element, name: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    _element(parent, name).text = text


def _tag(domain: str, day: datetime, what: str) -> str:
    return f"tag:{domain},{day.astimezone(UTC).date().isoformat()}:{what}"


def _instant(at: datetime) -> str:
    """RFC 3339, as section 3.3 wants it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
