"""Pictures of the block kit, and its page: docs/reference/blocks.md."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser
from scripts.sheets import lay_out

from aftercare.flows.block_names import NAMED
from aftercare.flows.sequence_files import folders_in, read_folder
from aftercare.mail.document import EmailDocument
from aftercare.mail.lint.letter import from_bytes
from aftercare.mail.lint.sample import Person, Written, message
from aftercare.mail.paths import templates_root

FIRST = "after-your-visit"
SHOWN = 420
"""Pixels of each picture."""
HEAD = """\
# The block kit

Rebuilt by `make pictures`. Each block as the first shipped email shows it that has one, by day and by night.
What each field may hold is said by the editor, and by the error where it holds something else.
"""


def take_blocks(browser: Browser, docs: Path) -> None:
    """One picture per kind of block, and the page that shows them."""
    folder = docs / "pictures" / "blocks"
    folder.mkdir(exist_ok=True)
    parts = [HEAD]
    for kind, document in _examples():
        name, purpose = NAMED[kind]
        letter = from_bytes(message(Written(FIRST, document, emails=5, days=11), Person()), kind)
        shots = [(scheme, _shot(browser, letter.html, scheme)) for scheme in ("light", "dark")]
        lay_out(browser, shots, SHOWN, folder / f"{kind}.jpg")
        parts.append(f"## {name} (`{kind}`)\n\n{purpose}\n\n![{name}](../pictures/blocks/{kind}.jpg)\n")
    (docs / "reference" / "blocks.md").write_text("\n".join(parts), encoding="utf-8")


def _examples() -> Iterator[tuple[str, EmailDocument]]:
    """Each kind that an email has, with an email of that block alone."""
    folders = sorted(folders_in(templates_root() / "sequences" / "en"), key=lambda path: path.name != FIRST)
    emails = [email for files in map(read_folder, folders) for email in files.emails.values()]
    for kind in NAMED:
        found = ((email, block) for email in emails for block in email.blocks if block.type == kind)
        for email, block in list(found)[:1]:
            shown = block.model_copy(update={"when": "always"})
            yield kind, replace(email, subject=NAMED[kind][0], blocks=(shown,), translations={})


def _shot(browser: Browser, body: str, scheme: str) -> bytes:
    page = browser.new_page(
        viewport={"width": 600, "height": 600}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page.set_content(body)
    shot = page.locator(".sheet").first.screenshot()
    page.close()
    return shot
