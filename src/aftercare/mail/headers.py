"""Header lines written by hand.

The standard library folds a long List-Unsubscribe into encoded words, which RFC 2047 section 5 forbids and
mailbox providers ignore (cpython issue 74717), so each kind of header has its own short writer here."""

import base64
import re
from functools import lru_cache

import idna

from aftercare.errors import InvalidInput

_LINE = 76  # RFC 2047 section 2: a line that holds an encoded word
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DOT_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HTTPS = re.compile(r"(https://|http://(127\.0\.0\.1|localhost)(:[0-9]+)?/)[!#-;=?-\[\]_a-z~]{4,900}")


def structured(name: str, value: str) -> str:
    """One unfolded line for a header whose syntax knows no encoded words. Raises InvalidInput."""
    _refuse_controls(name, value)
    if not value.isascii() or not value.strip() or len(name) + len(value) > 990:
        raise InvalidInput(name, "must be 1 to 900 ASCII characters")
    return f"{name}: {value}\r\n"


def unstructured(name: str, value: str) -> str:
    """Subject and the like: plain where a line of ASCII will do, else encoded words (RFC 2047)."""
    _refuse_controls(name, value)
    if value.isascii() and "=?" not in value and len(name) + 2 + len(value) <= _LINE:
        return f"{name}: {value}\r\n"
    return f"{name}: {_encoded_words(value, len(name) + 2)}\r\n"


def mailbox(name: str, display: str, address: str) -> str:
    """`From` with a display name, quoted or encoded as RFC 5322 section 3.4 and RFC 2047 section 5 ask."""
    _refuse_controls(name, display)
    spec = f"<{ascii_address(name, address)}>"
    if not display.strip():
        return f"{name}: {spec}\r\n"
    if display.isascii() and "=?" not in display and len(display) <= 200:
        quoted = display.replace("\\", "\\\\").replace('"', '\\"')
        return f'{name}: "{quoted}" {spec}\r\n'
    return f"{name}: {_encoded_words(display, len(name) + 2)}\r\n {spec}\r\n"


def ascii_address(field: str, address: str) -> str:
    """The address as it may travel without SMTPUTF8: ASCII local part, domain as A-labels (RFC 5891).

    Raises InvalidInput for anything else; the text never repeats the address."""
    local, at, domain = address.rpartition("@")
    if not at or not _DOT_ATOM.fullmatch(local) or len(local) > 64:
        raise InvalidInput(field, "must be one address like name@example.org, with plain ASCII before the @")
    try:
        return f"{local}@{_ascii_domain(domain)}"
    except (idna.IDNAError, UnicodeError):
        raise InvalidInput(field, "has no valid domain after the @") from None


@lru_cache(
    maxsize=4096
)  # most recipients share a few domains, and IDNA costs more than the rest of a message
def _ascii_domain(domain: str) -> str:
    return idna.encode(domain, uts46=True).decode("ascii")


def https_url(field: str, url: str) -> str:
    """The URL itself if it is https and ASCII and cannot break out of angle brackets; raises InvalidInput.

    Plain http passes only to the reader's own computer: the links of a sandbox, which travel nowhere."""
    if not _HTTPS.fullmatch(url):
        raise InvalidInput(field, "must be an https:// address in ASCII, without spaces, quotes and brackets")
    return url


def _refuse_controls(field: str, value: str) -> None:
    """CR, LF and their cousins would let a value start a header of its own (header injection)."""
    if _FORBIDDEN.search(value):
        raise InvalidInput(field, "must not contain line breaks or control characters")


def _encoded_words(value: str, column: int) -> str:
    """Base64 encoded words of at most 75 characters, cut between characters, one per line."""
    words, chunk = [], ""
    for character in value:
        if chunk and column + len(_encoded_word(chunk + character)) > _LINE:
            words.append(_encoded_word(chunk))
            chunk, column = "", 1
        chunk += character
    return "\r\n ".join([*words, _encoded_word(chunk)])


def _encoded_word(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode('ascii')}?="
