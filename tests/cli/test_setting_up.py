"""The first day: a clinic, its owner, the link to her first password, and answers for scripts."""

import io
import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aftercare import bootstrap
from aftercare.cli import app
from aftercare.errors import Conflict, NotFound
from aftercare.flows import logins
from aftercare.models import Staff

CLINIC = {
    "name": "Willow Lane",
    "email": "hello@willow.example.com",
    "postal-address": "12 Willow Lane",
    "phone": "0113 496 0000",
    "hours": "Monday to Friday, 9:00 to 17:00",
    "country": "GB",
    "timezone": "Europe/London",
    "reply-reader": "Alex",
}
OWNER = ("--owner-name", "Robin", "--owner-email", "robin@willow.example.com")
PARTICULARS = tuple(word for name, value in CLINIC.items() for word in (f"--{name}", value))
PUBLIC = "https://mail.willow.example.com"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AFTERCARE_PUBLIC_URL", PUBLIC)


def run(*words: str) -> Result:
    """What became of a command; an error that it ends with is raised."""
    return CliRunner().invoke(app, words, catch_exceptions=False)


def invited(link: str) -> Staff:
    """Whom a link is for."""
    here = bootstrap.current()
    with here.transaction() as db:
        return logins.invited(db, link.removeprefix(f"{PUBLIC}/join/"), unshifted=here.clock.unshifted())


def test_the_owner_of_a_new_clinic_gets_a_link_that_fits() -> None:
    made = json.loads(run("init", *PARTICULARS, *OWNER, "--json").stdout)
    owner = invited(made["link"])
    assert (owner.id, owner.clinic_id, owner.role) == (made["owner"], made["clinic"], "owner")


def test_without_json_the_id_is_all_that_scripts_read_and_the_link_is_said() -> None:
    told = run("init", *PARTICULARS, *OWNER)
    assert told.stdout.startswith("clc_")
    assert len(told.stdout.split()) == 1
    assert f"{PUBLIC}/join/" in told.stderr


def test_without_an_owner_it_says_how_to_add_one() -> None:
    assert "staff add" in run("init", *PARTICULARS).stderr


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (PARTICULARS[2:], "--name"),
        ((*PARTICULARS, "--owner-name", "Robin"), "--owner-email"),
        ((*PARTICULARS[:-2], "--no-input"), "--reply-reader"),
    ],
)
def test_what_is_missing_is_named_where_nobody_can_be_asked(words: tuple[str, ...], named: str) -> None:
    told = run("init", *words)
    assert (told.exit_code, named in told.stderr) == (2, True)


class Terminal(io.StringIO):
    """stdin where a person sits."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_at_a_terminal_each_answer_is_looked_at_before_the_next_question(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = CLINIC | {
        "email": "hello@willow.test\nhello@willow.example.com",
        "country": "UK\nGB",
        "timezone": "Leeds\nEurope/London",
    }
    told = "\n".join((*answers.values(), "Robin", "robin\nrobin@willow.example.com", ""))
    monkeypatch.setattr(sys, "stdin", Terminal(told))
    app(["init", "--json"], standalone_mode=False)
    seen = capsys.readouterr()
    for problem in ("reach .test", "Did you mean GB?", "known time zone", "name@example.com"):
        assert problem in seen.err
    assert invited(json.loads(seen.out)["link"]).first_name == "Robin"


def test_a_second_clinic_is_added_only_on_purpose() -> None:
    run("init", *PARTICULARS)
    with pytest.raises(Conflict, match="--another"):
        run("init", *PARTICULARS)
    assert run("init", *PARTICULARS, "--another").stdout.startswith("clc_")


def test_a_newer_link_of_a_member_takes_the_place_of_the_older() -> None:
    run("init", *PARTICULARS)
    first = json.loads(run("staff", "add", "Sam", "sam@example.com", "--json").stdout)
    second = json.loads(run("staff", "invite", "sam@example.com", "--json").stdout)
    assert second["staff"] == first["staff"] == invited(second["link"]).id
    with pytest.raises(NotFound):
        invited(first["link"])
    with pytest.raises(NotFound):
        run("staff", "invite", "nobody@example.com")


def test_every_command_that_makes_something_can_say_it_as_json() -> None:
    run("init", *PARTICULARS)
    client = json.loads(run("client", "add", "maya@example.com", "--json").stdout)["client"]
    words = ("--outcome", "ordinary", "--ended-at", "2099-11-23T14:00", "--json")
    assert json.loads(run("session", "log", client, *words).stdout)["session"].startswith("ses_")
    assert json.loads(run("token", "create", "booking", "--json").stdout)["token"].startswith("act_")


def test_what_waits_for_somebody_who_hears_of_a_call_is_named_one_by_one() -> None:
    told = " ".join(run("init", *PARTICULARS).stderr.split())
    for slug in ("after-your-visit", "after-a-tender-visit"):
        assert f"aftercare sequence publish {slug}" in told
