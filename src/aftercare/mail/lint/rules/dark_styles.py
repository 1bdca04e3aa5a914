"""An email without colours for the night."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.styles import sheets


def _check(letter: Letter) -> Iterator[Hit]:
    if not any(rule.media and rule.holds("dark") for rule in sheets(letter.page)):
        yield "html", "no @media (prefers-color-scheme: dark) with styles in it"


RULE = Rule(
    "dark_styles",
    "dark",
    Severity.WARN,
    reason="Many read in bed with the light off.",
    example="A style sheet with colours for the day only.",
    fix="Give every ground and every ink a dark colour, down to the inner tables.",
    check=_check,
)
