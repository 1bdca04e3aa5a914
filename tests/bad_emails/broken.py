"""Emails that cannot even be read: what is in the file, and what the refusal must name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    """`names` are the place and the fix: words that the refusal must hold."""

    name: str
    email: str
    names: tuple[str, ...]


_HEAD = "subject: A short walk\npreheader: Ten minutes outdoors, or a seat by the window.\n"
_HELLO = '  - {type: greeting, key: hello, text: "Hello,"}\n'


def _note(text: str) -> str:
    return (
        f"{_HEAD}blocks:\n{_HELLO}  - type: note\n    key: why\n    paragraphs:\n      - >-\n        {text}\n"
    )


def _block(inside: str) -> str:
    return f"{_HEAD}blocks:\n{_HELLO}  - {{{inside}}}\n"


def _bomb() -> str:
    levels = ["l0: &l0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    levels += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10)]
    return _HEAD + "\n".join(levels) + "\nblocks: *l9\n"


_EVIDENCE = "type: evidence, key: study, claim: One., source: Two, strength: Three., year: 2004, url: "
_WAYS = "type: practice, key: sit, title: Sit, minutes: 5, intro: Or none today., options: "

BROKEN = [
    Broken(
        "unknown field of a block",
        _block("type: note, key: why, paragraphs: [Hi.], colour: red"),
        ("colour", "Delete"),
    ),
    Broken("unknown field of an email", _HEAD + "footer: none\nblocks:\n" + _HELLO, ("footer", "Delete")),
    Broken("unknown block", _block("type: countdown, key: clock"), ("blocks[1]", "one of")),
    Broken("unknown merge field", _note("Hello {{ diagnosis }}."), ("diagnosis", "Use one of")),
    Broken("missing fallback", _note("Hello {{ first_name }}."), ("first_name", "fallback")),
    Broken("unclosed merge field", _note("Hello {{ first_name | there."), ("blocks[1]", "delete")),
    Broken("unclosed tag", _note("Hello <strong>there."), ("<strong>",)),
    Broken("code in a text", _note("Hello {% for a in b %}."), ("blocks[1]", "delete")),
    Broken(
        "private subject",
        _note("You could rest.").replace("A short walk", "For {{ first_name | you }}"),
        ("subject", "Delete"),
    ),
    Broken("mj-include", _note('<mj-include path="/etc/passwd" />'), ("mj-include",)),
    Broken("script", _note("<script>alert(1)</script>"), ("<script>",)),
    Broken("javascript link", _block(_EVIDENCE + '"javascript:alert(1)"'), ("blocks[1]", "https", "Change")),
    Broken("javascript link in a text", _note("javascript:alert(1)"), ("javascript:",)),
    Broken("one way", _block(_WAYS + "[{label: Hands, text: Resting them.}]"), ("options", "2")),
    Broken(
        "no minutes",
        _block("type: practice, key: sit, title: Sit, intro: Or none., options: []"),
        ("minutes", "Add"),
    ),
    Broken("five megabytes", _note("You could rest. " * 330_000), ("email.yaml",)),
    Broken("loop bomb", _bomb(), ("email.yaml",)),
    Broken("a loop", _HEAD + "blocks: &all\n  - *all\n", ("email.yaml",)),
    Broken("too deep", _HEAD + "blocks: " + "[" * 50_000 + "\n", ("email.yaml",)),
    Broken("deep and closed", _HEAD + "blocks: " + "[" * 20_000 + "]" * 20_000 + "\n", ("email.yaml",)),
    Broken("a control character", _note("Hello \\x00 there.").replace("\\x00", "\x00"), ("email.yaml",)),
    Broken("the same key twice", _HEAD + _HEAD + "blocks:\n" + _HELLO, ("email.yaml", "subject")),
    Broken("a made object", _HEAD + "blocks: !!python/object/apply:os.getcwd []\n", ("email.yaml",)),
    Broken("not YAML", _HEAD + "blocks: [\n", ("email.yaml", "line")),
    Broken("a list", "- one\n- two\n", ("email.yaml", "mapping")),
    Broken("nothing", "", ("email.yaml",)),
]

_MESSAGE = (
    b"From: a@example.com\nSubject: A walk\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
)

#: Files of bytes: the name of the file, what it holds, and what the refusal must name.
BROKEN_FILES = {
    "a copy of five megabytes": ("copy.eml", _MESSAGE + b"<p>Hello.</p>" * 400_000, ("copy.eml", "1 MB")),
    "an empty copy": ("copy.eml", b"", ("copy.eml", "HTML")),
    "a picture that says it is a copy": ("copy.eml", b"\x89PNG\r\n\x1a\n" + bytes(2000), ("copy.eml",)),
    "a copy of text alone": (
        "copy.eml",
        _MESSAGE.replace(b"html", b"plain") + b"Hello.",
        ("copy.eml", "HTML"),
    ),
    "letters of another alphabet's file": (
        "email.yaml",
        "subject: Après\n".encode("latin-1"),
        ("email.yaml",),
    ),
    "nulls": ("email.yaml", bytes(100), ("email.yaml",)),
}
