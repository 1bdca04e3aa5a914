"""Passwords: argon2id with the library's own cost (RFC 9106), length before rules (ASVS 6.2)."""

from collections.abc import Iterable
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from aftercare.errors import InvalidInput
from aftercare.models import Staff

SHORTEST, LONGEST = 12, 128
AT_ONCE = 2
"""Each takes 64 MB and a core for a moment: a crowd of guessers waits in line instead of filling it."""
_turns = BoundedSemaphore(AT_ONCE)
_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The argon2id hash. InvalidInput where the password is too short, too long or one letter repeated."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput("password", f"choose {SHORTEST} to {LONGEST} characters; a short sentence is good")
    if len(set(password)) < 5:
        raise InvalidInput("password", "choose one with more different characters")
    with _turns:
        return _hasher.hash(password)


def whose(candidates: Iterable[Staff], password: str) -> Staff | None:
    """The one of these people with that password. Takes as long where there is nobody, so that the time does
    not tell which addresses are known (ASVS 6.3.8)."""
    nobody = _hash_of_nobody()
    known = [member for member in candidates if member.password_hash]
    found = [member for member in known if _fits(str(member.password_hash), password)]
    if not known:
        _fits(nobody, password)
    return found[0] if found else None


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash("nobody has this password")


def _fits(stored: str, password: str) -> bool:
    try:
        with _turns:
            return _hasher.verify(stored, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
