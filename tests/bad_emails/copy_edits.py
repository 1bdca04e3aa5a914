"""What can be wrong with a finished message, whoever made it: one fault per edit."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from tests.bad_emails.good_emails import Copy

Change = Callable[[Copy], None]

GUIDE = "https://willowlane.example.com/guides/walking"
LINK = f'<a href="{GUIDE}"'
SECOND_HEADING = '<h2 style="margin:16px 0 10px;'
PARAGRAPH = '<p style="margin:0 0 14px">Your body is a good guide here.'
STREET = "12 Willow Lane, Leeds LS1 4AB, United Kingdom"
CLIENT_ID = "cli_abcdefghijklmnopqrstuvwx"


@dataclass(frozen=True)
class BadCopy:
    """`row` and `where` are what must be reported."""

    name: str
    row: str
    where: str
    change: Change


def swap(old: str, new: str, *, part: str = "html") -> Change:
    """Other words in one place of one part."""
    return lambda copy: copy.swap(old, new, part=part)


def header(name: str, value: str | None) -> Change:
    """Another header, or one less."""
    return lambda copy: copy.header(name, value)


def both_parts(old: str, new: str) -> Change:
    """Other words in both parts."""

    def change(copy: Copy) -> None:
        copy.swap(old, new)
        copy.swap(old, unescape(new), part="text")

    return change


def links_to(address: str) -> Change:
    """The link to the guide leads elsewhere, in both parts."""
    return both_parts(GUIDE, address)


def before_paragraph(markup: str) -> Change:
    """Something more on the sheet."""
    return swap(PARAGRAPH, markup + PARAGRAPH)


def in_head(markup: str) -> Change:
    """Something more in the head."""
    return swap("</head>", markup + "</head>")


def without(pattern: str) -> Change:
    """The HTML without the first place that matches."""

    def change(copy: Copy) -> None:
        copy.html, count = re.subn(pattern, "", copy.html, count=1, flags=re.DOTALL)
        assert count, f"the good email no longer has {pattern}"

    return change


def out_of_sight(pattern: str) -> Change:
    """The first words that match, still there but not shown."""

    def change(copy: Copy) -> None:
        copy.html, count = re.subn(
            f"({pattern})", r'<span style="display:none">\1</span>', copy.html, count=1
        )
        assert count, f"the good email no longer says {pattern}"

    return change


def text_says(lines: str) -> Change:
    """Something more in the text part."""
    return swap("Your body is a good guide", f"{lines}\n\nYour body is a good guide", part="text")


def text_is(text: str | None) -> Change:
    """Another text part, or none."""

    def change(copy: Copy) -> None:
        copy.text = text

    return change


def picture(address: str, width: int, height: int, alt: str = ' alt=""') -> str:
    """An image as MJML writes it."""
    return (
        f'<img src="{address}"{alt} width="{width}" height="{height}"'
        f' style="display:block;border:0;width:{width}px;height:{height}px">'
    )


def heading_of_another_level(level: str) -> Change:
    """The first section's heading, one of another level."""

    def change(copy: Copy) -> None:
        start = copy.html.index("<h2 ")
        end = copy.html.index("</h2>") + len("</h2>")
        copy.html = copy.html[:start] + copy.html[start:end].replace("h2", level) + copy.html[end:]

    return change


def no_first_heading(copy: Copy) -> None:
    """The title of the email is a plain paragraph."""
    copy.swap("<h1", "<p")
    copy.swap("</h1>", "</p>")


def words_in_a_picture(copy: Copy) -> None:
    """All that the email says is in one picture; only heading, guides and footer are left."""
    copy.html = re.sub(r'<p (class="\w+" )?style="margin:0 0 (14|6)px[^>]*>.*?</p>', "", copy.html)
    copy.html = re.sub(r'<ul style="[^"]*"><li class="way".*?</ul>', "", copy.html)
    copy.html = re.sub(r"<h2[^>]*>Three ways to move</h2>", "", copy.html)
    shown = picture(f"{HERE}/files/letter.png", 544, 700, ' alt="A letter"')
    copy.swap(SECOND_HEADING, shown + SECOND_HEADING)


HERE = "https://willowlane.example.com"
GARDEN = f"{HERE}/files/garden.png"


def padded(size: int) -> Change:
    """The HTML filled up to `size` bytes with what no reader sees."""

    def change(copy: Copy) -> None:
        missing = size - len(copy.html.encode())
        rows = "\n".join(["<!-- nothing to see in this line -->"] * (missing // 37 + 1))
        copy.swap("</body>", rows + "</body>")

    return change
