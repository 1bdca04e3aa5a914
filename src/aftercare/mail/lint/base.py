"""What a rule is, what it finds, and how findings become points."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aftercare.mail.lint.letter import Letter

#: Points of each scored row, 100 in all. A row with any finding loses all of its points.
ROWS = {
    "accessibility": 20,
    "structure": 8,
    "images": 6,
    "text_part": 8,
    "headers": 8,
    "body": 8,
    "size": 6,
    "features": 6,
    "spam": 6,
    "privacy": 8,
    "language": 8,
    "preheader": 4,
    "dark": 4,
}


class Severity(StrEnum):
    """BLOCK keeps an email from going live; WARN costs points only."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """A broken rule. `where` is a block's key, or `subject`, `preheader`, `public_name`, `sender`, `headers`,
    `html`, `text` or `theme`. What is missing from the whole email is found at `html`."""

    rule: str
    row: str
    severity: Severity
    where: str
    message: str
    fix: str

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return {
            "rule": self.rule,
            "row": self.row,
            "severity": self.severity.value,
            "where": self.where,
            "message": self.message,
            "fix": self.fix,
        }


#: Where something is wrong, and what, in words that name the thing.
Hit = tuple[str, str]


@dataclass(frozen=True)
class Rule:
    """One thing that an email must not do. `reason` says why, `example` shows a breach, `fix` what to write.

    `check` yields a hit per breach and reads nothing but the letter."""

    id: str
    row: str
    severity: Severity
    reason: str
    example: str
    fix: str
    check: Callable[[Letter], Iterable[Hit]]

    def findings(self, letter: Letter) -> list[Finding]:
        """The breaches of this rule, each once."""
        hits = dict.fromkeys(self.check(letter))
        return [Finding(self.id, self.row, self.severity, where, said, self.fix) for where, said in hits]


@dataclass(frozen=True)
class Report:
    """What was found in an email, in the order of the rows."""

    findings: tuple[Finding, ...]

    @property
    def score(self) -> int:
        """0 to 100; we ship from 95 on (email-craft section 3)."""
        lost = {finding.row for finding in self.findings}
        return sum(points for row, points in ROWS.items() if row not in lost)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What keeps the email from going live."""
        return tuple(one for one in self.findings if one.severity is Severity.BLOCK)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return {"score": self.score, "findings": [finding.to_json() for finding in self.findings]}


def report(rules: Sequence[Rule], letters: Sequence[Letter]) -> Report:
    """The findings in an email that may have several readings, each finding once."""
    found = dict.fromkeys(one for letter in letters for rule in rules for one in rule.findings(letter))
    order = list(ROWS)
    return Report(tuple(sorted(found, key=lambda one: order.index(one.row))))
