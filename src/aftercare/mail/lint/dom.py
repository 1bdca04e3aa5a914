"""An HTML page as a tree, as far as the lints need one. Nothing here recurses: the page may be hostile."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

from aftercare.errors import ContentError

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
#: What a start tag closes by itself where the author did not (HTML 13.1.2.4).
_IMPLIED = {
    "p": {"p"},
    "li": {"li"},
    "tr": {"tr", "td", "th"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "option": {"option"},
}
_CELLS = frozenset(("tr", "td", "th", "tbody", "thead", "tfoot"))
_MAY_STAY_OPEN = _CELLS | {"html", "head", "body", "p", "li", "option", "dt", "dd"}
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | {"p", "li", "td", "th", "blockquote", "pre", "dt", "dd", "caption", "div"}
_UNSEEN = frozenset(("head", "style", "script", "template", "title", "noscript"))
_DEEPEST, _MOST = 250, 20_000
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
#: What fills the rest of a preheader's line: marks that show nothing.
_FILLER = re.compile("[\u00ad\u034f\u200b-\u200f\u2060\ufeff]+")


@dataclass(eq=False)
class Node:
    """An element. `words` are its own pieces of text, without those of the elements inside it."""

    tag: str
    attrs: dict[str, str]
    parent: "Node | None" = None
    inside: list["Node | str"] = field(default_factory=list)

    def up(self) -> Iterator["Node"]:
        """The element and all around it, innermost first."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def all(self) -> Iterator["Node"]:
        """The element and all inside it, in the order of the page."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [one for one in reversed(node.inside) if isinstance(one, Node)]

    @property
    def children(self) -> list["Node"]:
        """The elements right inside it."""
        return [one for one in self.inside if isinstance(one, Node)]

    @property
    def own_text(self) -> str:
        """Its own words, evened out."""
        return even(" ".join(one for one in self.inside if isinstance(one, str)))

    @cached_property
    def text(self) -> str:
        """All words inside it that show if it does, evened out: a line break parts words."""
        return even("".join(_pieces(self)))

    @cached_property
    def classes(self) -> frozenset[str]:
        """The names in its `class`."""
        return frozenset(self.attrs.get("class", "").split())

    @cached_property
    def hidden(self) -> bool:
        """Whether nobody sees it, as far as tags and inline styles tell."""
        style = self.attrs.get("style", "")
        own = self.tag in _UNSEEN or ("none" in style and _NOT_SHOWN.search(style) is not None)
        return own or (self.parent is not None and self.parent.hidden)


def even(text: str) -> str:
    """White space evened out, and what shows nothing left out."""
    return " ".join(_FILLER.sub("", text).split())


@dataclass(frozen=True)
class Page:
    """A parsed page, and the places where its tags do not match."""

    root: Node
    faults: tuple[str, ...]

    @cached_property
    def nodes(self) -> list[Node]:
        """All elements in the order of the page."""
        return [node for node in self.root.all() if node is not self.root]

    def every(self, *tags: str) -> list[Node]:
        """All elements with one of these tags."""
        return [node for node in self.nodes if node.tag in tags]

    def first(self, tag: str) -> Node | None:
        """The first element with this tag."""
        return next(iter(self.every(tag)), None)

    @cached_property
    def paragraphs(self) -> list[Node]:
        """Each paragraph, heading or list item that a reader sees."""
        blocks = (node for node in self.nodes if node.tag in _BLOCKS and not node.hidden)
        return [node for node in blocks if not _holds_blocks(node) and node.text]

    @cached_property
    def lines(self) -> list[str]:
        """The words of each paragraph, heading or list item that a reader sees."""
        return [node.text for node in self.paragraphs]

    @cached_property
    def seen(self) -> str:
        """All words that a reader sees."""
        return even(" ".join(self.lines))


def parse(html: str) -> Page:
    """Read a page. ContentError where it is nested deeper than any email."""
    builder = _Builder()
    builder.feed(_without(_without(html, "<!--", "-->"), "<!", ">"))
    builder.close()
    return Page(builder.root, tuple(builder.ended()))


def _without(html: str, start: str, end: str) -> str:
    """The page without comments or declarations. The standard parser takes minutes over thousands that never
    end; what never ends is left out down to the end, as a browser does."""
    kept, position = [], 0
    while (opens := html.find(start, position)) >= 0:
        kept.append(html[position:opens])
        closes = html.find(end, opens)
        position = closes + len(end) if closes >= 0 else len(html)
    return "".join([*kept, html[position:]])


def _holds_blocks(node: Node) -> bool:
    return any(one.tag in _BLOCKS for one in node.all() if one is not node)


def _pieces(node: Node) -> Iterator[str]:
    waiting: list[Node | str] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
            continue
        if one.hidden and not node.hidden:
            continue
        if one.tag == "br" or one.tag in _BLOCKS:
            yield " "
        waiting += reversed(one.inside)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self._open = [self.root]
        self._faults: list[str] = []
        self._count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens an element."""
        while self._open[-1].tag in _IMPLIED.get(tag, ()):
            self._open.pop()
        node = Node(tag, {name: value or "" for name, value in attrs}, self._open[-1])
        self._open[-1].inside.append(node)
        if tag not in VOID:
            self._open.append(node)
        self._count += 1
        if self._count > _MOST:
            raise ContentError(f"the HTML has more than {_MOST} tags. Leave blocks out.")
        if len(self._open) > _DEEPEST:
            raise ContentError(f"the HTML is nested deeper than {_DEEPEST} tags. Take tables out of tables.")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<br />`: nothing can stand inside it."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Closes an element, and those inside it that were left open."""
        if tag in VOID:
            return
        if tag not in {node.tag for node in self._open}:
            self._faults.append(f"</{tag}> closes nothing")
            return
        while (node := self._open.pop()).tag != tag:
            self._missed(node)

    def handle_data(self, data: str) -> None:
        """Text."""
        self._open[-1].inside.append(data)

    def ended(self) -> list[str]:
        """What was wrong, now that the page is over."""
        for node in reversed(self._open[1:]):
            self._missed(node)
        if "<" in self.rawdata:
            self._faults.append("a tag has no end")
        return self._faults

    def _missed(self, node: Node) -> None:
        if node.tag not in _MAY_STAY_OPEN:
            self._faults.append(f"<{node.tag}> is never closed")
