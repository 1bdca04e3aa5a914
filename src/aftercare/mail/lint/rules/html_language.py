"""Which language it is read out in, and from which side."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.dom import Node
from aftercare.mail.lint.letter import Letter


def _check(letter: Letter) -> Iterator[Hit]:
    html = letter.page.first("html")
    if html is None:
        yield "html", "there is no <html> tag to carry the language"
        return
    yield from _of(html, "<html>")
    wrapper = next((node for node in letter.page.every("div") if node.attrs.get("role") == "article"), None)
    if wrapper is not None:
        yield from _of(wrapper, "the wrapper")


def _of(node: Node, name: str) -> Iterator[Hit]:
    language = node.attrs.get("lang", "")
    if language.lower() == "und" or not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        yield "html", f"{name} says lang=“{language}”"
    if node.attrs.get("dir") not in ("ltr", "rtl"):
        yield "html", f"{name} does not say which way it is read (dir)"


RULE = Rule(
    "html_language",
    "structure",
    Severity.BLOCK,
    reason="A screen reader reads English in a French voice where it does not know (WCAG 3.1.1).",
    example='<html lang="und">',
    fix='Write lang and dir on <html> and on the wrapper, such as lang="en" dir="ltr".',
    check=_check,
)
