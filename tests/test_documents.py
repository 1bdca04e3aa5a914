"""What the documents point to exists: files, headings, commands, targets of make."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from aftercare.cli import app

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "frontend/*.md")
    for path in ROOT.glob(pattern)
)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]*)\)")
COMMAND = re.compile(r"(?:`|^ *|\$ |sudo |exec web |&& )aftercare ((?:[a-z-]+ ?){1,2})", re.MULTILINE)
TEST = re.compile(r"`((?:tests/\w+/[\w/]*(?:\.py)?)|test_\w+\.py)`")
TARGET = re.compile(r"(?:^|`)make ([a-z]+)", re.MULTILINE)


def text_of(document: str) -> str:
    return (ROOT / document).read_text()


def anchors(text: str) -> set[str]:
    """The names that headings get on a page."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def commands() -> Iterator[str]:
    """`plan`, `client`, `client add` and so on."""
    for name, command in getattr(typer.main.get_command(app), "commands", {}).items():
        yield name
        yield from (f"{name} {verb}" for verb in getattr(command, "commands", {}))


def exists(named: str, known: set[str]) -> bool:
    """Whether there is such a command; what stands behind one without verbs is an argument of it."""
    noun = named.split(maxsplit=1)[0]
    has_verbs = any(one.startswith(f"{noun} ") for one in known)
    return named in known or (noun in known and not has_verbs)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    broken = []
    for link in LINK.findall(text_of(document)):
        name, _, heading = link.partition("#")
        target = (ROOT / document).parent / name if name else ROOT / document
        if not target.exists() or (heading and heading not in anchors(target.read_text())):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_is_named_exists(document: str) -> None:
    known = set(commands())
    named = [found.strip() for found in COMMAND.findall(text_of(document))]
    assert [one for one in named if not exists(one, known)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_target_of_make_that_is_named_exists(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(TARGET.findall(text_of(document))) <= targets


def test_what_the_readme_promises_has_a_test() -> None:
    known = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/**/*")}
    named = [name.rstrip("/") for name in TEST.findall(text_of("README.md"))]
    assert named
    assert [name for name in named if not any(one.endswith(name) for one in known)] == []


def test_every_decision_is_listed() -> None:
    files = {path.name for path in (ROOT / "docs/decisions").glob("0*.md")}
    assert set(re.findall(r"\((0\d+[^)]*)\)", text_of("docs/decisions/README.md"))) == files
