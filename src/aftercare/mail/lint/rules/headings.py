"""Headings that skip a level, or none at all."""

from collections.abc import Iterator
from itertools import pairwise

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    headings = [node for node in letter.page.every("h1", "h2", "h3", "h4", "h5", "h6") if not node.hidden]
    first = [node for node in headings if node.tag == "h1"]
    if len(first) != 1:
        yield "html", f"it has {len(first)} h1 headings instead of one"
    elif headings[0].tag != "h1":
        yield "html", "its first heading is not the h1"
    for one, following in pairwise(headings):
        if int(following.tag[1]) > int(one.tag[1]) + 1:
            yield "html", f"<{following.tag}> “{following.text[:40]}” follows <{one.tag}>"
    for node in headings:
        if not node.text:
            yield "html", f"an <{node.tag}> is empty"


RULE = Rule(
    "headings",
    "structure",
    Severity.BLOCK,
    reason="Screen reader users jump from heading to heading, and think that they missed one (WCAG 1.3.1).",
    example="<h1>One week on</h1> ... <h3>Who to ask</h3>",
    fix="One h1, h2 below it, h3 only below an h2.",
    check=_check,
)
