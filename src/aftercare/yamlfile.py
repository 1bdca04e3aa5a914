"""Reads YAML 1.2's core types safely: `on:` stays a word, `18:00` stays text, nothing runs or explodes."""

import re
from pathlib import Path
from typing import Any

import yaml

from aftercare.errors import ContentError

MAX_BYTES = 1_000_000
_MAX_DEPTH = 40
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # databases and mail refuse them
_SCALARS = {
    "null": (r"~|null|Null|NULL|", "~nN"),
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "int": (r"[-+]?[0-9]{1,18}", "-+0123456789"),
    "float": (
        r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18}|[0-9]{1,18}(?=[eE]))(?:[eE][-+]?[0-9]{1,3})?",
        "-+.0123456789",
    ),
}


def load(source: Path | str, name: str = "text") -> Any:
    """The one document of the file `source` (a Path) or of the text `source` (a str; errors call it `name`).

    Raises ContentError that names file and line: unreadable, larger than 1 MB, not UTF-8, not YAML, a key
    that stands twice, an alias, a tag, or nesting deeper than 40."""
    if isinstance(source, Path):
        name, source = str(source), _text_of(source)
    if len(source) > MAX_BYTES:
        raise ContentError(f"{name}: is larger than 1 MB; split it or leave something out")
    try:
        _refuse_what_explodes(source)
        return yaml.load(source, _Loader)  # noqa: S506 - a SafeLoader without its surprises
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = source.count("\n") + 1  # what is never closed is missed behind it
        line = f", line {min(mark.line + 1, last)}" if mark else ""
        raise ContentError(f"{name}{line}: {error.problem or error.context}") from error
    except yaml.reader.ReaderError as error:
        line_number = source.count("\n", 0, error.position) + 1
        raise ContentError(f"{name}, line {line_number}: holds a control character; remove it") from error


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise ContentError(f"{path}: cannot be read ({reason}); give the path of a YAML file") from error
    if len(data) > MAX_BYTES:
        raise ContentError(f"{path}: is larger than 1 MB; split it or leave something out")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError(f"{path}, line {line}: is not UTF-8 text; save the file as UTF-8") from error


class _Loader(yaml.CSafeLoader):
    """SafeLoader without YAML 1.1's sexagesimal numbers, dates, yes/no booleans, octals and merge keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuses a key that stands twice: the first value would be lost in silence."""
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise _problem(f"the key {key.value[:60]!r} stands twice; keep one", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def _refuse_what_explodes(source: str) -> None:
    """Aliases can make a small file huge, deep nesting exhausts the stack, and tags change types."""
    depth = 0
    for event in yaml.parse(source, yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _problem("aliases (*name) are not supported; write the value out", event.start_mark)
        if getattr(event, "tag", None):
            raise _problem("tags (!name) are not supported; write a plain value", event.start_mark)
        if isinstance(event, yaml.ScalarEvent) and _UNSTORABLE.search(event.value):
            raise _problem("holds a NUL or half a character; remove it", event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise _problem(f"is nested deeper than {_MAX_DEPTH} levels", event.start_mark)


def _integer(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


def _problem(text: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=text, problem_mark=mark)


SCALARS = [
    (f"tag:yaml.org,2002:{name}", re.compile(f"(?:{pattern})\\Z"), list(first))
    for name, (pattern, first) in _SCALARS.items()
] + [("tag:yaml.org,2002:null", re.compile(r"\Z"), [""])]
"""What is no text unless it stands in quotes: (tag, pattern, first characters). A writer quotes all of it."""

_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in SCALARS:
    _Loader.add_implicit_resolver(_tag, _pattern, _first)
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
