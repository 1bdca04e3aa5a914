"""A place for a name that stayed empty."""

import re
from collections.abc import Iterator

from aftercare.mail.lint.base import Hit, Rule, Severity
from aftercare.mail.lint.letter import Letter

_LEFT = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|%[A-Z_]{3,}%|\*\|[A-Z_:]+\|\*|\[\[?(first.?name|name|first)\]\]?|<<\w+>>",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"^(hello|hi|dear|good (morning|evening))( +,| *(null|none|undefined)\b)", re.IGNORECASE)


def _check(letter: Letter) -> Iterator[Hit]:
    for passage in letter.passages:
        if found := _LEFT.search(passage.text):
            yield passage.where, f"shows {found[0]} to the reader"
        elif found := _NOBODY.search(passage.text):
            yield passage.where, f"greets nobody: “{found[0]}”"


RULE = Rule(
    "merge_fields",
    "language",
    Severity.BLOCK,
    reason="“Hello ,” tells a reader that a machine wrote, and did not know her.",
    example="Hello {{ first_name }},",
    fix="Write the field with what stands in for it: {{ first_name | there }}.",
    check=_check,
)
