"""The styles that an element ends up with, by day and by night: inline ones, and those of `<style>`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from aftercare.mail.lint.dom import Node, Page

Scheme = Literal["light", "dark"]
Declarations = Mapping[str, str]

#: Ours have about 40 rules of at most five steps; a page of thousands is none that anybody will send.
_MOST_RULES, _MOST_STEPS = 400, 8
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STATEMENT = re.compile(r"@(?:import|charset|namespace)[^;{}]*;", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_STEP = re.compile(r"\s*>\s*|\s+")
_COMPOUND = re.compile(r"(\*|[a-z][a-z0-9]*)?((?:[.#][\w-]+)*)(:root)?", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """Some rules of a style sheet: what stands after `@media` (or empty), a selector, its declarations."""

    media: str
    selector: str
    declarations: tuple[tuple[str, str], ...]

    def holds(self, scheme: Scheme) -> bool:
        """Whether it counts in this scheme, on a wide screen."""
        wants = re.search(r"prefers-color-scheme\s*:\s*(\w+)", self.media)
        return wants[1] == scheme if wants else not self.media


def sheets(page: Page) -> list[Sheet]:
    """All rules of the page's `<style>` elements in order."""
    styles = [node for node in page.every("style") if "media" not in node.attrs]
    found = (rule for node in styles for rule in read_css("".join(map(str, node.inside))))
    return list(islice(found, _MOST_RULES))


def read_css(css: str) -> Iterator[Sheet]:
    """The rules of a style sheet, as far as email clients read it."""
    return _rules(_STATEMENT.sub("", _COMMENT.sub("", css)), "")


def declared(text: str) -> list[tuple[str, str]]:
    """The declarations of a `style` attribute or a rule; names in lower case."""
    whole = _BRACKETS.sub(_no_semicolons, text) if "(" in text else text
    pairs = (part.split(":", 1) for part in whole.split(";"))
    return [(pair[0].strip().lower(), pair[1].strip()) for pair in pairs if len(pair) == 2]


def computed(page: Page, scheme: Scheme) -> dict[Node, Declarations]:
    """The winning declarations of every element, not yet inherited."""
    cascade = _Cascade([rule for rule in sheets(page) if rule.holds(scheme)])
    return {node: cascade.of(node) for node in page.nodes}


class _Cascade:
    """The rules of a page by what their selectors end with, so that an element is held against few of them.
    Most elements of an email are alike: what the same rules and the same style give is worked out once."""

    def __init__(self, rules: list[Sheet]) -> None:
        self._rules = rules
        self._by_end: dict[str, list[int]] = defaultdict(list)
        for place, rule in enumerate(rules):
            for step in _steps(rule.selector)[-1:]:
                self._by_end[step.mark].append(place)
        self._likely: dict[tuple[str, frozenset[str], str], list[int]] = {}
        self._known: dict[tuple[tuple[int, ...], str | None, str], Declarations] = {}

    def of(self, node: Node) -> Declarations:
        """The winning declarations of an element."""
        key = self._places(node), node.attrs.get("bgcolor"), node.attrs.get("style", "")
        if key not in self._known:
            self._known[key] = _winning(_candidates([(at, self._rules[at]) for at in key[0]], *key[1:]))
        return self._known[key]

    def _places(self, node: Node) -> tuple[int, ...]:
        key = node.tag, node.classes, node.attrs.get("id", "")
        if key not in self._likely:
            marks = ("", key[0], *(f".{name}" for name in key[1]), f"#{key[2]}")
            self._likely[key] = sorted(place for mark in marks for place in self._by_end.get(mark, ()))
        return tuple(at for at in self._likely[key] if matches(node, self._rules[at].selector))


def _winning(candidates: Iterator[tuple[int, str, str, bool, int]]) -> Declarations:
    """Important beats not, inline beats sheet, specific beats general, late beats early (CSS Cascade 6.1)."""
    ranked: dict[str, tuple[tuple[bool, bool, int, int], str]] = {}
    for place, name, value, inline, weight in candidates:
        important = bool(re.search(r"!\s*important", value))
        rank = (important, inline, weight, place)
        if name not in ranked or rank >= ranked[name][0]:
            ranked[name] = rank, re.sub(r"\s*!\s*important", "", value).strip()
    return {name: value for name, (_, value) in ranked.items()}


