"""What the rules look at: one finished email, taken apart, with the blocks that it was made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from functools import cache, cached_property
from typing import Any

from aftercare.errors import ContentError
from aftercare.mail.lint import dom, phrasebook
from aftercare.mail.lint.paint import Painted, painted
from aftercare.mail.lint.passages import Passage, passages_of
from aftercare.mail.lint.styles import Scheme
from aftercare.mail.scene import phrases

MAX_BYTES = 1_000_000
TENDER = ("after-a-tender-visit", "extra-support", "offered-support")
"""Sequences that are slower, shorter, and never without a person to reach (content section 2)."""
FOR_STAFF = ("therapist-guide",)
"""Colleague to colleague: may name what emails for clients never do, and may be longer."""


@dataclass(frozen=True)
class Origin:
    """What the content says of an email beyond its bytes. `slug` is its sequence's; `blocks` are the pieces
    of text of each block, and of subject and preheader, as they were written (merge fields filled in)."""

    slug: str
    topic: str
    purpose: str
    public_name: str
    preheader: str
    blocks: tuple[Any, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Letter:
    """An email to check. `headers` are decoded and unfolded, in their order; `html_bytes` is how much the
    HTML weighs as it travels, `page` the HTML as a tree. `origin` is None for one that was read from a
    finished message. `files` are the names of what is attached."""

    headers: tuple[tuple[str, str], ...]
    html: str
    html_bytes: int
    text: str
    page: dom.Page
    origin: Origin | None = None
    files: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first header of that name, or an empty string."""
        return next((value for header, value in self.headers if header.lower() == name.lower()), "")

    def count(self, name: str) -> int:
        """How many headers have that name."""
        return sum(header.lower() == name.lower() for header, _ in self.headers)

    @property
    def subject(self) -> str:
        """The subject in plain characters."""
        return self.header("Subject")

    @cached_property
    def links(self) -> list[dom.Node]:
        """Every link."""
        return [node for node in self.page.every("a") if "href" in node.attrs]

    @cached_property
    def preheader(self) -> str:
        """The line that lists of mail show beside the subject: the first hidden words of the body."""
        if self.origin is not None:
            return self.origin.preheader
        body = self.page.first("body") or self.page.root
        hidden = (node for node in body.all() if node is not body and node.hidden and node.text)
        return next((node.text for node in hidden), "")

    @property
    def seen(self) -> str:
        """All that a reader sees of the HTML, in one line."""
        return self.page.seen

    @cached_property
    def painted(self) -> Mapping[Scheme, list[Painted]]:
        """Each visible piece of text with its colours, by day and by night."""
        return {"light": painted(self.page, "light"), "dark": painted(self.page, "dark")}

    @cached_property
    def language(self) -> str:
        """The language that it says it is in, lower case, without the country."""
        html = self.page.first("html")
        said = self.header("Content-Language") or (html.attrs.get("lang", "") if html else "")
        return said.partition("-")[0].strip().lower() or "en"

    @cached_property
    def words(self) -> Mapping[str, Any]:
        """The fixed words of its language, or the English ones."""
        try:
            return phrases(self.language)
        except ContentError:
            return phrases("en")

    @property
    def english(self) -> bool:
        """Whether the patterns for words apply."""
        return self.language == "en"

    @cached_property
    def reason(self) -> str:
        """Which of the footer's reasons it gives (`consent`, `ask` ...), or an empty string."""
        found = (name for name, words in self.words["why"].items() if phrasebook.says(words, self.seen))
        return next(found, "")

    @cached_property
    def public_name(self) -> str:
        """What the footer calls the emails of this sequence; empty where it does not say."""
        if self.origin is not None:
            return self.origin.public_name
        return phrasebook.value(self.words["why"]["consent"], "public_name", self.seen)

    @cached_property
    def purpose(self) -> str:
        """`care`, `newsletter` or `account`. Account mail belongs to no list, and says why it comes."""
        if self.origin is not None:
            return self.origin.purpose
        if self.header("List-ID").startswith("<newsletter."):
            return "newsletter"
        listed = any(name.lower().startswith("list-") for name, _ in self.headers)
        return "account" if not listed and self.reason in ("ask", "request", "offered", "alert") else "care"

    @property
    def slug(self) -> str:
        """The folder of its sequence; empty where that is not known."""
        return self.origin.slug if self.origin else ""

    @property
    def for_staff(self) -> bool:
        """Whether colleagues read it."""
        return self.slug in FOR_STAFF or (self.origin is None and self.reason in ("staff", "alert"))

    @property
    def tender(self) -> bool:
        """Whether it goes to somebody after a visit with strong feelings, or who asked for support."""
        return self.slug in TENDER

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every piece of text with its place: the blocks', or the paragraphs of a finished message."""
        if self.origin is not None:
            return self.origin.passages
        lines = (self.subject, self.preheader, self.public_name)
        return tuple(passages_of(*lines, self.page, self.text, self.words))

    @cached_property
    def own_passages(self) -> list[Passage]:
        """The same without the words of the frame, which are ours and the same in every email. Blocks as they
        were written have none of them."""
        if self.origin is not None:
            return list(self.origin.passages)
        return [one for one in self.passages if not self.is_frame(one.text)]

    def is_frame(self, text: str) -> bool:
        """Whether a whole paragraph is one of the fixed ones."""
        return any(line.fullmatch(text) for line in self._frame)

    @cached_property
    def _frame(self) -> tuple[re.Pattern[str], ...]:
        return phrasebook.frame(self.words)

    def place_of(self, text: str) -> str:
        """The block that says just this, else `html`."""
        return next((one.where for one in self.passages if one.text == text), "html")


