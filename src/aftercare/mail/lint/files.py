"""Emails in files: one that is written (`.yaml`, with its `sequence.yaml` beside it), or one that was sent
(`.eml`)."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from aftercare import yamlfile
from aftercare.domain.steps import SequenceSpec
from aftercare.errors import ContentError, InvalidInput
from aftercare.mail.document import EmailDocument, parse_email
from aftercare.mail.faults import in_words
from aftercare.mail.lint import sample
from aftercare.mail.lint.letter import MAX_BYTES, Letter, from_bytes
from aftercare.mail.lint.sample import Person, Setting, Written
from aftercare.mail.resources import Entry, links_in
from aftercare.mail.scene import BASE, languages

_HEAD = "sequence.yaml"
_SOMEWHERE = "https://www.example.org/"


def read_letters(path: Path) -> list[Letter]:
    """The readings of an email in a file. ContentError names file, place and fix; InvalidInput for a file of
    another kind."""
    if path.suffix.lower() == ".eml":
        return [from_bytes(_bytes(path), path.name)]
    one = read_written(path)
    said_in = dict.fromkeys((language_of(path), *one.email.translations))
    people, setting = [Person(language=language) for language in said_in], setting_of(one)
    return [letter for person in people for letter in sample.letters(one, person, setting)]


def entries_of(one: Written) -> list[str]:
    """The entries of a clinic's library that an email links to. Which of them there are, only the clinic's
    database knows."""
    return list(dict.fromkeys(used.resource for used in links_in(one.email.to_json()) if used.resource))


def setting_of(one: Written) -> Setting:
    """The clinic that does not exist, with something that stands in for each entry of `entries_of`."""
    entries = {slug: Entry(_title(slug), _SOMEWHERE, BASE) for slug in entries_of(one)}
    return Setting(library=replace(sample.shelf(), resources=entries))


def read_written(path: Path) -> Written:
    """The email of a step's file; of a translation, as its readers get it. ContentError, InvalidInput."""
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise InvalidInput("FILE", _other_file(path))
    if path.name == _HEAD:
        raise ContentError(f"{path.name}: holds the rules of a sequence. Name one of the emails beside it.")
    email = parse_email(yamlfile.load(path), path.name)
    head, slug = _head_of(path), path.resolve().parent.name
    spec = SequenceSpec.parse(yamlfile.load(head), f"{slug}/{_HEAD}") if head else None
    one = sample.written(slug, email, spec) if spec else Written("", email)
    language = language_of(path)
    return one if language == BASE else _translated(one, email, path, language)


def language_of(path: Path) -> str:
    """The language whose folder an email lies under (`es/after-your-visit/x.yaml`), else English."""
    folder = path.resolve().parent.parent.name
    return folder if folder in languages() else BASE


def read_person(path: Path) -> Person:
    """Who reads it, from JSON: `{"first_name": "Maya", "country": "GB", "language": "en", "therapist": "Sam",
    "returning": false, "cards": {"evening": "EV02"}}`, each part optional. ContentError."""
    data = yamlfile.load(path)
    known = Person.__dataclass_fields__
    if not isinstance(data, dict) or not set(data) <= set(known):
        raise ContentError(f"{path.name}: may say {', '.join(known)}, and nothing else.")
    try:
        return TypeAdapter(Person).validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ContentError(f"{path.name}: {place}: {in_words(first)}") from None


def _other_file(path: Path) -> str:
    if path.suffix.lower() == ".eml":
        return f"{path.name} is a copy of an email that has left; name the .yaml file that it was made from"
    return f"{path.name} is no email; name the .yaml file of a step, or for a check an .eml copy"


def _title(slug: str) -> str:
    return slug.replace("-", " ").replace("_", " ").capitalize()


def _head_of(path: Path) -> Path | None:
    """The rules: beside the email, or for a translation beside its English original."""
    folder = path.resolve().parent
    if language_of(path) != BASE:
        folder = folder.parents[1] / BASE / folder.name
    return folder / _HEAD if (folder / _HEAD).is_file() else None


def _translated(one: Written, email: EmailDocument, path: Path, language: str) -> Written:
    """The email as its own translation, which is how the compiler gets to it."""
    names: Any = yamlfile.load(path.parent / _HEAD) if (path.parent / _HEAD).is_file() else {}
    name = names.get("public_name") if isinstance(names, Mapping) else None
    stored = email.to_json() | {"public_name": name or one.public_name}
    return replace(one, email=replace(email, translations={language: stored}))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise ContentError(f"{path}: cannot be read ({reason}); give the path of an .eml file") from error
