"""The only place where real parts are chosen from settings."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from aftercare import queue
from aftercare.clock import Clock
from aftercare.config import Settings, read_settings
from aftercare.errors import ConfigurationError
from aftercare.mail.library import Library, load_library
from aftercare.mail.paths import hash_of_templates, templates_root
from aftercare.mail.senders.base import Sender
from aftercare.mail.senders.folder import FolderSender
from aftercare.mail.senders.relay import parse_relay
from aftercare.mail.senders.smtp import SmtpSender
from aftercare.mail.skeleton import Skeleton
from aftercare.mail.tokens import TokenKeys
from aftercare.store.clock import DatabaseClock
from aftercare.store.engine import open_engine, reading, writing

NO_KEY = (
    "is not set. Name the file that holds the key in AFTERCARE_SECRET_KEY_FILE (links in emails rest on it)"
)


@dataclass
class App:
    """The parts of a running process; what flows know as `Tools`."""

    settings: Settings
    engine: Engine
    clock: Clock
    secret_keys: dict[int, bytes]
    current_key: int
    skeletons: dict[str, Skeleton] = field(default_factory=dict)
    wire: Lock = field(default_factory=Lock)
    senders: dict[str, Sender] = field(default_factory=dict)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction, committed at the end of the block: an edge (ADR 2)."""
        with writing(self.engine) as db:
            yield db

    def reading(self) -> AbstractContextManager[Session]:
        """One transaction that only reads."""
        return reading(self.engine)

    @cached_property
    def library(self) -> Library:
        """The shipped shelf of content."""
        return _shipped(templates_root())

    @cached_property
    def templates_version(self) -> str:
        """A hash of all that emails are made with: what was compiled by older ones is compiled afresh."""
        return hash_of_templates(templates_root())

    @cached_property
    def token_keys(self) -> TokenKeys:
        """Secrets behind links; old ones stay, so that old links keep working."""
        keys = {number: _derive(key, "links") for number, key in self.secret_keys.items()}
        return TokenKeys(keys=keys, current=self.current_key)

    @cached_property
    def message_id_key(self) -> bytes:
        """Secret behind Message-IDs. The oldest key: a rotation must not change a frozen identity."""
        return _derive(self.secret_keys[min(self.secret_keys)], "message-id")

    @cached_property
    def address_key(self) -> bytes:
        """Secret behind hashed addresses. The oldest key: a rotation must not lift anybody's limit."""
        return _derive(self.secret_keys[min(self.secret_keys)], "addresses")

    @cached_property
    def form_key(self) -> bytes:
        """Secret behind the tokens of staff forms and the hashed names of guessers."""
        return _derive(self.secret_keys[self.current_key], "forms")

    def sender(self, name: str) -> Sender:
        """The sender of that name, opened at its first use."""
        if name not in self.senders:
            self.senders[name] = _sender(self.settings)
        return self.senders[name]

    def submit(self, name: str, *args: str, expires: int | None = None) -> bool:
        """Ask a worker for a task; False where the broker is away (the sweep finds the work)."""
        return queue.submit(name, *args, expires=expires)

    def close(self) -> None:
        """Let go of connections."""
        for sender in self.senders.values():
            sender.close()
        self.engine.dispose()


def build(settings: Settings, *, clock: Clock | None = None, engine: Engine | None = None) -> App:
    """An app for these settings, or on an engine that is open already. ConfigurationError names what is
    missing."""
    if settings.smtp_url:
        parse_relay(settings.smtp_url)  # refused now, not by the first email
    queue.configure(settings)
    engine = engine or open_engine(settings.database)
    keys, current = _secret_keys(settings)
    return App(
        settings=settings,
        engine=engine,
        clock=clock or DatabaseClock(engine, sandbox=settings.sandbox),
        secret_keys=keys,
        current_key=current,
    )


@cache
def _shipped(root: Path) -> Library:
    """What is shipped does not change while a process runs."""
    return load_library(root)


_apps: dict[int, App] = {}
_building = Lock()


def current() -> App:
    """This process's app, made from the environment at its first use (after a fork, so that no two
    processes share a database connection). Threads of a process share it, and with it the one lock that
    bounds what is on the wire (P3)."""
    with _building:
        if os.getpid() not in _apps:
            use(build(read_settings()))
        return _apps[os.getpid()]


def use(app: App) -> None:
    """Make `app` this process's app: for the embedded runtime, the demo and tests."""
    _apps[os.getpid()] = app


def _sender(settings: Settings) -> Sender:
    if settings.smtp_url:
        return SmtpSender(parse_relay(settings.smtp_url, settings.mail_domain))
    return FolderSender(settings.data_dir / "outbox")


def _secret_keys(settings: Settings) -> tuple[dict[int, bytes], int]:
    """`2:new,1:old`, newest first; without a setting, a key file that is made once in `data_dir`."""
    try:
        text = settings.secret_key or _key_file(settings.data_dir / "secret.key")
    except OSError as error:
        wanted = f"cannot keep a file there ({error.strerror})"
        if settings.database_url:
            raise ConfigurationError(
                f"AFTERCARE_SECRET_KEY: {NO_KEY}; AFTERCARE_DATA_DIR: {wanted}"
            ) from None
        raise ConfigurationError(f"AFTERCARE_DATA_DIR: {wanted}") from None
    keys: dict[int, bytes] = {}
    for entry in text.split(","):
        number, _, secret = entry.strip().partition(":")
        if not number.isdigit() or int(number) > 255 or len(secret) < 32:
            raise ConfigurationError(
                "AFTERCARE_SECRET_KEY: write 1:<at least 32 random characters>; on rotation 2:<new>,1:<old>"
            )
        keys[int(number)] = secret.encode()
    return keys, int(text.split(":", 1)[0])


def _key_file(path: Path) -> str:
    """Workers start side by side: whoever links the file in first has made the key for all of them."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        own = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"1:{secrets.token_urlsafe(48)}")
        with suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return path.read_text().strip()


def _derive(secret: bytes, purpose: str) -> bytes:
    return hmac.digest(secret, f"aftercare:{purpose}".encode(), hashlib.sha256)
