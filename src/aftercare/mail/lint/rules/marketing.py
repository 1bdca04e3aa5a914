"""Selling in emails that somebody agreed to for her care."""

from collections.abc import Iterator

from aftercare.mail.lint import wording
from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    if letter.purpose != "care" or letter.for_staff:
        return
    blocks = letter.origin.blocks if letter.origin is not None else ()
    # A block that sells is left out for whoever has not agreed to that; in a tender week it has no place.
    selling = [block for block in blocks if getattr(block, "purpose", "care") == "marketing"]
    for block in selling if letter.tender else ():
        yield block.key, f"a block of the kind {block.type} sells"
    words = wording.patterns()["marketing"].get(letter.language)
    for passage in letter.own_passages if words else ():
        for said in wording.any_of(words, passage.text):
            yield passage.where, f"says “{said}”"


RULE = Rule(
    "marketing",
    "language",
    Severity.BLOCK,
    reason="A yes to care emails is no yes to advertising, in law and in trust.",
    example="Book now and get 20% off.",
    fix="Take it out, or say it in the newsletter, which people sign up for.",
    check=_check,
)
