"""A sequence as one value: its rules and its emails, whether they come from files or from the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aftercare import yamlfile
from aftercare.domain.steps import SequenceSpec
from aftercare.errors import ContentError
from aftercare.mail.document import EmailDocument, parse_email, parse_translation
from aftercare.mail.scene import BASE, languages

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
    """Read and check a sequence's files with their translations: emails of the same names in a folder `es/`
    in it, or, for a folder below one named `en`, in the one of the same name below `es`. ContentError names
    file, place and fix."""
    slug = folder.resolve().name
    raw = yamlfile.load(folder / f"{HEAD_FILE}.yaml")
    spec = SequenceSpec.parse(raw, where=f"{slug}/{HEAD_FILE}.yaml")
    paths = {step.key: folder / f"{step.key}.yaml" for step in spec.steps}
    emails = {
        key: parse_email(yamlfile.load(path), f"{slug}/{path.name}")
        for key, path in paths.items()
        if path.is_file()
    }
    return checked(slug, raw, {key: _with_others(folder, key, email) for key, email in emails.items()})


def _with_others(folder: Path, key: str, email: EmailDocument) -> EmailDocument:
    """The email with its translations."""
    folder = folder.resolve()
    for tag in sorted(languages() - {BASE}):
        shipped = folder.parent.name == BASE
        path = (folder.parents[1] / tag / folder.name if shipped else folder / tag) / f"{key}.yaml"
        if path.is_file():
            email = replace(email, translations={**email.translations, tag: _translation(path)})
    return email


def _translation(path: Path) -> dict[str, Any]:
    """One email of a translation, checked, with the name that its folder's `sequence.yaml` gives the series:
    that file says nothing else, since the rules are the same in every language."""
    names = yamlfile.load(path.parent / f"{HEAD_FILE}.yaml")
    if not isinstance(names, dict) or set(names) != {"public_name"}:
        raise ContentError(
            f"{path.parent}/{HEAD_FILE}.yaml: of a translation it says public_name and nothing else. "
            f"The rules stand in {BASE}."
        )
    email = yamlfile.load(path)
    found = parse_translation({**email, **names} if isinstance(email, dict) else email, str(path))
    return found.document.to_json() | names


def folders_in(root: Path) -> list[Path]:
    """`root` itself where it is a sequence's folder, else those right below it that are, by name."""
    if (root / f"{HEAD_FILE}.yaml").is_file():
        return [root]
    return sorted(path.parent for path in root.glob(f"*/{HEAD_FILE}.yaml"))
