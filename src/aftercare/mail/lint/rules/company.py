"""An email for a hard week that leaves the reader alone."""

from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    if letter.origin is None or not letter.tender:
        return
    there = {
        (block.type, getattr(block, "style", "")) for block in letter.origin.blocks if block.when == "always"
    }
    if ("contact", "") not in there:
        yield "html", "nothing says how to reach the clinic"
    if ("support", "full") not in there:
        yield "html", "nothing says whom to talk to at any hour"


RULE = Rule(
    "company",
    "language",
    Severity.BLOCK,
    reason="After a visit with strong feelings every email names a person and a line that answers.",
    example="An email of after-a-tender-visit without a support block.",
    fix="Add a contact block and a support block with `style: full`, both for every reader.",
    check=_check,
)