def from_bytes(raw: bytes, where: str, origin: Origin | None = None) -> Letter:
    """A finished message, taken apart. ContentError where it cannot be read, or has no HTML."""
    if len(raw) > MAX_BYTES:
        raise ContentError(f"{where}: is larger than 1 MB; an email of text weighs a tenth of that.")
    try:
        letter = _letter(message_from_bytes(raw, policy=_policy()), where, origin)
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, IndexError) as error:
        # The standard library's parser answers broken headers with any of these.
        raise ContentError(f"{where}: is not an email that can be read ({error}).") from error
    except ContentError as error:
        raise ContentError(str(error) if str(error).startswith(where) else f"{where}: {error}") from error
    return letter


def _policy() -> "policy.EmailPolicy[EmailMessage]":
    """For one message: the standard library reads a header anew whenever it is asked for, a type 30 times."""
    return policy.default.clone(header_factory=cache(policy.default.header_factory))


def _letter(mail: EmailMessage, where: str, origin: Origin | None) -> Letter:
    bodies = _bodies(mail)
    html, text = bodies.get("text/html"), bodies.get("text/plain")
    if html is None:
        raise ContentError(f"{where}: has no HTML part. Give a whole message, such as a copy that left.")
    body = str(html.get_content())
    return Letter(
        headers=tuple((name, _even(str(value))) for name, value in mail.items()),
        html=body,
        html_bytes=len(str(html.get_payload()).encode("utf-8", "surrogateescape")),
        text="" if text is None else str(text.get_content()),
        page=dom.parse(body),
        origin=origin,
        files=tuple(name for part in mail.walk() if (name := part.get_filename())),
    )


def _bodies(mail: EmailMessage) -> dict[str, EmailMessage]:
    """The first part of each kind of text that is not attached."""
    found: dict[str, EmailMessage] = {}
    for part in mail.walk():
        kind = part.get_content_type()
        if kind in ("text/html", "text/plain") and kind not in found and not part.is_attachment():
            found[kind] = part
    return found


def _even(value: str) -> str:
    return re.sub(r"\s+", " ", value).strip()
