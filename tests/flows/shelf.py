"""The shipped sequences, as values."""

from aftercare.flows.sequence_files import SequenceFiles, folders_in, read_folder
from aftercare.mail.paths import templates_root

ROOT = templates_root() / "sequences" / "en"


def shipped(slug: str = "after-your-visit") -> SequenceFiles:
    """One of them."""
    return read_folder(ROOT / slug)


def all_shipped() -> list[SequenceFiles]:
    """All of them."""
    return [read_folder(folder) for folder in folders_in(ROOT)]
