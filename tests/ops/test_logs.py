"""One form for all log lines, and nobody's address in them."""

import io
import json
import logging
import sys

import pytest
import structlog

from aftercare.logs import configure_logging


class Terminal(io.StringIO):
    """stderr where a person sits."""

    def isatty(self) -> bool:
        """It is one."""
        return True


class Wire(io.StringIO):
    """stderr that remembers in which pieces it was written."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def write(self, text: str) -> int:
        """Keep the piece too."""
        self.pieces.append(text)
        return super().write(text)


@pytest.fixture(autouse=True)
def _as_before() -> object:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    yield
    root.level, root.handlers = before
    structlog.reset_defaults()


def written(stderr: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written of four events."""
    configure_logging()
    monkeypatch.setattr(sys, "stderr", stderr)
    structlog.get_logger().info("request", route="/u/{token}", ms=3)
    logging.getLogger("celery.worker").warning("lost %s", "the broker")
    logging.getLogger("celery.worker").info("too quiet to be heard")
    try:
        maya = "maya@example.com"
        raise KeyError(len(maya))
    except KeyError:
        logging.getLogger("celery.app.trace").exception("a task failed")
    return stderr.getvalue().splitlines()


def test_machines_get_one_json_object_a_line_whoever_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [json.loads(line) for line in written(io.StringIO(), monkeypatch)]
    assert [(line["event"], line["level"]) for line in lines] == [
        ("request", "info"),
        ("lost the broker", "warning"),
        ("a task failed", "error"),
    ]
    assert lines[0]["route"] == "/u/{token}"
    assert lines[1]["logger"] == "celery.worker"
    assert all(line["timestamp"].endswith("Z") for line in lines)
    assert "KeyError: 16" in lines[2]["exception"]
    assert "maya@" not in lines[2]["exception"]


def test_a_person_at_a_terminal_gets_warnings_as_text_and_no_local_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stderr = Terminal()
    monkeypatch.setattr(sys, "stderr", stderr)
    text = "\n".join(written(stderr, monkeypatch))
    assert "lost the broker" in text
    assert "request" not in text
    assert "KeyError: 16" in text
    assert "maya@example.com" not in text


@pytest.mark.parametrize(("wanted", "starts"), [("json", True), ("text", False)])
def test_the_form_can_be_chosen_by_hand(wanted: str, starts: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_LOG", wanted)
    stderr = Terminal() if wanted == "json" else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    assert written(stderr, monkeypatch)[0].startswith("{") == starts


def test_a_line_leaves_in_one_piece_so_that_two_threads_cannot_run_theirs_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wire = Wire()
    lines = written(wire, monkeypatch)
    assert wire.pieces == [f"{line}\n" for line in lines]
