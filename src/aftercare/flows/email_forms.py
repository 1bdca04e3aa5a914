"""An email as a form: what an editor typed becomes a new, checked value, or faults beside the blocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.orm import Session

from aftercare.errors import ContentError, InvalidInput, NotFound
from aftercare.flows import block_forms, editing, pictures
from aftercare.flows.block_forms import SEPARATOR, Typed, with_item, without_item
from aftercare.flows.pictures import SAMPLE_PEOPLE, Picture
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.flows.tools import Tools
from aftercare.mail.blocks.base import Block
from aftercare.store import clinics

LINES = ("subject", "preheader")
WHOLE = ""
"""The place of a fault that no single block is to blame for."""


@dataclass(frozen=True)
class Edited:
    """The sequence with what could be used of a form, and what could not: place (subject, preheader or the
    key of a block) -> why."""

    files: SequenceFiles
    faults: Mapping[str, str]


def apply(files: SequenceFiles, step: str, typed: Typed) -> Edited:
    """Put what was typed into the email of a step. NotFound for a step that is not there."""
    faults: dict[str, str] = {}
    lines = {name: typed[name][0] for name in LINES if name in typed}
    if "subject" in lines:
        change = partial(editing.set_lines, step=step, subject=lines["subject"])
        files = _tried(files, change, "subject", faults)
    if "preheader" in lines:
        change = partial(editing.set_lines, step=step, preheader=lines["preheader"])
        files = _tried(files, change, "preheader", faults)
    if step not in files.emails:
        raise NotFound("There is no such email.")
    for block in files.emails[step].blocks:
        change = partial(editing.set_block, step=step, block=block.key, fields=block_forms.read(block, typed))
        files = _tried(files, change, block.key, faults)
    return Edited(files, faults)


def act(files: SequenceFiles, step: str, wish: str, after: str = "") -> SequenceFiles:
    """Do what a button says: `up:<block>`, `down:<block>`, `remove:<block>`, `add:<kind>` (behind the block
    `after`, else last), `more:<block>:<group>`, `less:<block>:<group>:<number>`. Any other word does nothing.
    NotFound, InvalidInput, ContentError."""
    verb, *rest = wish.split(SEPARATOR)
    keys = [block.key for block in files.emails[step].blocks]
    match verb, rest:
        case "up", [key] if key in keys[1:]:
            files = editing.move_block(files, step, key, keys.index(key))
        case "down", [key] if key in keys[:-1]:
            files = editing.move_block(files, step, key, keys.index(key) + 2)
        case "remove", [key]:
            files = editing.remove_block(files, step, key)
        case "add", [kind]:
            place = keys.index(after) + 2 if after in keys else None
            files = editing.add_block(files, step, kind, to=place)
        case "more", [key, group]:
            files = editing.set_block(files, step, key, with_item(_block(files, step, key), group))
        case "less", [key, group, number] if number.isdecimal():
            fields = without_item(_block(files, step, key), group, int(number))
            files = editing.set_block(files, step, key, fields)
    return files


def drag(files: SequenceFiles, step: str, block: str, position: int) -> SequenceFiles:
    """Bring a block to `position` (from 0, as scripts count). NotFound, InvalidInput."""
    return editing.move_block(files, step, block, position + 1)


def picture(
    db: Session, tools: Tools, clinic_id: str, files: SequenceFiles, step: str, sample: str
) -> Picture:
    """The email of a step as one of `SAMPLE_PEOPLE` would read it. ContentError."""
    reader = SAMPLE_PEOPLE.get(sample, SAMPLE_PEOPLE["maya"])
    occasion = pictures.occasion_of(files.spec)
    return pictures.of_document(db, tools, clinics.get(db, clinic_id), files.emails[step], reader, occasion)


def broken_blocks(
    db: Session, tools: Tools, clinic_id: str, files: SequenceFiles, step: str
) -> dict[str, str]:
    """Blocks that cannot be shown to a client of this clinic, and why; none where the email can be made."""
    try:
        picture(db, tools, clinic_id, files, step, "maya")
    except (ContentError, InvalidInput) as error:
        whole = {WHOLE: str(error)}
    else:
        return {}
    email, found = files.emails[step], {}
    for block in email.blocks:
        alone = replace(files, emails={**files.emails, step: replace(email, blocks=(block,))})
        try:
            picture(db, tools, clinic_id, alone, step, "maya")
        except (ContentError, InvalidInput) as error:
            found[block.key] = str(error)
    return found if 0 < len(found) < len(email.blocks) else whole


def _tried(
    files: SequenceFiles,
    change: Callable[[SequenceFiles], SequenceFiles],
    place: str,
    faults: dict[str, str],
) -> SequenceFiles:
    try:
        return change(files)
    except (ContentError, InvalidInput) as error:
        faults[place] = str(error)
        return files


def _block(files: SequenceFiles, step: str, key: str) -> Block:
    for block in files.emails[step].blocks:
        if block.key == key:
            return block
    raise NotFound("This email has no such block.")
