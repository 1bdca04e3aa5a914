"""The palette of emails and pages, light and dark, and the proof that it can be read."""

import re
from dataclasses import dataclass, fields
from functools import lru_cache

from aftercare.errors import InvalidInput

_HEX = re.compile(r"#[0-9a-f]{6}")
_READABLE = 4.5
#: Which colours stand on which grounds.
_PAIRS = (
    *((text, ground) for text in ("ink", "brand", "muted") for ground in ("sheet", "panel", "ground")),
    *(
        (f"{text}_dark", f"{ground}_dark")
        for text in ("ink", "brand", "muted")
        for ground in ("sheet", "panel")
    ),
    ("brand_dark", "ground_dark"),
    ("muted_dark", "ground_dark"),
)


@dataclass(frozen=True)
class Colours:
    """Hex colours in lower case. Text keeps 4.5:1 on its ground (WCAG 1.4.3), else InvalidInput says which.

    Nothing but hex is let in: these values stand in style sheets, where a `url()` would load from afar."""

    brand: str = "#1f5f56"
    ground: str = "#f3efe8"
    sheet: str = "#ffffff"
    panel: str = "#edf4f1"
    ink: str = "#24302d"
    muted: str = "#56635f"
    line: str = "#d5ddd9"
    brand_dark: str = "#9ad9c8"
    ground_dark: str = "#121715"
    sheet_dark: str = "#1b2220"
    panel_dark: str = "#24302c"
    ink_dark: str = "#e9eeeb"
    muted_dark: str = "#b3c0bb"
    line_dark: str = "#3a4843"

    def __post_init__(self) -> None:
        """Checks every value and every pair."""
        for field in fields(self):
            if not _HEX.fullmatch(getattr(self, field.name)):
                raise InvalidInput(field.name, "must be a colour such as #1f5f56, in lower case")
        for text, ground in _PAIRS:
            ratio = contrast(getattr(self, text), getattr(self, ground))
            if ratio < _READABLE:
                fix = "lighter" if text.endswith("_dark") else "darker"
                raise InvalidInput(
                    text, f"has contrast {ratio:.1f}:1 on {ground}, needs 4.5:1; make it {fix}"
                )


@lru_cache(maxsize=1024)
def contrast(one: str, other: str) -> float:
    """Contrast ratio of two hex colours, 1 to 21 (WCAG 2.2, definition of relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
