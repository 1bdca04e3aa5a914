"""Structured log lines with ids and reasons, never an address or a name. JSON, one object a line, for
machines; plain lines for a person at a terminal. `AFTERCARE_LOG=json` or `text` chooses by hand."""

import logging
import os
import sys

import structlog
from structlog.typing import Processor

LOG_VARIABLE = "AFTERCARE_LOG"


class _ToStderr(logging.Handler):
    """stderr as it is when a line is written: whoever runs a command may have put another in its place."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, its end with it: threads would run theirs together in between."""
        sys.stderr.write(f"{self.format(record)}\n")
        sys.stderr.flush()


def configure_logging(*, level: int | None = None, others: int = logging.WARNING) -> None:
    """Our own events from `level` on (INFO as JSON; WARNING at a terminal, where commands talk by
    themselves), those of other libraries from `others` on, all in the same form on stderr."""
    as_json = _as_json()
    chosen = level if level is not None else (logging.INFO if as_json else logging.WARNING)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = _last(as_json=as_json)
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(chosen),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _format_other_libraries(shared, last, others)
    logging.captureWarnings(as_json)  # else Python writes them to stderr in a form of its own


def _as_json() -> bool:
    wanted = os.environ.get(LOG_VARIABLE, "")
    return wanted == "json" or (wanted != "text" and not sys.stderr.isatty())


def _last(*, as_json: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    # The richer traceback prints local variables, which are people's addresses and names.
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def _format_other_libraries(shared: list[Processor], last: list[Processor], level: int) -> None:
    handler = _ToStderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.setLevel(level)
    # A second call replaces the first; handlers that somebody else put there (a test's) stay.
    root.handlers = [kept for kept in root.handlers if not isinstance(kept, _ToStderr)] + [handler]
