"""A block as a form: which fields it has is read off its own schema, so that a new kind of block can be
edited without a line here. What nobody typed in stays as it was, to the byte."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from aftercare.mail.blocks import KINDS
from aftercare.mail.blocks.base import Block

Typed = Mapping[str, Sequence[str]]
"""What a form sent: name -> values."""

SEPARATOR = ":"
"""Between the parts of a field's name: no key and no field can hold it."""
NOT_EDITED = ("type", "key", "covers", "id")
_SHORT = ("heading", "title", "label")
_ONE_PER_LINE = ("items",)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class Spec:
    """A field of a kind of block. `kind`: line, text, number, choice, name (an id out of a catalogue), names
    (several), lines (one text per line), paragraphs, group (several pieces with fields of their own)."""

    name: str
    kind: str
    required: bool
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    inner: tuple["Spec", ...] = ()


@dataclass(frozen=True)
class FormField:
    """A field of one block with what stands in it. `name` is the form's, `items` the pieces of a group."""

    name: str
    spec: Spec
    value: str = ""
    chosen: tuple[str, ...] = ()
    items: tuple[tuple["FormField", ...], ...] = ()


@cache
def specs(kind: str) -> tuple[Spec, ...]:
    """The fields of a kind of block that an editor fills in, `when` last."""
    schema = KINDS[kind].model_json_schema(by_alias=True)
    found = _specs(schema, schema.get("$defs", {}))
    return tuple(sorted(found, key=lambda spec: spec.name == "when"))


def form_of(block: Block, typed: Typed | None = None) -> tuple[FormField, ...]:
    """The form of a block, filled with what was typed, else with what the block says."""
    return _form(specs(block.type), _stored(block), typed or {}, block.key)


def read(block: Block, typed: Typed) -> dict[str, Any]:
    """What the form says, as content files write it, for `editing.set_block`: None takes a field away.
    Nothing is checked here."""
    return _read(specs(block.type), _stored(block), typed, block.key)


def with_item(block: Block, name: str) -> dict[str, Any]:
    """The block's fields with one more piece in the group `name`, as a new block would begin with it; nothing
    where there is no such group."""
    first = next(iter(KINDS[block.type].starter.get(name, ())), None)
    if not isinstance(first, Mapping):
        return {}
    pieces = _stored(block)[name]
    return {name: [*pieces, _with_free_id(first, pieces)]}


def without_item(block: Block, name: str, number: int) -> dict[str, Any]:
    """The block's fields without the piece `number` (from 0) of the group `name`."""
    pieces = _stored(block).get(name, [])
    return {name: [piece for place, piece in enumerate(pieces) if place != number]} if pieces else {}


def _specs(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> list[Spec]:
    needed = schema.get("required", ())
    return [
        _spec(name, one, name in needed, defs)
        for name, one in schema["properties"].items()
        if name not in NOT_EDITED
    ]


def _spec(name: str, schema: Mapping[str, Any], required: bool, defs: Mapping[str, Any]) -> Spec:
    shape = next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), schema)
    if shape["type"] == "array":
        least, most = shape.get("minItems"), shape.get("maxItems")
        if "$ref" in shape["items"]:
            piece = defs[shape["items"]["$ref"].rpartition("/")[2]]
            return Spec(name, "group", required, (), least, most, tuple(_specs(piece, defs)))
        kind = "lines" if name in _ONE_PER_LINE else "paragraphs"
        return Spec(name, "names" if "pattern" in shape["items"] else kind, required, (), least, most)
    if "enum" in shape:
        return Spec(name, "choice", required, tuple(shape["enum"]))
    if shape["type"] == "integer":
        return Spec(name, "number", required, (), shape.get("minimum"), shape.get("maximum"))
    text = "line" if name in _SHORT else "text"
    return Spec(name, "name" if "pattern" in shape else text, required)


def _stored(block: Block) -> dict[str, Any]:
    """All fields of a block under the names that files use."""
    return block.model_dump(mode="json", by_alias=True)


def _form(found: Sequence[Spec], old: Mapping[str, Any], typed: Typed, prefix: str) -> tuple[FormField, ...]:
    return tuple(_field(spec, old.get(spec.name), typed, f"{prefix}{SEPARATOR}{spec.name}") for spec in found)


def _field(spec: Spec, old: Any, typed: Typed, name: str) -> FormField:
    if spec.kind == "group":
        pieces = [
            _form(spec.inner, piece, typed, f"{name}{SEPARATOR}{n}") for n, piece in enumerate(old or ())
        ]
        return FormField(name, spec, items=tuple(pieces))
    if spec.kind == "names":
        return FormField(name, spec, chosen=tuple(filter(None, typed.get(name, old or ()))))
    return FormField(name, spec, value=_text(typed, name, _shown(spec, old)))


def _read(found: Sequence[Spec], old: Mapping[str, Any], typed: Typed, prefix: str) -> dict[str, Any]:
    return {
        spec.name: _value(spec, old.get(spec.name), typed, f"{prefix}{SEPARATOR}{spec.name}")
        for spec in found
    }


def _value(spec: Spec, old: Any, typed: Typed, name: str) -> Any:
    if spec.kind == "group":
        return [
            _kept(piece, _read(spec.inner, piece, typed, f"{name}{SEPARATOR}{n}"))
            for n, piece in enumerate(old or ())
        ]
    if spec.kind == "names":
        chosen = [one for one in typed.get(name, old or ()) if one]
        return sorted(chosen, key=lambda one: old.index(one) if one in old else len(old))
    shown = _shown(spec, old)
    text = _text(typed, name, shown)
    if text == shown:
        return old
    if spec.kind == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if spec.kind == "paragraphs":
        return [one.strip() for one in _BLANK_LINE.split(text.strip()) if one]
    return text.strip() or None


def _kept(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**old, **new}.items() if value is not None}


def _shown(spec: Spec, value: Any) -> str:
    if spec.kind in ("lines", "paragraphs"):
        return ("\n" if spec.kind == "lines" else "\n\n").join(value or ())
    return "" if value is None else str(value)


def _text(typed: Typed, name: str, shown: str) -> str:
    """Browsers send lines that end in CRLF (WHATWG HTML, form submission)."""
    values = typed.get(name)
    return values[0].replace("\r\n", "\n") if values else shown


def _with_free_id(piece: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if "id" not in piece:
        return dict(piece)
    taken = {other["id"] for other in others}
    return {**piece, "id": next(f"card-{n}" for n in range(1, len(taken) + 2) if f"card-{n}" not in taken)}
