"""What an editor does to a sequence: each act makes a new, checked value of the old one and touches nothing
else, so that the page, the command line and the tests share it. Positions count from 1, as people do."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from aftercare.domain.steps import WEEKDAYS
from aftercare.errors import InvalidInput, NotFound
from aftercare.flows.sequence_files import HEAD_FILE, SequenceFiles, checked
from aftercare.mail.blocks import KINDS
from aftercare.mail.blocks.support import Support
from aftercare.mail.document import EmailDocument, parse_email

Raw = dict[str, Any]
_Item = TypeVar("_Item")

FIRST_BLOCKS = ("greeting", "note", "contact", "support")
"""What a new email begins with: whom to reach stands in every one (content section 2)."""
_DAYS = {"days": 1, "working_days": 2, "weeks": 7, "months": 31, "years": 366}
_MERGE_FIELD = re.compile(r"\{\{.*?\}\}")
_LONGEST_KEY = 40


def set_wait(files: SequenceFiles, step: str, wait: Mapping[str, Any]) -> SequenceFiles:
    """When a step goes out: `{days: 3, at: "10:00"}`, `{hours: 3, else_at: "09:30"}`. Parts that are None or
    empty are left out. NotFound, ContentError."""
    given = {key: value for key, value in wait.items() if value not in (None, "")}
    return _with_step(files, step, lambda raw: raw | {"wait": given})


def set_options(files: SequenceFiles, step: str, options: Mapping[str, Any]) -> SequenceFiles:
    """Change only_on, only_if, every_visit, max_late, if_past, window or uncapped of a step; None, False, an
    empty list and all seven weekdays take one away. NotFound, InvalidInput, ContentError."""
    for fixed in ("key", "wait"):
        if fixed in options:
            raise InvalidInput(fixed, "is not an option of a step; the wait is set by itself, the key stays")
    given = {key: None if value in (False, [], "") else value for key, value in options.items()}
    if set(given.get("only_on") or ()) == set(WEEKDAYS):
        given["only_on"] = None
    return _with_step(files, step, lambda raw: _merged(raw, given))


def set_lines(
    files: SequenceFiles, step: str, *, subject: str | None = None, preheader: str | None = None
) -> SequenceFiles:
    """Change the subject or the preheader of a step's email; None leaves it. NotFound, ContentError."""
    lines = {"subject": subject, "preheader": preheader}
    given = {key: text for key, text in lines.items() if text is not None}
    return _with_email(files, step, lambda document: document | given)


def add_step(
    files: SequenceFiles,
    *,
    subject: str,
    preheader: str = "A few lines for you.",
    wait: Mapping[str, Any] | None = None,
    blocks: Sequence[Mapping[str, Any]] | None = None,
    to: int | None = None,
) -> SequenceFiles:
    """Add a step with an email to begin with, last or at position `to`. Its key is made of the subject and
    stays whatever becomes of that. Without a wait it goes out the day after the last one. ContentError."""
    key = _free(_key_of(subject), {*files.emails, HEAD_FILE})
    content = {"subject": subject, "preheader": preheader, "blocks": list(blocks or _first_blocks(files))}
    email = parse_email(content, f"{files.slug}: new step")
    step = {"key": key, "wait": dict(wait or _day_after_the_last(files))}
    steps = _inserted(files.raw["steps"], step, to)
    return _with_steps(files, steps, {**files.emails, key: email})


def remove_step(files: SequenceFiles, step: str) -> SequenceFiles:
    """Take a step and its email away. NotFound; InvalidInput for the last one."""
    number = _position(files, step)
    if len(files.raw["steps"]) == 1:
        raise InvalidInput("step", "a sequence needs at least one; add another before you remove this one")
    return _with_steps(files, _without(files.raw["steps"], number), files.emails)


def move_step(files: SequenceFiles, step: str, to: int) -> SequenceFiles:
    """Bring a step to position `to`. When it goes out is its wait's business. NotFound, InvalidInput."""
    return _with_steps(files, _moved(files.raw["steps"], _position(files, step), to), files.emails)


def set_block(files: SequenceFiles, step: str, block: str, fields: Mapping[str, Any]) -> SequenceFiles:
    """Change fields of one block; None takes one away. Type and key stay. NotFound, InvalidInput,
    ContentError naming the field."""
    return _with_blocks(files, step, lambda blocks: _changed(blocks, block, fields))


def add_block(
    files: SequenceFiles,
    step: str,
    kind: str,
    fields: Mapping[str, Any] | None = None,
    to: int | None = None,
) -> SequenceFiles:
    """Add a block of this kind, last or at position `to`; fields that are not given say something to begin
    with. NotFound, InvalidInput, ContentError."""
    if kind not in KINDS:
        raise InvalidInput("type", f"choose from {', '.join(sorted(KINDS))}")
    content = {**KINDS[kind].starter, **(fields or {})}
    return _with_blocks(
        files,
        step,
        lambda blocks: _inserted(blocks, {"type": kind, "key": _block_key(blocks, kind), **content}, to),
    )


