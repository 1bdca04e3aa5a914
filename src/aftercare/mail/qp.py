"""Quoted-printable (RFC 2045 section 6.7) that can be cut into pieces and joined again.

Every piece starts on a fresh line of the encoded text, so its line limits hold wherever it is put."""

import re
from collections.abc import Iterator

SOFT_BREAK = b"=\r\n"
_ROOM = 75  # 76 columns, the last one kept for the soft break's "="
_UNSAFE = re.compile(rb"[^\t -~]")
_HARD_BREAK = re.compile(r"\r\n|\r|\n")


def encode(text: str) -> bytes:
    """Encode `text` as UTF-8 quoted-printable with CRLF line ends, whatever line ends it came with."""
    return b"\r\n".join(_encode_line(line.encode("utf-8")) for line in _HARD_BREAK.split(text))


def _encode_line(raw: bytes) -> bytes:
    atoms = _UNSAFE.sub(lambda found: _escaped(found[0]), raw.replace(b"=", b"=3D"))
    if atoms.endswith((b" ", b"\t")):  # white space before a line end does not survive every relay
        atoms = atoms[:-1] + _escaped(atoms[-1:])
    return SOFT_BREAK.join(_cut(atoms))


def _cut(atoms: bytes) -> Iterator[bytes]:
    """Pieces of at most `_ROOM` columns, never in the middle of an escaped byte."""
    start = 0
    while start < len(atoms) or start == 0:
        head = _line_start(atoms, start)
        body = start + 1 if head else start
        end = body + _ROOM - len(head)
        if end < len(atoms):
            end -= 2 * (atoms[end - 2 : end - 1] == b"=") or 1 * (atoms[end - 1 : end] == b"=")
        yield head + atoms[body:end]
        start = max(end, 1)


def _line_start(atoms: bytes, start: int) -> bytes:
    """Careless SMTP hops mistake a dot at a line's start; mbox stores alter "From " there (breaks DKIM). The
    first byte, escaped, where that would happen."""
    if atoms.startswith((b".", b"From "), start):
        return _escaped(atoms[start : start + 1])
    return b""


def _escaped(byte: bytes) -> bytes:
    return b"=%02X" % byte[0]
