"""Who and what gets in: roles, leaving, tokens, by the command line."""

import json
from typing import Any

import pytest
from tests.cli.test_setting_up import OWNER, PARTICULARS, _here, run

from aftercare import bootstrap
from aftercare.errors import Conflict, InvalidInput, NotFound
from aftercare.flows import logins
from aftercare.flows.clinics import hash_token
from aftercare.models import Login
from aftercare.store import settings

__all__ = ["_here"]
SAM, ROBIN = "sam@example.com", "robin@willow.example.com"


@pytest.fixture(autouse=True)
def _clinic(_here: None) -> None:
    run("init", *PARTICULARS, *OWNER)
    run("staff", "add", "Sam", SAM)


def staff() -> dict[str, dict[str, Any]]:
    """Who works here, by address."""
    return {row["email"]: row for row in json.loads(run("staff", "list", "--json").stdout)}


def sign_in(email: str) -> str:
    """The token of a new log-in."""
    here = bootstrap.current()
    now = here.clock.unshifted()
    with here.transaction() as db:
        [member] = logins.logins.candidates(db, email)
        return logins.sign_in(db, member, None, unshifted=now)


def is_signed_in(token: str) -> bool:
    """Whether this log-in still stands."""
    here = bootstrap.current()
    with here.transaction() as db:
        return logins.of_token(db, token, unshifted=here.clock.unshifted()) is not None


def test_a_role_is_changed_and_shown() -> None:
    assert {email: row["role"] for email, row in staff().items()} == {SAM: "therapist", ROBIN: "owner"}
    run("staff", "role", SAM, "editor")
    assert staff()[SAM]["role"] == "editor"
    with pytest.raises(InvalidInput, match="role"):
        run("staff", "role", SAM, "boss")


def test_who_leaves_is_signed_out_and_gone_and_may_come_back() -> None:
    token = sign_in(SAM)
    assert is_signed_in(token)
    run("staff", "leave", SAM)
    assert not is_signed_in(token)
    with bootstrap.current().transaction() as db:
        assert db.query(Login).count() == 0
    assert set(staff()) == {ROBIN}
    for words in (("leave", SAM), ("invite", SAM), ("role", SAM, "owner")):
        with pytest.raises(NotFound):
            run("staff", *words)
    run("staff", "add", "Sam", SAM)
    assert set(staff()) == {SAM, ROBIN}


def test_the_last_owner_stays_one() -> None:
    for words in (("leave", ROBIN), ("role", ROBIN, "editor")):
        with pytest.raises(Conflict, match="last owner"):
            run("staff", *words)
    run("staff", "role", ROBIN, "owner")
    run("staff", "role", SAM, "owner")
    run("staff", "leave", ROBIN)
    assert {email: row["role"] for email, row in staff().items()} == {SAM: "owner"}


def test_a_revoked_token_opens_nothing_and_is_still_listed() -> None:
    secret = run("token", "create", "booking").stdout.strip()
    told = run("token", "list", "--json").stdout
    [row] = json.loads(told)
    assert (row["name"], row["revoked_at"], secret in told) == ("booking", None, False)
    for _ in range(2):
        run("token", "revoke", row["token"])
    assert json.loads(run("token", "list", "--json").stdout)[0]["revoked_at"]
    with bootstrap.current().transaction() as db:
        assert settings.token(db, hash_token(secret)) is None
    with pytest.raises(NotFound):
        run("token", "revoke", "tok_nobodys")
