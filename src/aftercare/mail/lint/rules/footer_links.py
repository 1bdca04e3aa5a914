"""How to leave."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    """Who is only asked has nothing yet to leave, and word to a colleague on duty is no subscription."""
    if letter.reason in ("ask", "alert"):
        return
    texts = {node.text.casefold() for node in letter.links if not node.hidden}
    for name in ("settings", "unsubscribe"):
        if letter.words[name].casefold() not in texts:
            yield "html", f"there is no link “{letter.words[name]}”"


RULE = Rule(
    "footer_links",
    "body",
    Severity.BLOCK,
    reason="Leaving must be as easy as reading, and is the law nearly everywhere.",
    example="A footer without “Unsubscribe”.",
    fix="Keep both links of the footer, in words that are seen.",
    check=_check,
)
