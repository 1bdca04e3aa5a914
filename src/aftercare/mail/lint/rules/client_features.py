"""What many mail programs do not draw."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter
from aftercare.mail.lint.rules.active_content import ACTIVE
from aftercare.mail.lint.styles import declared, sheets
from aftercare.mail.lint.wording import known

_TAGS = {*known("tags"), *ACTIVE}
_STYLES = frozenset(known("styles"))
_DISPLAYS = frozenset(known("displays"))
_NAMES = {"display:flex": "css-display-flex", "display:grid": "css-display-grid"}
_AT_RULES = re.compile(r"@(keyframes|supports|container|layer|property|page)\b", re.IGNORECASE)


def _check(letter: Letter) -> Iterator[Hit]:
    nodes = letter.page.nodes
    for tag in dict.fromkeys(node.tag for node in nodes):
        if tag not in _TAGS and not tag.startswith("mj-"):
            yield "html", f"html-{tag}: the element <{tag}>"
    pairs = [pair for node in nodes for pair in declared(node.attrs.get("style", ""))]
    pairs += [pair for rule in sheets(letter.page) for pair in rule.declarations]
    for name, value in dict.fromkeys(pairs):
        if feature := _feature(name, value):
            yield "html", f"{feature}: {name}: {value[:40]}"
    for node in letter.page.every("style"):
        for found in _AT_RULES.finditer("".join(map(str, node.inside))):
            yield "html", f"css-at-{found[1].lower()}: {found[0]}"
    if any("background" in node.attrs for node in nodes):
        yield "html", "html-background: a picture behind the words"


def _feature(name: str, value: str) -> str:
    """What caniemail.com calls it; empty for what works."""
    if name.startswith("mso-"):
        return ""
    if name == "display" and value.partition("!")[0].strip() not in _DISPLAYS:
        kind = value.partition("!")[0].strip().removeprefix("inline-")
        return _NAMES.get(f"display:{kind}", f"css-display-{kind[:20]}")
    if name not in _STYLES:
        return f"css-{name.lstrip('-')}"
    return "css-background-image" if name == "background" and "url(" in value.lower() else ""


RULE = Rule(
    "client_features",
    "features",
    Severity.WARN,
    reason="Outlook for Windows draws with Word, and Gmail drops what it does not know.",
    example='<div style="display:flex">',
    fix="Build it from tables, paragraphs and lists, as the shipped blocks do.",
    check=_check,
)
