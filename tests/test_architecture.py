"""The rules of docs/style.md that nobody should have to check by eye. import-linter holds the layers."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "aftercare"
FILE_LINES = 300
FUNCTION_LINES = 25

# Transactions begin and end at the edge; everything else is handed a `db` in the middle of one.
MAY_COMMIT = ("bootstrap.py",)
# `testing` stamps the real arrival of a message: it is the kit of the tests, not part of the app.
MAY_READ_THE_CLOCK = ("clock.py", "testing/")
MAY_KNOW_CELERY = ("queue.py", "tasks.py", "embedded.py", "worker.py")
MAY_SPEAK_SQL = ("store/", "models/", "migrations/", "testing/")
# A migration lists the columns of a table; cutting the list in two would help nobody.
MAY_BE_LONG = ("migrations/versions/",)

READS_THE_CLOCK = re.compile(
    r"(.*\.)?((datetime|date)\.(now|utcnow|today)|time\.(time|time_ns|localtime|gmtime))"
)
CELERY = {"celery", "kombu", "billiard"}
MOCKS = {"mock", "pytest_mock", "MagicMock"}
SQL_TYPES = {"sqlalchemy.orm.Session", "sqlalchemy.Engine", "sqlalchemy.Connection"}
QUERIES = {f"db.{verb}" for verb in ("execute", "scalar", "scalars", "query", "get", "delete", "merge")}

Rule = Callable[[str], Iterator[str]]


def commits(source: str) -> Iterator[str]:
    """Calls of `commit()`."""
    return (call for call in _calls(source) if call.endswith(".commit"))


def clock_readings(source: str) -> Iterator[str]:
    """Calls that read the clock. `time.monotonic` measures how long, not when, and is fine."""
    return (call for call in _calls(source) if READS_THE_CLOCK.fullmatch(call))


def celery_imports(source: str) -> Iterator[str]:
    """Imports of Celery and its parts."""
    return (name for name in _imports(source) if name.split(".")[0] in CELERY)


def mock_imports(source: str) -> Iterator[str]:
    """Imports of mocks: our fakes ship in `aftercare.testing`."""
    return (name for name in _imports(source) if MOCKS & set(name.split(".")))


def sql(source: str) -> Iterator[str]:
    """SQLAlchemy beyond the types that are handed through, and queries made on `db` itself."""
    for name in _imports(source):
        harmless = name in SQL_TYPES or name.startswith("sqlalchemy.exc")
        if name.split(".")[0] == "sqlalchemy" and not harmless:
            yield name
    yield from (call for call in _calls(source) if call in QUERIES)


def long_functions(source: str) -> Iterator[str]:
    """Functions of `FUNCTION_LINES` lines or more, not counting docstring, comments and blank lines."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            code = lines[body[0].lineno - 1 : node.end_lineno] if body else []
            count = sum(1 for line in code if line.strip() and not line.strip().startswith("#"))
            if count >= FUNCTION_LINES:
                yield f"{node.name} ({count} lines)"


def _calls(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    return (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def _imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _breaches(rule: Rule, folder: Path, exempt: tuple[str, ...] = ()) -> str:
    paths = ((path, path.relative_to(folder).as_posix()) for path in sorted(folder.rglob("*.py")))
    return "\n".join(
        f"{name}: {what}"
        for path, name in paths
        if not name.startswith(exempt)
        for what in rule(path.read_text())
    )


@pytest.mark.parametrize(
    ("rule", "exempt"),
    [
        (commits, MAY_COMMIT),
        (clock_readings, MAY_READ_THE_CLOCK),
        (celery_imports, MAY_KNOW_CELERY),
        (sql, MAY_SPEAK_SQL),
        (long_functions, MAY_BE_LONG),
    ],
)
def test_the_package_keeps(rule: Rule, exempt: tuple[str, ...]) -> None:
    assert _breaches(rule, PACKAGE, exempt) == ""


def test_the_tests_use_no_mocks() -> None:
    assert _breaches(mock_imports, ROOT / "tests") == ""


@pytest.mark.parametrize(
    ("rule", "sin", "virtue"),
    [
        (commits, "db.commit()", "db.flush()"),
        (clock_readings, "datetime.datetime.now(UTC)", "clock.now()"),
        (clock_readings, "start = time.time()", "start = time.monotonic()"),
        (clock_readings, "date.today()", "now.date()"),
        (celery_imports, "from celery import Celery", "from aftercare.queue import submit"),
        (mock_imports, "from unittest import mock", "from aftercare.testing import smtp"),
        (sql, "from sqlalchemy import select", "from sqlalchemy.orm import Session"),
        (sql, "import sqlalchemy as sa", "from sqlalchemy.exc import IntegrityError"),
        (sql, "db.scalars(query)", "db.flush()"),
        (
            long_functions,
            "def f():\n" + "    x = 1\n" * 25,
            "def f():\n    '''A.\n\n    B.'''\n" + "    x = 1\n" * 24,
        ),
    ],
)
def test_each_rule_tells_a_sin_from_a_virtue(rule: Rule, sin: str, virtue: str) -> None:
    assert list(rule(sin))
    assert not list(rule(virtue))


def test_no_file_is_longer_than_300_lines() -> None:
    files = [path for folder in ("src", "tests") for path in (ROOT / folder).rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length >= FILE_LINES} == {}


def _pins(name: str) -> dict[str, tuple[str, int]]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    blocks = re.findall(r"^([\w.-]+)==(\S+)(.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    return {package: (version, rest.count("--hash=sha256:")) for package, version, rest in blocks}


@pytest.mark.parametrize("name", ["runtime", "build", "dev", "uv"])
def test_every_requirement_is_pinned_with_hashes_and_says_nothing_about_where_to_get_it(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert re.findall(r"--(?:extra-)?index-url|--find-links|--trusted-host|\w+://", text) == []
    pins = _pins(name)
    assert [package for package, (_, hashes) in pins.items() if hashes == 0] == []
    assert set(re.findall(r"^[\w.-]+", text, re.MULTILINE)) == set(pins)


def test_the_development_environment_runs_what_production_runs() -> None:
    assert _pins("runtime").items() | _pins("build").items() <= _pins("dev").items()


def test_the_javascript_lock_names_no_download_address() -> None:
    locks = [path for path in ROOT.glob("frontend/package-lock.json") if '"resolved":' in path.read_text()]
    assert locks == []
