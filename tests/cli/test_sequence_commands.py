"""An editor with a text editor: sequences as files, from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.cli.test_commands import CLINIC, plan_now, run, states
from typer.testing import CliRunner

from aftercare.cli import app, exit_code
from aftercare.errors import AftercareError

SLUG = "after-your-visit"


def tried(*words: str) -> Result:
    """A command with its exit code, as the shell sees it."""
    result = CliRunner().invoke(app, words)
    if isinstance(result.exception, AftercareError):
        result.exit_code = exit_code(result.exception)
    return result


def listed(slug: str) -> dict[str, Any]:
    """The row of `sequence list` for this one."""
    rows: list[dict[str, Any]] = json.loads(run("sequence", "list", "--json"))
    return next(row for row in rows if row["sequence"] == slug)


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a client of a clinic that was just set up."""
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(tmp_path / "data"))
    run("init", *(word for name, value in CLINIC.items() for word in (f"--{name}", value)))
    agreed = ("--topic", "aftercare", "--source", "intake form", "--wording", "Yes, please.")
    return run("client", "add", "maya@example.com", "--first-name", "Maya", *agreed)


@pytest.fixture
def folder(clinic: str, tmp_path: Path) -> Path:
    """What is live, exported."""
    run("sequence", "export", SLUG, str(tmp_path))
    return tmp_path / SLUG


def test_exported_files_are_imported_again_without_a_difference(folder: Path, tmp_path: Path) -> None:
    result = tried("sequence", "import", str(folder), "--dry-run")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "nothing changes" in result.stderr
    assert json.loads(run("sequence", "import", str(folder), "--json")) == [
        {"sequence": SLUG, "against": "published", "changes": []}
    ]
    assert '"draft": true' not in run("sequence", "list", "--json")
    again = run("sequence", "export", SLUG, str(tmp_path / "again")).splitlines()
    assert {Path(path).read_bytes() for path in again} == {
        path.read_bytes() for path in folder.rglob("*.yaml")
    }


def test_a_change_goes_from_a_file_to_the_draft_to_those_in_flight(clinic: str, folder: Path) -> None:
    plan_now(run("session", "log", clinic, "--outcome", "ordinary", "--ended-at", "2099-11-23T14:00"))
    rules = folder / "sequence.yaml"
    rules.write_text(rules.read_text().replace("{days: 3,", "{days: 4,"))
    sentence = "goes out 4 days after the visit at 10:00, was 3 days after the visit at 10:00"
    assert sentence in run("sequence", "import", str(folder.parent), "--dry-run")
    assert '"draft": true' not in run("sequence", "list", "--json")
    assert sentence in run("sequence", "import", str(folder))
    assert listed(SLUG) == {
        "sequence": SLUG,
        "name": "After your visit",
        "version": 1,
        "draft": True,
        "people": 1,
        "state": "running",
    }
    would = json.loads(run("sequence", "publish", SLUG, "--dry-run", "--json"))
    assert [change["kind"] for change in would["changes"]] == ["wait"]
    assert (would["people"], would["problems"], would["version"]) == (1, [], None)
    hers = would["examples"][0]
    assert [step["local"][:10] for step in hers["keep"]][2] == "2099-11-26"
    assert [step["local"][:10] for step in hers["move"]][2] == "2099-11-27"
    assert sentence in run("sequence", "publish", SLUG, "--in-flight", "move")
    rows = json.loads(run("plan", clinic, "--days", "36500", "--json"))
    assert [row["local"][:10] for row in rows if row["step"] == "short-walk"][-1] == "2099-11-27"
    assert [step for step, state in states(clinic) if state == "planned"] == [
        step["key"] for step in hers["move"]
    ]


def test_publishing_says_how_many_people_stay_and_on_which_version(clinic: str, folder: Path) -> None:
    plan_now(run("session", "log", clinic, "--outcome", "ordinary", "--ended-at", "2099-11-23T14:00"))
    rules = folder / "sequence.yaml"
    for number, told in ((2, "1 person stays on version 1."), (3, "1 person stays on version 2 or an older")):
        rules.write_text(rules.read_text().replace(f"{{days: {number + 1},", f"{{days: {number + 2},"))
        run("sequence", "import", str(folder))
        said = tried("sequence", "publish", SLUG).stderr
        assert f"Version {number} is live. {told}" in said


