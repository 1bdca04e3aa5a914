"""The HTML of an email as a page: shown, and able to do nothing but that."""

import re
from urllib.parse import urlsplit

from aftercare.models import Clinic

_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?")


def headers(clinic: Clinic, *, framed_by: str) -> dict[str, str]:
    """No script, no form and no picture but the clinic's logo, whatever somebody has managed to write into
    the email (standards section 6, stored XSS). Its links work; popups are what browsers ask for where one
    of them is a telephone number. `framed_by`: a source of CSP's frame-ancestors."""
    host = urlsplit(clinic.logo_url or "").netloc
    logo = f" https://{host}" if _HOST.fullmatch(host) else ""
    policy = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        f"img-src 'self' data:{logo}; base-uri 'none'; form-action 'none'; frame-ancestors {framed_by}"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
        "Referrer-Policy": "no-referrer",
    }