def _candidates(
    rules: list[tuple[int, Sheet]], bgcolor: str | None, style: str
) -> Iterator[tuple[int, str, str, bool, int]]:
    if bgcolor is not None:
        yield -1, "background-color", bgcolor, False, -1
    for place, rule in rules:
        for name, value in rule.declarations:
            yield place, _longhand(name), value, False, _weight(rule.selector)
    for place, (name, value) in enumerate(declared(style)):
        yield place, _longhand(name), value, True, 0


def _longhand(name: str) -> str:
    return "background-color" if name == "background" else name


def _weight(selector: str) -> int:
    ids, classes = selector.count("#"), len(re.findall(r"[.:\[]", selector))
    return ids * 10_000 + classes * 100 + len(re.findall(r"(?:^|[\s>])[a-z]", selector, re.I))


def matches(node: Node, selector: str) -> bool:
    """Whether a selector of tags, classes, ids, ` ` and `>` means this element; any other means none."""
    steps = _steps(selector)
    if not steps or not steps[-1].means(node):
        return False
    if len(steps) == 1:
        return True
    chain, reached = list(node.up()), [0]
    for joined, step in zip(reversed(steps[1:]), reversed(steps[:-1]), strict=True):
        around = [at + 1 for at in reached] if joined.child else range(reached[0] + 1, len(chain))
        reached = [at for at in around if at < len(chain) and step.means(chain[at])]
        if not reached:
            return False
    return True


@dataclass(frozen=True)
class _Step:
    """One compound of a selector, such as `p.way`; `child`: right inside what the step before it means."""

    child: bool
    tag: str
    classes: frozenset[str]
    ids: frozenset[str]

    @property
    def mark(self) -> str:
        """What an element must have for this to mean it: `#id`, `.class` or tag; empty for `*`."""
        names = [f"#{name}" for name in self.ids] + [f".{name}" for name in self.classes]
        return next(iter(names), self.tag)

    def means(self, node: Node) -> bool:
        if (self.tag and self.tag != node.tag) or not node.tag:
            return False
        return self.classes <= node.classes and (not self.ids or self.ids == {node.attrs.get("id", "")})


@lru_cache(maxsize=512)
def _steps(selector: str) -> tuple[_Step, ...]:
    """Empty for a selector that this does not understand."""
    joins = ["", *(found[0].strip() for found in _STEP.finditer(selector))]
    compounds = [_COMPOUND.fullmatch(one) for one in _STEP.split(selector)]
    steps = [
        _Step(
            child=join == ">",
            tag="html" if found[3] else (found[1] or "").replace("*", ""),
            classes=frozenset(re.findall(r"\.([\w-]+)", found[2])),
            ids=frozenset(re.findall(r"#([\w-]+)", found[2])),
        )
        for join, found in zip(joins, compounds, strict=True)
        if found is not None and found[0]
    ]
    return tuple(steps) if len(steps) == len(compounds) <= _MOST_STEPS else ()


def _rules(css: str, media: str) -> Iterator[Sheet]:
    position = 0
    while (start := css.find("{", position)) >= 0:
        end = _closing(css, start)
        prelude, body = css[position:start].strip(), css[start + 1 : end]
        if prelude.lower().startswith(("@media", "@supports")):
            yield from _rules(body, prelude.partition(" ")[2] or prelude) if not media else ()
        elif not prelude.startswith("@"):
            for selector in prelude.split(","):
                yield Sheet(media, selector.strip(), tuple(declared(body)))
        position = end + 1


def _closing(css: str, start: int) -> int:
    """Where the brace that opens at `start` closes; the end, where it never does."""
    depth = 0
    for found in re.compile(r"[{}]").finditer(css, start):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.start()
    return len(css)


def _no_semicolons(found: re.Match[str]) -> str:
    """`url(data:image/png;base64,...)` is one value."""
    return f"({found[1].replace(';', ',')})"
