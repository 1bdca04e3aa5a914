"""`aftercare sequence simulate`: its output, and one clear line with exit code 2 for what is wrong."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aftercare.cli.sequence import app

HEAD = """
name: After your visit
public_name: Emails after your visit
trigger: {on: session.logged, outcome: ordinary}
topic: aftercare
purpose: care
steps:
"""
DAILY = HEAD + "".join(f"  - {{key: d{day}, wait: {{days: {day}, at: 09:00}}}}\n" for day in (1, 2, 3, 4))
FIRST_ONLY = HEAD + "  - {key: d1, wait: {days: 1}, only_if: [{fact: first_session, is: true}]}\n"
SAME_DAY = HEAD + "  - {key: a, wait: {days: 1}}\n  - {key: b, wait: {days: 1}}\n"


def simulate(
    path: Path, *options: str, anchor: str = "2026-05-01T14:00", zone: str = "Europe/London"
) -> Result:
    return CliRunner().invoke(
        app, ["simulate", str(path), "--anchor", anchor, "--timezone", zone, *options], catch_exceptions=False
    )


@pytest.fixture
def daily(tmp_path: Path) -> Path:
    return written(tmp_path, DAILY)


def written(folder: Path, text: str) -> Path:
    path = folder / "sequence.yaml"
    path.write_text(text)
    return path


def test_json_has_the_promised_shape(daily: Path) -> None:
    result = simulate(daily, "--json", "--down", "2026-05-02T08:00..2026-05-04T15:00")
    rows = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert [row["key"] for row in rows] == ["d1", "d2", "d3", "d4"]
    assert rows[0] == {
        "key": "d1",
        "state": "skipped",
        "due_at": "2026-05-02T08:00:00Z",
        "sent_at": None,
        "local": "2026-05-02T09:00:00+01:00",
        "late_by": 194400,
        "reason": "expired",
    }
    assert rows[2] == {
        "key": "d3",
        "state": "sent",
        "due_at": "2026-05-04T08:00:00Z",
        "sent_at": "2026-05-04T14:00:00Z",
        "local": "2026-05-04T15:00:00+01:00",
        "late_by": 21600,
        "reason": None,
    }


def test_without_json_a_person_can_read_it(daily: Path) -> None:
    result = simulate(daily, "--down", "2026-05-02T08:00..2026-05-04T15:00")
    assert result.stdout.splitlines()[1:] == [
        "d2  Sun 2026-05-03 09:00 +0100  skipped (expired)",
        "d3  Mon 2026-05-04 15:00 +0100  sent (6:00:00 late)",
        "d4  Tue 2026-05-05 09:00 +0100  sent",
    ]


def test_moves_and_window(daily: Path) -> None:
    result = simulate(
        daily, "--json", "--moves", "2026-05-02T12:00=America/New_York", "--window", "10:00-12:00"
    )
    assert [row["local"] for row in json.loads(result.stdout)][:2] == [
        "2026-05-02T10:00:00+01:00",
        "2026-05-03T10:00:00-04:00",
    ]


@pytest.mark.parametrize(("facts", "state"), [([], "skipped"), (["--fact", "first_session=true"], "sent")])
def test_facts(tmp_path: Path, facts: list[str], state: str) -> None:
    rows = json.loads(simulate(written(tmp_path, FIRST_ONLY), "--json", *facts).stdout)
    assert rows[0]["state"] == state


@pytest.mark.parametrize(("options", "days"), [([], ["02", "03"]), (["--no-caps"], ["02", "02"])])
def test_caps_apply_unless_told_otherwise(tmp_path: Path, options: list[str], days: list[str]) -> None:
    rows = json.loads(simulate(written(tmp_path, SAME_DAY), "--json", *options).stdout)
    assert [row["local"][8:10] for row in rows] == days


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--timezone", "Mars/Phobos"),
        ("--timezone", ""),
        ("--timezone", "../../etc/passwd"),
        ("--timezone", "Europe"),
        ("--anchor", ""),
        ("--anchor", "2026-05-01"),
        ("--anchor", "2026-05-01T24:00"),
        ("--anchor", "2026-02-30T10:00"),
        ("--anchor", "soon\nor later"),
        ("--window", "20:00"),
        ("--window", "08:00-08:00"),
        ("--window", "08:00-25:00"),
        ("--down", "2026-05-02T08:00"),
        ("--down", "2026-05-02T08:00..2026-05-02T08:00"),
        ("--down", "2026-05-02T08:00..later"),
        ("--moves", "2026-05-02T08:00"),
        ("--moves", "2026-05-02T08:00=Mars/Phobos"),
        ("--moves", "now=Europe/Paris"),
        ("--fact", "first_session"),
        ("--fact", "=true"),
    ],
)
def test_a_bad_option_is_one_line_that_names_it(daily: Path, option: str, value: str) -> None:
    result = simulate(daily, option, value)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{option}: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_plan_beyond_the_calendar_is_one_line(daily: Path) -> None:
    result = simulate(daily, anchor="9999-12-31T10:00")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "wait: the date falls outside the years 1 to 9999; choose a nearer date\n"


@pytest.mark.parametrize("option", ["--anchor", "--timezone"])
def test_a_needed_option_that_is_left_out_is_named(daily: Path, option: str) -> None:
    given = {"--anchor": "2026-05-01T14:00", "--timezone": "Europe/London"}
    del given[option]
    result = CliRunner().invoke(
        app, ["simulate", str(daily), *(word for pair in given.items() for word in pair)]
    )
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{option}: ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "[]",
        "steps: []",
        "name: no steps",
        HEAD,
        "steps: [",
        "a: 1\na: 2",
        DAILY.replace("days: 1", "days: -1"),
        DAILY.replace("days: 1", "days: 99999999"),
        DAILY.replace("days: 1", "years: 9000"),
        DAILY.replace("key: d2", "key: d1"),
        DAILY.replace("09:00", "24:00"),
        DAILY.replace("care", "harm"),
        "&a [*a]",
        "\x00",
    ],
)
def test_a_bad_file_is_one_line_and_exit_2(tmp_path: Path, text: str) -> None:
    result = simulate(written(tmp_path, text))
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_is_missing_a_folder_or_binary_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    for name in ("missing.yaml", ".", "binary"):
        result = simulate(tmp_path / name)
        assert result.exit_code == 2
        assert result.stderr.startswith(str(tmp_path / name))
        assert len(result.stderr.splitlines()) == 1
