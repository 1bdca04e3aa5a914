"""The element around everything that mail programs keep."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    wrapper = next((node for node in letter.page.nodes if node.attrs.get("role") == "article"), None)
    if wrapper is None:
        yield "html", "no element around the email has role=article"
    elif not wrapper.attrs.get("aria-label", "").strip():
        yield "html", "the wrapper has no aria-label"


RULE = Rule(
    "wrapper",
    "structure",
    Severity.BLOCK,
    reason="Webmail strips <html> and <title>; the wrapper still says what this is, and in which language.",
    example="<body><table>...",
    fix='Keep <div role="article" aria-roledescription="email" aria-label="the subject" lang dir> around it.',
    check=_check,
)
