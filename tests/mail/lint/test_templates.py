"""The shipped templates avoid what the MJML compiler would let through."""

from pathlib import Path

import pytest

from aftercare.mail.lint.templates import faults
from aftercare.mail.paths import templates_root

TEMPLATES = sorted(templates_root().rglob("*.mjml.j2"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_shipped_template_has_no_traps(path: Path) -> None:
    assert list(faults(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("<mj-buton>Read</mj-buton>", "<mj-buton> is no tag"),
        ('<mj-include path="/etc/passwd" />', "<mj-include> is no tag"),
        ("<mj-preview>Hello</mj-preview>", "<mj-preview> is no tag"),
        ('<mj-text colour="red">Hello</mj-text>', "<mj-text colour=...> has no effect"),
        ('<mj-style inline="inline">p{}</mj-style>', "<mj-style inline=...> has no effect"),
        ('<mj-section background-url="https://x.example/a.png">', "background-url"),
        ("<mj-text>A & B</mj-text>", "a bare &"),
        ('<mj-font href="https://fonts.googleapis.com/css" />', "<mj-font> is no tag"),
        ("<style>@import url(https://fonts.googleapis.com/css);</style>", "loads something from"),
    ],
)
def test_a_trap_is_named(source: str, says: str) -> None:
    assert says in "; ".join(faults(source))


@pytest.mark.parametrize(
    "source",
    ["<mj-text>{{ a & b }}&amp;&nbsp;&#847;{% if a > b %}x{% endif %}</mj-text>", "<p class='x'>y</p>"],
)
def test_what_is_well_is_left_alone(source: str) -> None:
    assert list(faults(source)) == []