def remove_block(files: SequenceFiles, step: str, block: str) -> SequenceFiles:
    """Take a block away. NotFound; ContentError for the last one."""
    return _with_blocks(files, step, lambda blocks: _without(blocks, _block_position(blocks, block)))


def move_block(files: SequenceFiles, step: str, block: str, to: int) -> SequenceFiles:
    """Bring a block to position `to`. NotFound, InvalidInput."""
    return _with_blocks(files, step, lambda blocks: _moved(blocks, _block_position(blocks, block), to))


def _with_step(files: SequenceFiles, step: str, change: Callable[[Raw], Raw]) -> SequenceFiles:
    number = _position(files, step)
    steps = list(files.raw["steps"])
    steps[number] = change(dict(steps[number]))
    return _with_steps(files, steps, files.emails)


def _with_steps(
    files: SequenceFiles, steps: Sequence[Mapping[str, Any]], emails: Mapping[str, EmailDocument]
) -> SequenceFiles:
    return checked(files.slug, {**files.raw, "steps": list(steps)}, emails)


def _with_email(files: SequenceFiles, step: str, change: Callable[[Raw], Raw]) -> SequenceFiles:
    number = _position(files, step)
    where = f"{files.slug}: step {number + 1} ({step})"
    email = parse_email(change(files.emails[step].to_json()), where)
    return checked(files.slug, files.raw, {**files.emails, step: email})


def _first_blocks(files: SequenceFiles) -> list[Raw]:
    """Whom to reach is said as fully as in the sequence's last email: a tender week needs all of it."""
    last = files.emails[files.spec.steps[-1].key]
    full = any(isinstance(block, Support) and block.style == "full" for block in last.blocks)
    style = {"support": {"style": "full"}} if full else {}
    return [
        {"type": kind, "key": kind, **KINDS[kind].starter, **style.get(kind, {})} for kind in FIRST_BLOCKS
    ]


def _with_blocks(files: SequenceFiles, step: str, change: Callable[[list[Raw]], list[Raw]]) -> SequenceFiles:
    return _with_email(files, step, lambda document: document | {"blocks": change(document["blocks"])})


def _changed(blocks: list[Raw], key: str, fields: Mapping[str, Any]) -> list[Raw]:
    number = _block_position(blocks, key)
    for fixed in ("type", "key"):
        if fields.get(fixed, blocks[number][fixed]) != blocks[number][fixed]:
            raise InvalidInput(fixed, "stays as it is; add another block instead")
    return [_merged(one, fields) if place == number else one for place, one in enumerate(blocks)]


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> Raw:
    return {key: value for key, value in {**old, **new}.items() if value is not None}


def _position(files: SequenceFiles, key: str) -> int:
    keys = [step.key for step in files.spec.steps]
    if key not in keys:
        raise NotFound(f"The sequence '{files.slug}' has no step '{key[:60]}'.")
    return keys.index(key)


def _block_position(blocks: Sequence[Raw], key: str) -> int:
    keys = [block["key"] for block in blocks]
    if key not in keys:
        raise NotFound(f"This email has no block '{key[:60]}'.")
    return keys.index(key)


def _without(items: Sequence[_Item], number: int) -> list[_Item]:
    return [*items[:number], *items[number + 1 :]]


def _moved(items: Sequence[_Item], number: int, to: int) -> list[_Item]:
    return _inserted(_without(items, number), items[number], to)


def _inserted(items: Sequence[_Item], item: _Item, to: int | None) -> list[_Item]:
    place = len(items) + 1 if to is None else to
    if not 1 <= place <= len(items) + 1:
        raise InvalidInput("to", f"choose a position from 1 to {len(items) + 1}")
    return [*items[: place - 1], item, *items[place - 1 :]]


def _key_of(subject: str) -> str:
    """`A few lines to write` becomes `a-few-lines-to-write`."""
    words = re.findall(r"[a-z0-9]+", _MERGE_FIELD.sub(" ", subject).replace("’", "").lower())
    key = ""
    for word in words:
        if len(key) + len(word) > _LONGEST_KEY:
            break
        key = f"{key}-{word}" if key else word
    return key or "email"


def _block_key(blocks: Sequence[Raw], kind: str) -> str:
    return _free(kind.replace("_", "-"), {block["key"] for block in blocks})


def _free(key: str, taken: set[str]) -> str:
    number = 2
    found = key
    while found in taken:
        found, number = f"{key}-{number}", number + 1
    return found


def _day_after_the_last(files: SequenceFiles) -> Raw:
    last = max(step.wait.amount * _DAYS.get(step.wait.unit, 0) for step in files.spec.steps)
    return {"days": max(last, 0) + 1, "at": "10:00"}
