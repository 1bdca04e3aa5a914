"""Signing in and out, choosing a password by a link, and making guessers wait.

All times here are unshifted: no time travel signs anybody out (design section 2.6)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.errors import AftercareError, NotFound
from aftercare.models import Login, Staff
from aftercare.store import audit, clinics, logins

ROLES = ("viewer", "therapist", "editor", "owner")
"""Each may do what the ones before it may."""

IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)
INVITE = timedelta(hours=72)
SEEN_EVERY = timedelta(minutes=5)
FREE_MISSES = {"account": 5, "peer": 15}
"""More for a network peer: a whole office may have one address. A try counts until its password was found
right."""
LONGEST_WAIT = {"account": timedelta(minutes=1), "peer": timedelta(minutes=15)}
"""An account waits shortly, so that a stranger cannot lock its owner out; a network peer waits longer."""


class WrongPassword(AftercareError):
    """The one answer to every fault of an address or password."""

    def __init__(self) -> None:
        super().__init__("This address and password do not fit together. Check both and try again.")


class TooManyMisses(AftercareError):
    """Somebody guesses. `seconds`: until the next try is looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"That was wrong several times. Please try again in {seconds} seconds.")
        self.seconds = seconds


@dataclass(frozen=True)
class Attempt:
    """Who tries to sign in: keyed hashes of the address and of the network peer, never these themselves."""

    account: str
    peer: str


def may_try(db: Session, attempt: Attempt, *, unshifted: datetime) -> None:
    """TooManyMisses while this address or this peer has to wait."""
    for kind, free in FREE_MISSES.items():
        row = logins.throttle(db, getattr(attempt, kind))
        if row is None or row.misses < free:
            continue
        wait = min(timedelta(seconds=2 ** min(row.misses - free, 12)), LONGEST_WAIT[kind])
        left = (row.last_at + wait - unshifted).total_seconds()
        if left > 0:
            raise TooManyMisses(int(left) + 1)


def begin_try(db: Session, attempt: Attempt, *, unshifted: datetime) -> None:
    """Count a miss before the password is compared, so that guessers in parallel get no more tries than one
    after the other; `sign_in` takes it back. TooManyMisses as `may_try`."""
    for key in (attempt.account, attempt.peer):
        logins.lock_throttle(db, key, unshifted)
    may_try(db, attempt, unshifted=unshifted)
    for key in (attempt.account, attempt.peer):
        logins.count_miss(db, key, unshifted)


def sign_in(db: Session, member: Staff, attempt: Attempt | None, *, unshifted: datetime) -> str:
    """A new login of this member; the token for the cookie, of which only the hash is kept."""
    if attempt is not None:
        logins.forgive(db, attempt.account, attempt.peer)
    token = secrets.token_urlsafe(32)
    logins.delete_expired(db, unshifted)
    logins.add(
        db,
        Login(
            clinic_id=member.clinic_id,
            staff_id=member.id,
            token_hash=_hash(token),
            created_at=unshifted,
            seen_at=unshifted,
            expires_at=unshifted + LONGEST,
        ),
    )
    audit.record(
        db, member.clinic_id, "staff.signed_in", member.id, actor=f"staff:{member.id}", now=unshifted
    )
    return token


def of_token(db: Session, token: str, *, unshifted: datetime) -> tuple[Login, Staff] | None:
    """The login of a cookie and its member, unless it ended, slept too long or the member left."""
    found = logins.by_token_hash(db, _hash(token))
    if found is None:
        return None
    login, member = found
    if login.expires_at <= unshifted or login.seen_at + IDLE <= unshifted or member.left_at is not None:
        return None
    return login, member


def is_stale(login: Login, *, unshifted: datetime) -> bool:
    """Whether `seen_at` should be brought up to date; not at each request, since that is a write."""
    return unshifted - login.seen_at > SEEN_EVERY


def sign_out(db: Session, login_id: str) -> None:
    """End one login."""
    logins.delete(db, login_id)


def invite(db: Session, clinic_id: str, staff_id: str, *, by: str, unshifted: datetime) -> str:
    """The token of a one-time link, good for three days, with which this member chooses a password: the page
    is `<public_url>/join/<token>`. A newer link takes the place of an older one. NotFound."""
    member = clinics.staff_member(db, clinic_id, staff_id)
    token = secrets.token_urlsafe(32)
    member.invite_hash, member.invite_until = _hash(token), unshifted + INVITE
    audit.record(db, clinic_id, "staff.invited", member.id, actor=by, now=unshifted)
    return token


def invited(db: Session, token: str, *, unshifted: datetime) -> Staff:
    """Whom this link was made for. NotFound where it was used, replaced or is too old."""
    member = logins.invited(db, _hash(token))
    if member is None or member.invite_until is None or member.invite_until <= unshifted:
        raise NotFound("This link was used before or is older than three days. Ask for a new one.")
    return member


def choose_password(db: Session, token: str, password_hash: str, *, unshifted: datetime) -> Staff:
    """Set the password of an invited member, use the link up and end the member's other logins (ASVS 7.4.3).

    `password_hash` comes from `passwords.hashed`: hashing is slow on purpose, so it is done before a
    transaction is open. NotFound as `invited`."""
    member = invited(db, token, unshifted=unshifted)
    member.password_hash, member.invite_hash, member.invite_until = password_hash, None, None
    logins.delete_of_staff(db, member.id)
    audit.record(
        db, member.clinic_id, "staff.password_chosen", member.id, actor=f"staff:{member.id}", now=unshifted
    )
    return member


def may(role: str, at_least: str) -> bool:
    """Whether `role` may do what `at_least` may."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(at_least)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
