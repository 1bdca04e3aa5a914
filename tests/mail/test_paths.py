"""What an upgrade changed is compiled afresh."""

import shutil
from pathlib import Path

import pytest

from aftercare.mail.paths import hash_of_templates, templates_root


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("layout.mjml.j2", True),
        ("layout.es.yaml", True),
        ("library/support.yaml", True),
        ("library/prompts.yaml", True),
        ("sequences/en/after-your-visit/evening-plan.yaml", False),
    ],
)
def test_other_templates_words_or_support_lines_make_another_version(
    tmp_path: Path, file: str, counts: bool
) -> None:
    changed = tmp_path / "emails"
    shutil.copytree(templates_root(), changed)
    before = hash_of_templates(changed)
    with (changed / file).open("a", encoding="utf-8") as text:
        text.write("\n# Another word.\n")
    assert (hash_of_templates(changed) != before) is counts
