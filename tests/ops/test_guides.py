"""The guides for production say what the program does."""

import re
import subprocess
import textwrap

import pytest

from aftercare.config import Settings
from tests.ops.stack import ROOT, SERVICES

GUIDES = ("production.md", "one-box.md")


def blocks(guide: str) -> list[str]:
    """The shell blocks of a guide, as a reader copies them."""
    text = (ROOT / "docs" / "guide" / guide).read_text()
    return [
        textwrap.dedent(block)
        for block in re.findall(r"^ *```sh\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    ]


@pytest.mark.parametrize("guide", GUIDES)
def test_every_block_is_shell(guide: str) -> None:
    for block in blocks(guide):
        subprocess.run(["sh", "-n"], input=block, text=True, check=True)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_setting_that_is_named_exists(guide: str) -> None:
    named = set(re.findall(r"AFTERCARE_([A-Z_]+)", (ROOT / "docs" / "guide" / guide).read_text()))
    fields = {name.removesuffix("_FILE").lower() for name in named - {"ALIVE_FILE"}}
    assert fields <= set(Settings.model_fields)


def test_the_units_start_what_the_compose_file_starts() -> None:
    text = "".join(blocks("one-box.md"))
    units = dict(re.findall(r'^unit (\w+) "(.*)"$', text, re.MULTILINE))
    assert units == {
        name: SERVICES[name]["command"].replace("0.0.0.0", "127.0.0.1") for name in ("web", "worker", "beat")
    }


def test_the_guide_lists_every_setting_of_production() -> None:
    text = (ROOT / "docs" / "guide" / "production.md").read_text()
    told = {name.lower() for name in re.findall(r"`AFTERCARE_([A-Z_]+)`", text.partition("## Settings")[2])}
    assert told == set(Settings.model_fields) - {"data_dir", "sandbox"}