def test_show_says_the_steps_in_words_with_dates(clinic: str) -> None:
    shown = json.loads(run("sequence", "show", SLUG, "--json"))
    assert (shown["state"], shown["live"], shown["people"]) == ("published", 1, 0)
    assert shown["starts"] == "when an ordinary session is logged"
    first = shown["steps"][0]
    assert first["wait"] == "3 hours after the visit; if that is outside 08:00-20:00, at 09:30"
    assert first["conditions"] == ["sent again on every visit"]
    text = run("sequence", "show", SLUG)
    assert "3 days after the visit, at 10:00 their time" in text
    assert "version 1 is live, 0 people part-way" in text


def test_a_new_sequence_is_a_draft_and_an_older_version_comes_back(folder: Path) -> None:
    mine = folder.rename(folder.with_name("mine"))
    run("sequence", "import", str(mine))
    assert "not published yet" in run("sequence", "show", "mine")
    assert tried("sequence", "publish", "mine").exit_code == 0
    (mine / "short-walk.yaml").write_text(
        (mine / "short-walk.yaml").read_text().replace("subject: ", "subject: So, ")
    )
    run("sequence", "import", str(mine))
    run("sequence", "publish", "mine")
    assert tried("sequence", "restore", "mine", "1").exit_code == 0
    assert "“So, " in run("sequence", "publish", "mine", "--dry-run")
    assert tried("sequence", "restore", "mine", "1").exit_code == 4
    assert tried("sequence", "discard", "mine").exit_code == 0
    assert tried("sequence", "discard", "mine").exit_code == 3


def test_exit_codes_say_what_went_wrong(folder: Path) -> None:
    assert tried("sequence", "show", "nothing").exit_code == 3
    assert tried("sequence", "publish", SLUG).exit_code == 3
    assert tried("sequence", "publish", SLUG, "--in-flight", "drop").exit_code == 2
    assert tried("sequence", "import", str(folder / "nowhere")).exit_code == 2
    page = folder / "short-walk.yaml"
    page.write_text(
        page.read_text() + "  - {type: prompt, key: p, intro: Write., from: [J99], lighter_from: [J05]}\n"
    )
    assert tried("sequence", "export", SLUG, str(folder.parent)).exit_code == 4
    run("sequence", "import", str(folder))
    for words in ([], ["--dry-run"]):
        result = tried("sequence", "publish", SLUG, *words)
        assert result.exit_code == 5
        assert "no prompt J99" in result.stderr
    assert listed(SLUG)["version"] == 1
    assert tried("sequence", "export", SLUG, str(folder.parent), "--live", "--force").exit_code == 0
    assert "J99" not in page.read_text()


def test_an_import_with_a_tag_among_the_words_saves_nothing(clinic: str, tmp_path: Path) -> None:
    run("sequence", "export", SLUG, str(tmp_path))
    email = tmp_path / SLUG / "short-walk.yaml"
    lines = email.read_text().splitlines()
    email.write_text("\n".join(['subject: "A <b>walk"', *lines[1:]]))
    result = tried("sequence", "import", str(tmp_path / SLUG))
    assert result.exit_code == 2
    assert "short-walk: subject: “<b>” is refused" in str(result.exception)
    assert "<b>" not in run("sequence", "show", SLUG)


def test_lint_prints_the_findings_of_a_folder_and_of_the_clinic_s_draft(clinic: str, tmp_path: Path) -> None:
    run("sequence", "export", SLUG, str(tmp_path))
    folder = tmp_path / SLUG
    good = tried("sequence", "lint", str(folder))
    assert (good.exit_code, good.stdout) == (0, "Nothing to mend.\n")
    email = folder / "short-walk.yaml"
    lines = email.read_text().splitlines()
    email.write_text("\n".join(['subject: "After your massage"', *lines[1:]]))
    for name in (str(folder), SLUG):
        found = tried("sequence", "lint", name, "--json")
        assert found.exit_code == 5, found.stdout
        first = json.loads(found.stdout)["findings"][0]
        assert (first["step"], first["rule"], first["where"]) == ("short-walk", "health_words", "subject")
        run("sequence", "import", str(folder))
    assert "BLOCKS  short-walk, subject: says “massage”" in tried("sequence", "lint", SLUG).stdout


def test_a_publication_that_is_refused_is_json_too(clinic: str, tmp_path: Path) -> None:
    run("sequence", "export", SLUG, str(tmp_path))
    email = tmp_path / SLUG / "short-walk.yaml"
    lines = email.read_text().splitlines()
    email.write_text("\n".join(['subject: "After your massage"', *lines[1:]]))
    run("sequence", "import", str(tmp_path / SLUG))
    refused = tried("sequence", "publish", SLUG, "--json")
    assert refused.exit_code == 5
    said = json.loads(refused.stdout)
    assert said["version"] is None
    assert "massage" in " ".join(problem["text"] for problem in said["problems"])
