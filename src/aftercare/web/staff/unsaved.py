"""What somebody had typed into a form that was overtaken: only what differs, under the names on the page."""

from collections.abc import Iterator

from aftercare.flows import block_forms, email_forms
from aftercare.flows.block_forms import FormField, Typed
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.mail.blocks.base import Block
from aftercare.web.staff import emails_words, field_names

_WAIT = ("amount", "unit", "side", "at")


def unsaved(files: SequenceFiles | None, step: str, typed: Typed) -> list[tuple[str, str]]:
    """Label and text of what the form says otherwise than `files` do. `step`: whose email it edits; empty for
    the small forms of a sequence."""
    email = files.emails.get(step) if files else None
    if email is None:
        return _of_small_form(typed)
    now = {name: (field_names.label(name), getattr(email, name)) for name in email_forms.LINES}
    for block in email.blocks:
        now |= {field.name: (label, _text(field)) for label, field in _fields(block)}
    said = {name: "\n".join(filter(None, values)) for name, values in typed.items() if name in now}
    texts = {name: text.replace("\r\n", "\n").strip() for name, text in said.items()}
    return [(now[name][0], text) for name, text in texts.items() if text and text != now[name][1].strip()]


def _of_small_form(typed: Typed) -> list[tuple[str, str]]:
    lines = [(field_names.label(name), _first(typed, name)) for name in email_forms.LINES]
    wait = ("When it goes out", " ".join(filter(None, (_first(typed, name) for name in _WAIT))))
    return [(label, text) for label, text in (*lines, wait) if text]


def _first(typed: Typed, name: str) -> str:
    return next(iter(typed.get(name, ())), "").strip()


def _fields(block: Block) -> Iterator[tuple[str, FormField]]:
    """The fields that hold words, pieces of groups among them."""
    name = emails_words.block_name(block.type)
    for field in block_forms.form_of(block):
        if field.spec.kind != "group":
            yield f"{name}: {emails_words.label(field.spec)}", field
        for number, piece in enumerate(field.items, 1):
            for inner in piece:
                item = f"{emails_words.item_name(field.spec)} {number}"
                yield f"{name}, {item}: {emails_words.label(inner.spec)}", inner


def _text(field: FormField) -> str:
    return "\n".join(field.chosen) if field.spec.kind == "names" else field.value
