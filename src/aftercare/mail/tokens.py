"""Signed links: who may leave what, with no row stored and no address inside (design section 4).

A token is base64url without padding over: version, key id, purpose, epoch (4 bytes), client id (15 bytes),
length of the topic, topic, and the first 16 bytes of an HMAC-SHA256 over all of it. A link to look at one
email has the id of the message where others have a topic."""

import base64
import binascii
import hashlib
import hmac
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from aftercare.errors import InvalidInput, NotFound

_VERSION = 1
_MAC_BYTES = 16
_HEAD = struct.Struct(">BBBI15sB")
_CONTEXT = b"aftercare token\x00"
_CLIENT_ID = re.compile(r"cli_[a-z2-7]{24}")
_TOPIC = re.compile(r"[a-z0-9_.*-]{1,40}")


class Purpose(Enum):
    """What a link lets its holder do. A token made for one purpose is useless for any other."""

    UNSUBSCRIBE = 1
    SETTINGS = 2
    VIEW = 3
    UNDO = 4
    CONSENT = 5
    CHECKIN = 6


@dataclass(frozen=True)
class TokenKeys:
    """The secrets, by id (0 to 255). `current` signs; old ones stay so that links in sent mail still work."""

    keys: Mapping[int, bytes]
    current: int

    def __post_init__(self) -> None:
        """Raises InvalidInput where the current key is missing, an id is no byte or a secret is short."""
        if self.current not in self.keys:
            raise InvalidInput("current", "names a key that is not in keys")
        if not all(0 <= key_id <= 255 and len(secret) >= 32 for key_id, secret in self.keys.items()):
            raise InvalidInput("keys", "ids must lie in 0..255 and secrets have at least 32 bytes")


@dataclass(frozen=True)
class Token:
    """What a genuine token says. `topic` is the id of a message where `purpose` is VIEW or CHECKIN;
    `epoch` must equal the client's, which the caller checks."""

    purpose: Purpose
    client_id: str
    topic: str
    epoch: int
    key_id: int


class BadToken(NotFound):
    """One error for every cause, so that a forger learns nothing from it."""

    def __init__(self) -> None:
        super().__init__("This link is not valid. Please use the link from your newest email.")


def sign(keys: TokenKeys, purpose: Purpose, client_id: str, topic: str, epoch: int) -> str:
    """A token of at most 120 characters of [A-Za-z0-9_-].

    `client_id` is `cli_` and 24 characters of a-z2-7, `topic` a slug or `*` of at most 40 characters, `epoch`
    0 to 2^32-1. Raises InvalidInput for anything else."""
    if not _CLIENT_ID.fullmatch(client_id):
        raise InvalidInput("client_id", "must be cli_ followed by 24 characters of a-z and 2-7")
    if not _TOPIC.fullmatch(topic):
        raise InvalidInput(
            "topic", "must be 1 to 40 characters of a-z, 0-9, dot, star, hyphen and underscore"
        )
    if not 0 <= epoch < 2**32:
        raise InvalidInput("epoch", "must lie in 0..2^32-1")
    return _spell(keys.keys[keys.current], Token(purpose, client_id, topic, epoch, keys.current))


def read(keys: TokenKeys, text: str) -> Token:
    """The content of a genuine token in its one canonical spelling; raises BadToken for everything else."""
    try:
        token = _parse(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, struct.error):
        raise BadToken from None
    secret = keys.keys.get(token.key_id)
    expected = _spell(secret or keys.keys[keys.current], token)
    if not hmac.compare_digest(expected, text) or secret is None:
        raise BadToken
    return token


def _spell(secret: bytes, token: Token) -> str:
    client = base64.b32decode(token.client_id.removeprefix("cli_").upper())
    topic = token.topic.encode("ascii")
    head = _HEAD.pack(_VERSION, token.key_id, token.purpose.value, token.epoch, client, len(topic))
    mac = hmac.digest(secret, _CONTEXT + head + topic, hashlib.sha256)[:_MAC_BYTES]
    return base64.urlsafe_b64encode(head + topic + mac).rstrip(b"=").decode("ascii")


def _parse(raw: bytes) -> Token:
    """What the bytes claim, unproven: reading them back through `_spell` proves version, length and MAC."""
    _version, key_id, purpose, epoch, client, length = _HEAD.unpack_from(raw)
    topic = raw[_HEAD.size : _HEAD.size + length].decode("ascii")
    client_id = "cli_" + base64.b32encode(client).decode("ascii").lower()
    return Token(Purpose(purpose), client_id, topic, epoch, key_id)
