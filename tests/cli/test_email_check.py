"""`aftercare email check` and `email render`."""

import json
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aftercare.cli import app
from aftercare.mail.paths import templates_root

WALK = templates_root() / "sequences" / "en" / "after-your-visit" / "short-walk.yaml"
PEN = WALK.with_name("two-minutes-with-a-pen.yaml")
NOTE = (
    "subject: A page for later on\npreheader: A gentle question to write about, or to leave for now.\n"
    "blocks:\n  - {type: note, key: one, paragraphs: ['SAID']}\n"
)


def run(*arguments: object) -> Result:
    """The command as a shell runs it."""
    return CliRunner().invoke(app, ["email", *map(str, arguments)])


def test_a_good_email_scores_100() -> None:
    done = run("check", WALK)
    assert done.exit_code == 0
    assert done.stdout == "Score 100 of 100\nNothing to mend.\n"
    assert json.loads(run("check", WALK, "--json").stdout) == {"score": 100, "findings": []}


def test_a_finding_says_where_and_how_to_mend_it(tmp_path: Path) -> None:
    email = tmp_path / "email.yaml"
    email.write_text(NOTE.replace("SAID", "You must rest."))
    done = run("check", email, "--json")
    assert done.exit_code == 5
    said = json.loads(done.stdout)
    assert said["score"] == 92
    assert said["findings"] == [
        {
            "rule": "command",
            "row": "language",
            "severity": "block",
            "where": "one",
            "message": "says “You must”",
            "fix": "Invite instead: “you might”, “if it suits”, “or not”.",
        }
    ]
    assert "BLOCKS  one: says “You must”  [command, language]" in run("check", email).stdout


def test_a_warning_alone_is_no_failure(tmp_path: Path) -> None:
    email = tmp_path / "email.yaml"
    email.write_text(NOTE.replace("SAID", "What a day!"))
    done = run("check", email)
    assert done.exit_code == 0
    assert "warns  one: has an exclamation mark  [shouting, spam]" in done.stdout


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.yaml", NOTE.replace("paragraphs", "paragraphz"), "blocks[0] (note).paragraphz: unknown key"),
        ("a.yaml", NOTE.replace("SAID", "{% for a in b %}"), "paragraphs[0]: '{%' is not allowed"),
        ("a.yaml", NOTE.replace("SAID", "{{ first_name }}"), "first_name needs a fallback"),
        ("a.yaml", NOTE.replace("SAID", "x" * 5_000_000), "is larger than 1 MB"),
        ("a.yaml", "a: &a [1]\nb: *a\n", "line 2: aliases"),
        ("a.yaml", "blocks: [", "line 1"),
        ("sequence.yaml", NOTE, "Name one of the emails beside it"),
        ("a.eml", "Subject: x\n\n" + "x" * 5_000_000, "is larger than 1 MB"),
        ("a.eml", "Subject: x\n\nHello", "has no HTML part"),
        ("a.eml", "Content-Type: text/html\n\n" + "<div>" * 5000, "nested deeper than"),
        ("a.eml", "Content-Type: text/html; charset=wrong\n\n<p>x", "is not an email that can be read"),
        ("a.eml", None, "cannot be read"),
    ],
)
def test_what_cannot_be_read_has_failed_and_says_why(
    tmp_path: Path, name: str, text: str | None, says: str
) -> None:
    email = tmp_path / name
    if text is not None:
        email.write_text(text)
    done = run("check", email, "--json")
    assert done.exit_code == 5
    assert says in done.stderr
    assert json.loads(done.stdout)["error"] in done.stderr
    assert name in done.stderr


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("<script>alert(1)</script>", "markup"),
        ("<mj-include path=a>", "markup"),
        ("Some <b>bold words.", "markup"),
        ("See javascript:alert(1) for more.", "link_scheme"),
    ],
)
def test_markup_in_words_keeps_an_email_from_going_live(tmp_path: Path, said: str, rule: str) -> None:
    email = tmp_path / "email.yaml"
    email.write_text(NOTE.replace("SAID", said))
    done = run("check", email, "--json")
    assert done.exit_code == 5
    assert [(one["rule"], one["where"]) for one in json.loads(done.stdout)["findings"]] == [(rule, "one")]


def test_an_email_is_shown_as_a_person_reads_it(tmp_path: Path) -> None:
    person = tmp_path / "person.json"
    person.write_text('{"first_name": "Zoë", "country": "IE", "cards": {"page": "J15"}}')
    html, text = run("render", PEN, "--as", person), run("render", PEN, "--as", person, "--format", "text")
    assert html.stdout.startswith("<!doctype html>")
    assert "Hello Zoë," in html.stdout
    assert "Hello Zoë," in text.stdout
    assert "<p" not in text.stdout
    raw = run("render", PEN, "--as", person, "--format", "eml").stdout_bytes
    assert message_from_bytes(raw, policy=default)["Subject"] == "Two minutes with a pen"


def test_a_copy_that_was_rendered_can_be_checked(tmp_path: Path) -> None:
    copy = tmp_path / "copy.eml"
    copy.write_bytes(run("render", WALK, "--format", "eml").stdout_bytes)
    assert json.loads(run("check", copy, "--json").stdout) == {"score": 100, "findings": []}


@pytest.mark.parametrize("said", ['{"name": "Zoë"}', '{"cards": 1}', "[]", "{"])
def test_a_person_that_cannot_be_read_is_refused(tmp_path: Path, said: str) -> None:
    person = tmp_path / "person.json"
    person.write_text(said)
    done = run("render", WALK, "--as", person)
    assert done.exit_code == 5
    assert "person.json" in done.stderr


def test_a_translation_is_checked_in_its_language() -> None:
    spanish = templates_root() / "sequences" / "es" / "after-your-visit" / "short-walk.yaml"
    assert 'lang="es"' in run("render", spanish).stdout
    assert run("check", spanish).exit_code == 0


def test_a_link_to_the_clinic_s_library_is_noted_and_costs_nothing(tmp_path: Path) -> None:
    email = tmp_path / "email.yaml"
    links = (
        "{type: resource_list, key: more, heading: To read, links: [{resource: local-walks, text: Walks.}]}"
    )
    email.write_text(NOTE.replace("SAID", "A walk may do.") + f"  - {links}\n")
    done = run("check", email, "--json")
    assert done.exit_code == 0
    note = "“local-walks” is an entry of your library: whether it is there is checked when this is published."
    assert json.loads(done.stdout) == {"score": 100, "findings": [], "notes": [note]}
    assert f"note    {note}" in run("check", email).stdout
    assert "Local walks" in run("render", email, "--format", "text").stdout


def test_what_cannot_be_made_is_said_with_the_name_of_the_file(tmp_path: Path) -> None:
    email = tmp_path / "email.yaml"
    links = "{type: resource_list, key: more, heading: To read, links: [{guide: nowhere, text: Walks.}]}"
    email.write_text(NOTE.replace("SAID", "A walk may do.") + f"  - {links}\n")
    done = run("check", email, "--json")
    assert done.exit_code == 5
    assert json.loads(done.stdout)["error"].startswith("email.yaml: more: no guide nowhere.")


def test_a_copy_is_not_taken_for_something_to_render(tmp_path: Path) -> None:
    copy = tmp_path / "copy.eml"
    copy.write_bytes(b"Subject: A walk\n\nHello.")
    assert "copy.eml is a copy of an email that has left" in str(run("render", copy).exception)
