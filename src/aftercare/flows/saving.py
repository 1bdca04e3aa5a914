"""What is no draft of anything: blocks are words, and a tag among them is a mishap or an attack. It is
refused when it is saved, by whichever way it comes in."""

from collections.abc import Iterator

from aftercare.errors import ContentError
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.mail.document import EmailDocument, parse_translation
from aftercare.mail.lint.markup import refused
from aftercare.mail.lint.passages import content_passages

_FIX = "Write plain words. Blocks make links and layout by themselves."


def refuse_markup(files: SequenceFiles) -> None:
    """ContentError names each file and block with a tag in its words, and the fix."""
    names = {"name": files.spec.name, "public_name": files.spec.public_name}
    found = [f"{files.slug}: {place}: {_said(what)}" for place, what in _in_lines(names)]
    for key, email in files.emails.items():
        found += [f"{files.slug}/{key}: {place}: {fault}" for place, fault in never_saved(email).items()]
    if found:
        raise ContentError("; ".join(found))


def never_saved(email: EmailDocument) -> dict[str, str]:
    """Blocks, `subject`, `preheader` or `public_name` with a tag in their words, in any language of the
    email, and the fix."""
    found = {place: _said(what) for place, what in _in_email(email)}
    for tag, stored in email.translations.items():
        other = parse_translation(stored, f"stored email in {tag}")
        for place, what in _in_email(other.document, other.public_name):
            found.setdefault(place, f"in {tag}, {_said(what)}")
    return found


def _in_email(email: EmailDocument, public_name: str = "") -> Iterator[tuple[str, str]]:
    for passage in content_passages(email, public_name, {}, {}):
        if what := refused(passage.text):
            yield passage.where, what


def _in_lines(lines: dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((place, what) for place, text in lines.items() if (what := refused(text)))


def _said(what: str) -> str:
    return f"“{what}” is refused. {_FIX}"
