"""The shipped sequences, as values."""

from collections.abc import Mapping
from typing import Any

from aftercare.flows.sequence_files import SequenceFiles, checked, folders_in, read_folder
from aftercare.mail.paths import templates_root

ROOT = templates_root() / "sequences" / "en"


def shipped(slug: str = "after-your-visit") -> SequenceFiles:
    """One of them."""
    return read_folder(ROOT / slug)


def all_shipped() -> list[SequenceFiles]:
    """All of them."""
    return [read_folder(folder) for folder in folders_in(ROOT)]


def with_head(files: SequenceFiles, fields: Mapping[str, Any]) -> SequenceFiles:
    """As if somebody had changed these lines of sequence.yaml; None takes one away."""
    raw = {key: value for key, value in (dict(files.raw) | dict(fields)).items() if value is not None}
    return checked(files.slug, raw, files.emails)
