"""What the lints say about the emails of a sequence, as this clinic would send them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy.orm import Session

from aftercare.errors import ContentError, InvalidInput
from aftercare.flows.rendering import theme_of
from aftercare.flows.resource_shelf import library_of
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.flows.tools import Tools
from aftercare.mail.library import Library
from aftercare.mail.lint import RULES, Finding, Report, Rule, Severity, report, sample
from aftercare.mail.scene import BASE
from aftercare.mail.theme import Theme
from aftercare.store import clinics

_BLOCKING = tuple(rule for rule in RULES if rule.severity is Severity.BLOCK)


@dataclass(frozen=True)
class Checked:
    """An email in the editor: its score, what must change before it goes live, and what is worth a look."""

    score: int
    blocking: tuple[Finding, ...]
    remarks: tuple[Finding, ...]


def blocking(files: SequenceFiles, step: str, theme: Theme, library: Library) -> tuple[Finding, ...]:
    """What keeps a step's email from going live, in every language that it is written in. ContentError
    where it cannot even be made."""
    return _report(_BLOCKING, files, step, theme, library).findings


def check_step(db: Session, tools: Tools, clinic_id: str, files: SequenceFiles, step: str) -> Checked | None:
    """All findings for the editor; None where the email cannot be made, which the editor says by itself."""
    theme = theme_of(clinics.get(db, clinic_id), tools)
    try:
        found = _report(RULES, files, step, theme, library_of(db, tools, clinic_id))
    except (ContentError, InvalidInput):
        return None
    remarks = tuple(one for one in found.findings if one.severity is Severity.WARN)
    return Checked(found.score, found.blocking, remarks)


def all_of(files: SequenceFiles, theme: Theme, library: Library) -> dict[str, tuple[Finding, ...]]:
    """Every finding, by step. ContentError names the step whose email cannot even be made."""
    found = {}
    for step in files.emails:
        try:
            found[step] = _report(RULES, files, step, theme, library).findings
        except ContentError as error:
            raise ContentError(f"{files.slug}/{step}: {error}") from error
    return found


def in_words(finding: Finding) -> str:
    """One finding as a sentence and its fix."""
    return f"{finding.where}: {finding.message}. {finding.fix}"


def _report(
    rules: tuple[Rule, ...], files: SequenceFiles, step: str, theme: Theme, library: Library
) -> Report:
    one = sample.written(files.slug, files.emails[step], files.spec)
    return _known(rules, one, sample.Setting(theme, library))


@lru_cache(maxsize=256)
def _known(rules: tuple[Rule, ...], one: sample.Written, setting: sample.Setting) -> Report:
    """Most emails of a sequence are the same at its next review, and reading one takes a quarter second."""
    return Report(tuple(_by_language(rules, one, setting)))


def _by_language(rules: Sequence[Rule], one: sample.Written, setting: sample.Setting) -> Iterator[Finding]:
    for language in (BASE, *one.email.translations):
        letters = sample.letters(one, sample.Person(language=language), setting)
        for finding in report(rules, letters).findings:
            said = finding.message if language == BASE else f"in {language}, {finding.message}"
            yield replace(finding, message=said)
