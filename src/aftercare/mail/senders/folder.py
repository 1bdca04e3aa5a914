"""Writes each message as an .eml file instead of sending it: for a look at what would go out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aftercare.domain.outcomes import Accepted, Blame, Outcome, Transient
from aftercare.mail.senders.base import Outgoing


@dataclass(frozen=True)
class FolderSender:
    """One file per message in `folder` (made when needed). The name comes from the key alone, so that sending
    again writes the same file again; the envelope is not in the file."""

    folder: Path

    def send(self, batch: Sequence[Outgoing]) -> Iterator[tuple[str, Outcome]]:
        """Write each message; a full disk and the like is a transient outcome that blames the sender."""
        for message in batch:
            yield message.key, self._write(message)

    def close(self) -> None:
        """Nothing is kept open."""

    def path_of(self, key: str) -> Path:
        """Where the message called `key` is or will be. A hash, because keys may hold `:` and `/`."""
        return self.folder / f"{sha256(key.encode()).hexdigest()[:32]}.eml"

    def _write(self, message: Outgoing) -> Outcome:
        path = self.path_of(message.key)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".part")
            unfinished.write_bytes(message.content)
            unfinished.replace(path)
        except OSError:
            return Transient("folder_not_writable", Blame.SENDER)
        return Accepted("folder")
