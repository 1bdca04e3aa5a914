"""The shape of a rule that looks for a pattern in the words for clients."""

from collections.abc import Iterator

from aftercare.mail.lint import wording
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def banned(name: str, *, reason: str, example: str, fix: str) -> Rule:
    """A rule whose pattern has this name in `patterns.yaml`. Text for colleagues is free to name it."""

    def check(letter: Letter) -> Iterator[Hit]:
        if letter.for_staff or not letter.english:
            return
        for passage in letter.own_passages:
            if not passage.inside.endswith(".avoid") and (said := wording.banned(name, passage.text)):
                yield passage.where, f"says “{said}”"

    return Rule(name, "language", Severity.BLOCK, reason, example, fix, check)
