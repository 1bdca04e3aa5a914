"""A sequence as one value: its rules and its emails, whether they come from files or from the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftercare import yamlfile
from aftercare.domain.steps import SequenceSpec
from aftercare.errors import ContentError
from aftercare.mail.document import EmailDocument, parse_email

HEAD_FILE = "sequence"
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class SequenceFiles:
    """A folder `<slug>/` with `sequence.yaml` and one `<step key>.yaml` per email, read and checked."""

    slug: str
    raw: Mapping[str, Any]
    spec: SequenceSpec
    emails: Mapping[str, EmailDocument]


def checked(slug: str, raw: Mapping[str, Any], emails: Mapping[str, EmailDocument]) -> SequenceFiles:
    """These rules with the emails of their steps. ContentError names place and fix: a slug that no address
    can carry, a rule that cannot be read, a step without an email."""
    if not _SLUG.fullmatch(slug):
        raise ContentError(f"{slug[:60]!r} cannot name a sequence. Use letters, digits, - and _ only.")
    spec = SequenceSpec.parse(raw, where=f"{slug}/{HEAD_FILE}.yaml")
    for step in spec.steps:
        if step.key == HEAD_FILE:
            raise ContentError(
                f"{slug}: no step can have the key '{HEAD_FILE}', the name of the rules' file."
            )
        if step.key not in emails:
            raise ContentError(f"{slug}: step '{step.key}' has no file {step.key}.yaml. Add it.")
    return SequenceFiles(slug, raw, spec, {step.key: emails[step.key] for step in spec.steps})


def read_folder(folder: Path) -> SequenceFiles:
    """Read and check a sequence's files. ContentError names file, place and fix."""
    slug = folder.resolve().name
    raw = yamlfile.load(folder / f"{HEAD_FILE}.yaml")
    spec = SequenceSpec.parse(raw, where=f"{slug}/{HEAD_FILE}.yaml")
    paths = {step.key: folder / f"{step.key}.yaml" for step in spec.steps}
    emails = {
        key: parse_email(yamlfile.load(path), f"{slug}/{path.name}")
        for key, path in paths.items()
        if path.is_file()
    }
    return checked(slug, raw, emails)


def folders_in(root: Path) -> list[Path]:
    """`root` itself where it is a sequence's folder, else those right below it that are, by name."""
    if (root / f"{HEAD_FILE}.yaml").is_file():
        return [root]
    return sorted(path.parent for path in root.glob(f"*/{HEAD_FILE}.yaml"))
