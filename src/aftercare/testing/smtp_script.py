"""What the recording server keeps, and the faults that it can be told to commit."""

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Step(StrEnum):
    """Where a fault strikes: the moment at which the reply to this step is due. CONTENT is in the middle of
    a message, before its dot can have been read."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    CONTENT = "content"
    DOT = "dot"


@dataclass(frozen=True)
class Fault:
    """One misdeed. It happens `times` times (None: always) after the first `skip` chances went by well.

    `reply` is said instead of the usual (`"450 4.2.2 full"`); `drop` hangs up instead of a reply; `delay` is
    a wait in seconds before that. `store` (at DOT): the message is kept all the same. `to`: only for this
    recipient, from RCPT on."""

    at: Step
    reply: str = ""
    drop: bool = False
    store: bool = False
    delay: float = 0
    to: str = ""
    times: int | None = 1
    skip: int = 0


@dataclass(frozen=True)
class Received:
    """A message that was taken, dot-stuffing undone. `at_index` counts from 0 in order of arrival."""

    mail_from: str
    rcpt_tos: tuple[str, ...]
    content: bytes
    at_index: int
    encrypted: bool = False

    @property
    def message_id(self) -> str:
        """The Message-ID with its angle brackets; an empty text where there is none."""
        header = self.content.partition(b"\r\n\r\n")[0]
        found = re.search(rb"(?im)^message-id:\s*(\S+)", header)
        return found.group(1).decode("ascii", "replace") if found else ""


@dataclass(frozen=True)
class Heard:
    """A command line as the client sent it (`.` for the end of a message), and whether it came over TLS."""

    line: str
    encrypted: bool


@dataclass
class Script:
    """How the server behaves. `eager_data` says 354 even where no recipient was taken
    (RFC 2920, 3.1 allows it); `delay` is in seconds, before each reply to a dot; `offers` are further EHLO
    words; `auth` is user and password, without which MAIL is refused."""

    pipelining: bool = True
    starttls: bool = False
    auth: tuple[str, str] | None = None
    mechanisms: str = "PLAIN LOGIN"
    offers: tuple[str, ...] = ("SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES")
    eager_data: bool = False
    delay: float = 0
    faults: list[Fault] = field(default_factory=list)
    chances: dict[int, int] = field(default_factory=dict)

    def fault_at(self, step: Step, recipients: Iterable[str]) -> Fault | None:
        """The first fault that strikes now; every call counts as a chance."""
        known = tuple(recipients)
        for number, fault in enumerate(self.faults):
            if fault.at is not step or (fault.to and fault.to not in known):
                continue
            chance = self.chances[number] = self.chances.get(number, 0) + 1
            if chance > fault.skip and (fault.times is None or chance <= fault.skip + fault.times):
                return fault
        return None


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A throw-away certificate for localhost and 127.0.0.1, and its key, by the `openssl` command.

    FileNotFoundError where openssl is not installed, CalledProcessError where it fails."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subject = ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", "-x509", *curve, *subject, *files], check=True, capture_output=True)
    return certificate, key
