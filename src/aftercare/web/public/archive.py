"""Earlier issues of a newsletter, for anybody: a list, each as a page, and a feed. Nothing is counted."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from aftercare.flows import newsletter_archive
from aftercare.mail.scene import phrases
from aftercare.web import pages
from aftercare.web.deps import AppDep
from aftercare.web.public import atom
from aftercare.web.public.guides import AN_HOUR
from aftercare.web.public.newsletter import host_of

router = APIRouter(include_in_schema=False)


@router.api_route("/n/{slug}/archive", methods=["GET", "HEAD"])
def overview(slug: str, app: AppDep, request: Request, lang: str = "") -> HTMLResponse:
    """All issues, newest first."""
    host = host_of(app, slug, request, lang)
    with app.reading() as db:
        issues = newsletter_archive.listed(db, app, host.page, host.language)
    return host.show("archive.html.j2", issues=issues, zone=ZoneInfo(host.clinic.timezone))


@router.api_route("/n/{slug}/feed.xml", methods=["GET", "HEAD"])
def feed(slug: str, app: AppDep, request: Request, lang: str = "") -> Response:
    """The same as an Atom feed."""
    host = host_of(app, slug, request, lang)
    with app.reading() as db:
        issues = newsletter_archive.listed(db, app, host.page, host.language)
    base, query = app.settings.public_url + host.path, f"?lang={host.language}"
    document = atom.feed(
        host.clinic,
        pages.words_in(host.language)["archive"]["title"].format(clinic=host.clinic.name),
        issues,
        archive=f"{base}/archive{query}",
        self_url=f"{base}/feed.xml{query}",
        language=host.language,
        domain=app.settings.mail_domain,
    )
    headers = pages.headers(cache_control=AN_HOUR) | {"Vary": "Accept-Language"}
    if host.page.may_be_found:
        del headers["X-Robots-Tag"]
    return Response(document, headers=headers, media_type=atom.MEDIA_TYPE)


@router.api_route("/n/{slug}/archive/{issue_id}", methods=["GET", "HEAD"])
def issue(slug: str, issue_id: str, app: AppDep, request: Request, lang: str = "") -> HTMLResponse:
    """One issue, as somebody reads it whom it does not know."""
    host = host_of(app, slug, request, lang)
    with app.reading() as db:
        found, text = newsletter_archive.read(db, app, host.page, host.clinic, issue_id, host.language)
    zone = ZoneInfo(host.clinic.timezone)
    disclaimer = phrases(found.reading.language)["disclaimer"].format(clinic=host.clinic.name)
    page = {"issue": found, "text": text, "zone": zone, "disclaimer": disclaimer}
    return host.show("archive_issue.html.j2", **page)
