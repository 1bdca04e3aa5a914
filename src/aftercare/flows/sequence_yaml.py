"""Writes sequences as files, always the same way: what was exported, imported and exported again is the same
to the byte, so that a folder under version control shows only what somebody changed."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from aftercare import yamlfile
from aftercare.domain.waits import UNITS
from aftercare.errors import Conflict
from aftercare.flows.sequence_files import HEAD_FILE, SequenceFiles

WIDTH = 110
_HEAD = (
    "name",
    "public_name",
    "trigger",
    "topic",
    "purpose",
    "priority",
    "reenrolment",
    "repeat_after",
    "exit_on",
    "ambiguous",
    "steps",
)
_STEP = ("key", "wait", "every_visit", "only_on", "max_late", "only_if", "if_past", "window", "uncapped")
_WAIT = (*UNITS, "at", "else_at")
_BLOCK = ("type", "key", "when", "covers")
_LONG = 80
_WORD = re.compile(r"\S{0,40}")


def folder_texts(files: SequenceFiles) -> dict[str, str]:
    """File name -> YAML of every file of a sequence; those of a translation in a folder named by its tag."""
    texts = {f"{HEAD_FILE}.yaml": _dump(_rules(files.raw))}
    for key, email in files.emails.items():
        texts[f"{key}.yaml"] = _email(email.to_json())
        for tag, other in email.translations.items():
            texts[f"{tag}/{HEAD_FILE}.yaml"] = _dump({"public_name": other["public_name"]})
            texts[f"{tag}/{key}.yaml"] = _email(other)
    return texts


def _email(document: Mapping[str, Any]) -> str:
    blocks = [_ordered(block, _BLOCK) for block in document["blocks"]]
    return _dump({"subject": document["subject"], "preheader": document["preheader"], "blocks": blocks})


def write_folder(files: SequenceFiles, folder: Path, *, force: bool = False) -> list[Path]:
    """Write the files of a sequence into `folder` (made where missing); the paths written. Conflict where a
    file that says something else would be overwritten, unless `force`."""
    texts = {folder / name: text for name, text in folder_texts(files).items()}
    foreign = [
        str(path.relative_to(folder))
        for path, text in texts.items()
        if path.exists() and _says_otherwise(path, text)
    ]
    if foreign and not force:
        raise Conflict(
            f"{folder}: {', '.join(foreign)} would be overwritten. Choose another folder, or add --force."
        )
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return list(texts)


def _says_otherwise(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_bytes() != text.encode()


def _rules(raw: Mapping[str, Any]) -> dict[str, Any]:
    rules = _ordered(raw, _HEAD)
    if isinstance(raw.get("trigger"), Mapping):
        rules["trigger"] = _ordered(raw["trigger"], ("on",))
    rules["steps"] = [_step(step) for step in raw["steps"]]
    return rules


def _step(raw: Mapping[str, Any]) -> dict[str, Any]:
    return _ordered(raw, _STEP) | {"wait": _ordered(raw["wait"], _WAIT)}


def _ordered(mapping: Mapping[str, Any], first: Sequence[str]) -> dict[str, Any]:
    """The keys named in `first` before the others; those keep their order."""
    return {key: mapping[key] for key in (*first, *mapping) if key in mapping}


def _dump(value: Mapping[str, Any]) -> str:
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
    )
    return text


class _Dumper(yaml.SafeDumper):
    """Double quotes only, lists moved in under their key, and no aliases: our reader refuses them."""

    def choose_scalar_style(self) -> str:
        style: str = super().choose_scalar_style()
        return '"' if style == "'" else style

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - the base class calls it so
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the base class calls it so
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    """Long paragraphs are folded, several lines are kept; odd spaces go in quotes, where they survive."""
    even = "  " not in text and all(line == line.strip() for line in text.split("\n"))
    style = None
    if even and "\n" in text:
        style = "|"
    elif even and len(text) > _LONG:
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _mapping(dumper: yaml.SafeDumper, mapping: dict[str, Any]) -> yaml.Node:
    """Small ones, such as a wait, go on one line."""
    small = all(_is_word(value) for value in mapping.values())
    return dumper.represent_mapping("tag:yaml.org,2002:map", mapping, flow_style=small)


def _list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.Node:
    small = all(_is_word(item) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=small)


def _is_word(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) and _WORD.fullmatch(item) for item in value)
    return not isinstance(value, dict) and bool(_WORD.fullmatch(str(value)))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _list)
# PyYAML quotes what YAML 1.1 takes for a number; to YAML 1.2, and so to our reader, 0E0 is one too.
for _scalar in yamlfile.SCALARS:
    _Dumper.add_implicit_resolver(*_scalar)
