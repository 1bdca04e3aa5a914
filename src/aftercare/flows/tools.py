"""What the flows that span several transactions are handed (made in `bootstrap`)."""

from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from threading import Lock
from typing import Protocol

from sqlalchemy.orm import Session

from aftercare.clock import Clock
from aftercare.config import Settings
from aftercare.mail.library import Library
from aftercare.mail.senders.base import Sender
from aftercare.mail.skeleton import Skeleton
from aftercare.mail.tokens import TokenKeys


class Tools(Protocol):
    """The parts of a running process."""

    @property
    def settings(self) -> Settings:
        """The settings."""
        ...

    @property
    def clock(self) -> Clock:
        """The one clock."""
        ...

    @property
    def token_keys(self) -> TokenKeys:
        """Secrets behind links."""
        ...

    @property
    def message_id_key(self) -> bytes:
        """Secret behind Message-IDs."""
        ...

    @property
    def library(self) -> Library:
        """Prompts, guides and support lines."""
        ...

    @property
    def templates_version(self) -> str:
        """A hash of the shipped templates."""
        ...

    @property
    def skeletons(self) -> MutableMapping[str, Skeleton]:
        """Compiled emails that this process has at hand, by the id of their row."""
        ...

    @property
    def wire(self) -> Lock:
        """Held while rows are in transmission: bounds what a kill can repeat (P3)."""
        ...

    def transaction(self) -> AbstractContextManager[Session]:
        """A transaction that commits at its end."""
        ...

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that only reads."""
        ...

    def sender(self, name: str) -> Sender:
        """The sender of that name; kept open between calls."""
        ...

    def submit(self, name: str, *args: str, expires: int | None = None) -> bool:
        """Ask a worker for a task; False where the broker is away."""
        ...
