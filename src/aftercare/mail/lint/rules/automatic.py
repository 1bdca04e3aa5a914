"""Whether a machine wrote, so that no machine answers."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    expected = "" if letter.purpose == "newsletter" else "auto-generated"
    said = letter.header("Auto-Submitted")
    if said != expected:
        yield "headers", f"Auto-Submitted is “{said}”, and for {letter.purpose} mail it is “{expected}”"
    if letter.header("Precedence") and letter.purpose != "newsletter":
        yield "headers", "Precedence belongs to newsletters"
    if letter.header("X-Auto-Response-Suppress") != "All":
        yield "headers", "X-Auto-Response-Suppress is not “All”"


RULE = Rule(
    "automatic",
    "headers",
    Severity.BLOCK,
    reason="Two machines that answer each other's absence notes fill a mailbox in an hour (RFC 3834).",
    example="Precedence: bulk",
    fix="Auto-Submitted: auto-generated, except on newsletters, and X-Auto-Response-Suppress: All.",
    check=_check,
)
