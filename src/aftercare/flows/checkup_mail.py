"""What `aftercare doctor` asks about emails: would they leave, arrive, and lead back here?"""

from sqlalchemy.orm import Session

from aftercare.errors import ConfigurationError, ContentError
from aftercare.flows import delays
from aftercare.flows.findings import Finding, fail, ok, warn
from aftercare.flows.rendering import theme_of
from aftercare.flows.resource_shelf import library_of
from aftercare.flows.tools import Tools
from aftercare.mail.compile import Variant, compile_email
from aftercare.mail.document import EmailDocument
from aftercare.mail.message_ids import bounce_address, message_id
from aftercare.mail.senders.probe import probe
from aftercare.mail.senders.relay import Relay, parse_relay
from aftercare.models import Clinic
from aftercare.store import clinics, sequences

NO_CLINIC = "Add one with aftercare init."
EXAMPLE_DOMAIN = ".example"
ENCODED = "Reserved characters in user and password are percent-encoded in AFTERCARE_SMTP_URL."
SMTP_MENDS = (
    ("smtp_unreachable", "Check host and port of AFTERCARE_SMTP_URL, and whether this network lets it out."),
    ("smtp_timeout", "Something swallows the conversation: check the port (587, or 465 with smtps://)."),
    ("smtp_tls_not_offered", "Write smtps://host:465, or add ?starttls=if-offered in a network of your own."),
    ("smtp_auth_needs_tls", "Leave starttls out of AFTERCARE_SMTP_URL: a password travels encrypted only."),
    (
        "smtp_auth_not_offered",
        "Take user and password out of AFTERCARE_SMTP_URL, or use the relay's port 587.",
    ),
    ("smtp_certificate", "Use the host name that stands in the relay's certificate, or add ?ca=FILE.pem."),
    ("smtp_tls", "Check the port: STARTTLS lives on 587 (smtp://), TLS from the start on 465 (smtps://)."),
    ("smtp_53", f"The relay refuses user or password. {ENCODED}"),
    ("smtp_454", f"The relay refuses user or password. {ENCODED}"),
)
OTHER_MEND = "Ask the relay's operator what this code means, and whether your domain may send there."


def check_mail(tools: Tools) -> Finding:
    """Nothing waits whose time has come."""
    with tools.reading() as db:
        delay = delays.overdue(db, now=tools.clock.now())
    if delay is None:
        return ok("mail", "no email waits whose time has come")
    count = "1 email waits" if delay.count == 1 else f"{delay.count} emails wait"
    waits = f"{count} since {delay.since:%a %d %b, %H:%M} UTC"
    if delay.why:
        return fail(
            "mail", f"{waits}: {delay.why}", "See 'smtp'. Nothing is lost: we go on trying for three days."
        )
    return fail(
        "mail", f"{waits}, and nobody has tried", "See 'sweep' and 'workers'; more workers may be needed."
    )


def check_smtp(tools: Tools) -> Finding:
    """The relay takes our envelope sender; nothing is sent."""
    if not tools.settings.smtp_url:
        return warn("smtp", "emails are written as files and leave nowhere", "Set AFTERCARE_SMTP_URL.")
    try:
        relay = parse_relay(tools.settings.smtp_url, tools.settings.mail_domain)
    except ConfigurationError as error:
        return fail("smtp", "AFTERCARE_SMTP_URL cannot be used", str(error))
    refusal = probe(relay, _envelope_sender(tools))
    where = f"{relay.host}:{relay.port}"
    if refusal is None:
        return ok("smtp", f"{where} would take our mail ({_how(relay)})")
    mend = next((mend for start, mend in SMTP_MENDS if refusal.startswith(start)), OTHER_MEND)
    return fail("smtp", f"{where} would not take our mail: {refusal}", mend)


def check_sender(tools: Tools) -> Finding:
    """DMARC wants the domain of From aligned with the one that the envelope or DKIM vouches for (RFC 7489
    section 3.1; relaxed: the same, or one below the other)."""
    with tools.reading() as db:
        domains = sorted({clinic.sender_address.rpartition("@")[2].lower() for clinic in clinics.some(db)})
    if not domains:
        return fail("sender", "there is no clinic yet", NO_CLINIC)
    ours = tools.settings.mail_domain
    strange = [domain for domain in domains if not _aligned(domain, ours)]
    if not strange:
        return ok("sender", f"From and envelope belong together ({ours})")
    return warn(
        "sender",
        f"From says {', '.join(strange)}, the envelope {ours}",
        "Set AFTERCARE_MAIL_DOMAIN to the clinic's own domain, or let the relay sign with DKIM for it; "
        "otherwise mailboxes take the emails for forged.",
    )


def check_templates(tools: Tools) -> Finding:
    """Every published email can be made."""
    with tools.reading() as db:
        found = clinics.some(db)
        if not found:
            return fail("templates", "there is no clinic yet", NO_CLINIC)
        try:
            count = sum(_compile_all(db, tools, clinic) for clinic in found)
        except ContentError as error:
            return fail("templates", "a published email cannot be made", str(error))
    if not count:
        return warn("templates", "no email is published", "Publish a sequence: aftercare sequence list.")
    return ok("templates", f"{count} published emails can be made")


def check_address(tools: Tools) -> Finding:
    """Links in emails lead here, for years."""
    url = tools.settings.public_url
    if tools.settings.sandbox:
        return warn("address", "this is a sandbox: its clock can be moved", "Unset AFTERCARE_SANDBOX.")
    if url.split("/")[2].partition(":")[0].endswith(EXAMPLE_DOMAIN):
        return fail(
            "address", f"{url} is the example", "Set AFTERCARE_PUBLIC_URL: unsubscribe links lead there."
        )
    return ok("address", f"links lead to {url}")


def _envelope_sender(tools: Tools) -> str:
    return bounce_address(message_id(tools.message_id_key, "doctor", tools.settings.mail_domain))


def _how(relay: Relay) -> str:
    return f"TLS {relay.tls}, {'logged in' if relay.user else 'without a password'}"


def _aligned(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _compile_all(db: Session, tools: Tools, clinic: Clinic) -> int:
    theme, variant = theme_of(clinic, tools), Variant(language=clinic.language, country=clinic.country)
    library = library_of(db, tools, clinic.id)
    emails = [
        (published.sequence.public_name, email)
        for published in sequences.published(db, clinic.id)
        for email in sequences.emails_of(db, published.version.id).values()
    ]
    for public_name, email in emails:
        compile_email(EmailDocument.from_json(email.document), theme, variant, library, public_name)
    return len(emails)
