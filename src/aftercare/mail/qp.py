"""Quoted-printable (RFC 2045 section 6.7) that can be cut into pieces and joined again.

Every piece starts on a fresh line of the encoded text, so its line limits hold wherever it is put."""

import re

SOFT_BREAK = b"=\r\n"
_ROOM = 75  # 76 columns, the last one kept for the soft break's "="
_LITERAL = re.compile(rb"[ -<>-~\t]*")
_ATOMS = [bytes([b]) if b in b"\t" or (32 <= b <= 126 and b != 61) else b"=%02X" % b for b in range(256)]
_HARD_BREAK = re.compile(r"\r\n|\r|\n")


def encode(text: str) -> bytes:
    """Encode `text` as UTF-8 quoted-printable with CRLF line ends, whatever line ends it came with."""
    return b"\r\n".join(_encode_line(line.encode("utf-8")) for line in _HARD_BREAK.split(text))


def _encode_line(raw: bytes) -> bytes:
    if _LITERAL.fullmatch(raw) and not raw.endswith((b" ", b"\t")):
        lines = [raw[start : start + _ROOM] for start in range(0, len(raw), _ROOM)]
        if not any(line.startswith((b".", b"From ")) for line in lines):
            return SOFT_BREAK.join(lines)  # nearly all lines of prose and links, at a tenth of the cost
    return _encode_atoms([_ATOMS[byte] for byte in raw])


def _encode_atoms(atoms: list[bytes]) -> bytes:
    if atoms[-1] in (b" ", b"\t"):
        atoms[-1] = b"=%02X" % atoms[-1][0]  # white space before a line end does not survive every relay
    lines, start, width = [], 0, 0
    for index in range(len(atoms)):
        if width + len(atoms[index]) > _ROOM:
            lines.append(b"".join(atoms[start:index]))
            start, width = index, 0
        if width == 0:
            atoms[index] = _line_start(atoms, index)
        width += len(atoms[index])
    lines.append(b"".join(atoms[start:]))
    return SOFT_BREAK.join(lines)


def _line_start(atoms: list[bytes], index: int) -> bytes:
    """Careless SMTP hops mistake a dot at a line's start; mbox stores alter "From " there (breaks DKIM)."""
    if atoms[index] == b"." or b"".join(atoms[index : index + 5]) == b"From ":
        return b"=%02X" % atoms[index][0]
    return atoms[index]
