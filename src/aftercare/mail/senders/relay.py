"""Where mail is handed to, as one URL: `smtp://user:password@host:587?starttls=required`.

    smtp://   port 587 unless given; `starttls=required | if-offered | never`
    smtps://  TLS from the first byte, port 465 unless given
    ?ca=FILE  trust the certificates in this PEM file instead of the system's
    ?name=... what we call ourselves in EHLO; else the mail domain

Without `starttls`, TLS is required except on this very machine. Reserved characters in user and password are
percent-encoded."""

import ipaddress
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from aftercare.errors import ConfigurationError


class Tls(StrEnum):
    """When the connection is encrypted. There is no way from a failed handshake back to plain text."""

    FROM_START = "from-start"
    REQUIRED = "required"
    IF_OFFERED = "if-offered"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Relay:
    """A server that takes our mail. `ca` is a PEM file, empty for the system's trust."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""
    ehlo_name: str = "localhost"

    @property
    def is_loopback(self) -> bool:
        """True for this very machine, where plain text crosses no network."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse_relay(url: str, ehlo_name: str = "localhost") -> Relay:
    """Read an SMTP URL; `ehlo_name` is what we call ourselves where the URL does not say it.

    ConfigurationError names the setting and what to change, never the password."""
    parts, port = _split(url)
    options = parse_qs(parts.query, keep_blank_values=True)
    if unknown := options.keys() - {"starttls", "ca", "name"}:
        raise _wrong(f"knows no option {', '.join(sorted(unknown))}; use starttls, ca, name")
    relay = Relay(
        host=parts.hostname or "",
        port=port,
        tls=Tls.NEVER,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ca=options.get("ca", [""])[-1],
        ehlo_name=options.get("name", [ehlo_name])[-1],
    )
    if not re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", relay.ehlo_name):
        raise _wrong("name is a host name such as mail.clinic.example")
    return replace(relay, tls=_tls(relay, parts.scheme, options.get("starttls")))


def _split(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or (465 if parts.scheme == "smtps" else 587)
    except ValueError as unreadable:
        raise _wrong("host or port cannot be read; write smtp://host:587") from unreadable
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise _wrong("write smtp://host:port or smtps://host:port")
    return parts, port


def _tls(relay: Relay, scheme: str, chosen: list[str] | None) -> Tls:
    if scheme == "smtps":
        if chosen:
            raise _wrong("smtps:// is encrypted from the start; leave starttls out or write smtp://")
        return Tls.FROM_START
    if chosen is None:
        return Tls.NEVER if relay.is_loopback else Tls.REQUIRED
    if chosen[-1] not in ("required", "if-offered", "never"):
        raise _wrong("starttls is required, if-offered or never")
    return Tls(chosen[-1])


def _wrong(problem: str) -> ConfigurationError:
    return ConfigurationError(f"AFTERCARE_SMTP_URL: {problem}")
