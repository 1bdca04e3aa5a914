"""The colours and the size that each piece of text is painted in."""

import re
from dataclasses import dataclass

from aftercare.mail.lint.dom import Node, Page
from aftercare.mail.lint.styles import Declarations, Scheme, computed

_NAMED = {
    "black": "#000000",
    "silver": "#c0c0c0",
    "gray": "#808080",
    "grey": "#808080",
    "white": "#ffffff",
    "maroon": "#800000",
    "red": "#ff0000",
    "purple": "#800080",
    "green": "#008000",
    "lime": "#00ff00",
    "olive": "#808000",
    "yellow": "#ffff00",
    "navy": "#000080",
    "blue": "#0000ff",
    "teal": "#008080",
    "aqua": "#00ffff",
    "orange": "#ffa500",
    "pink": "#ffc0cb",
    "lightgray": "#d3d3d3",
    "lightgrey": "#d3d3d3",
    "darkgray": "#a9a9a9",
    "darkgrey": "#a9a9a9",
}
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\([^)]*\)|\b[a-z]+\b", re.IGNORECASE)
_SIZE = re.compile(r"([0-9]*\.?[0-9]+)(px|pt|em|rem|%)")
_NUMBER = re.compile(r"([0-9]*\.?[0-9]+)(%?)")
_SIZES = {"pt": 4 / 3, "px": 1.0, "rem": 16.0}
_HEADINGS = {"h1": 2.0, "h2": 1.5, "h3": 1.17}


@dataclass(frozen=True)
class Paint:
    """Hex colours; `size` in CSS pixels. An unknown colour (a picture behind the text) is empty."""

    ink: str = "#000000"
    ground: str = "#ffffff"
    size: float = 16.0
    bold: bool = False
    shown: bool = True
    opacity: float = 1.0

    @property
    def ink_seen(self) -> str:
        """The ink as it looks where the element lets its ground through; empty where that is unknown."""
        if not self.ink or not self.ground:
            return ""
        pairs = zip(_channels(self.ink), _channels(self.ground), strict=True)
        mixed = (round(ink * self.opacity + ground * (1 - self.opacity)) for ink, ground in pairs)
        return "#" + "".join(f"{channel:02x}" for channel in mixed)

    @property
    def large(self) -> bool:
        """Large text in the sense of WCAG 1.4.3: 24 px, or 18.66 px in bold."""
        return self.size >= 24 or (self.bold and self.size >= 18.66)


@dataclass(frozen=True)
class Painted:
    """An element with words of its own that a reader sees."""

    node: Node
    paint: Paint


def painted(page: Page, scheme: Scheme) -> list[Painted]:
    """Every visible piece of text with its paint; grounds and inks are inherited."""
    styles = computed(page, scheme)
    paints: dict[Node | None, Paint] = {None: Paint(), page.root: _canvas(page, scheme)}
    found = []
    for node in page.nodes:
        paints[node] = paint = _paint(node, styles[node], paints[node.parent])
        if paint.shown and node.own_text and not node.hidden:
            found.append(Painted(node, paint))
    return found


def colour_of(text: str) -> str | None:
    """The first colour in a value as #rrggbb, or None where there is none that is certain."""
    found = _COLOUR.search(text.strip())
    if found is None or "url(" in text.lower() or "gradient" in text.lower():
        return None
    value = found[0].lower()
    if value.startswith("rgb"):
        return _from_rgb(value)
    if value.startswith("#"):
        digits = value[1:]
        if len(digits) in (3, 4):
            digits = "".join(digit * 2 for digit in digits)
        return f"#{digits[:6]}" if len(digits) in (6, 8) else None
    return _NAMED.get(value)


def _canvas(page: Page, scheme: Scheme) -> Paint:
    """A page that says that it knows both schemes is drawn on black by night, with white words."""
    meta = (node.attrs for node in page.every("meta"))
    knows = any(one.get("name") == "color-scheme" and "dark" in one.get("content", "") for one in meta)
    return Paint("#ffffff", "#121212") if scheme == "dark" and knows else Paint()


def _paint(node: Node, style: Declarations, around: Paint) -> Paint:
    hides = style.get("display") == "none" or style.get("visibility") == "hidden"
    return Paint(
        ink=_ink(node, style, around.ink),
        ground=_ground(style, around.ground),
        size=_size(node, style, around.size),
        bold=_bold(node, style, around.bold),
        shown=around.shown and not hides,
        opacity=around.opacity * _opacity(style.get("opacity", "")),
    )


def _ink(node: Node, style: Declarations, around: str) -> str:
    ink = style.get("color", node.attrs.get("color", "") if node.tag == "font" else "")
    if ink and ink != "inherit":
        return colour_of(ink) or ""
    return "#0000ee" if node.tag == "a" and "color" not in style else around


def _ground(style: Declarations, around: str) -> str:
    if style.get("background-image", "none") != "none":
        return ""
    ground = style.get("background-color", "")
    return around if ground in ("", "transparent", "none", "inherit") else colour_of(ground) or ""


def _bold(node: Node, style: Declarations, around: bool) -> bool:
    weight = style.get("font-weight", "bold" if node.tag in ("b", "strong", "th", *_HEADINGS) else "")
    return around if not weight else weight == "bold" or (weight.isdecimal() and int(weight) >= 600)


def _opacity(value: str) -> float:
    """1 where it does not say, or nothing that can be read."""
    found = _NUMBER.fullmatch(value.strip())
    return min(1.0, float(found[1]) / (100 if found[2] else 1)) if found else 1.0


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def _size(node: Node, style: Declarations, around: float) -> float:
    found = _SIZE.fullmatch(style.get("font-size", "").lower())
    if found is None:
        return around * _HEADINGS.get(node.tag, 1.0)
    number, unit = float(found[1]), found[2]
    if unit in _SIZES:
        return number * _SIZES[unit]
    return around * number / (100 if unit == "%" else 1)


def _from_rgb(value: str) -> str | None:
    numbers = re.findall(r"[0-9.]+", value)
    if len(numbers) < 3 or (len(numbers) > 3 and float(numbers[3]) < 1):
        return None
    return "#" + "".join(f"{min(255, int(float(number))):02x}" for number in numbers[:3])
