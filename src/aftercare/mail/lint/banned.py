"""The shape of a rule that looks for patterns in the words for clients."""

from collections.abc import Iterator

from aftercare.mail.lint import wording
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def banned(name: str, *, reason: str, example: str, fix: str, severity: Severity = Severity.BLOCK) -> Rule:
    """A rule whose patterns have this name in `patterns.yaml`, in each language that has some. Text for
    colleagues is free to name it."""

    def check(letter: Letter) -> Iterator[Hit]:
        for passage in () if letter.for_staff else letter.own_passages:
            if not passage.inside.endswith(".avoid"):
                for said in wording.banned(name, passage.text, letter.language):
                    yield passage.where, f"says “{said}”"

    return Rule(name, "language", severity, reason, example, fix, check)
