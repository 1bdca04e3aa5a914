"""Structured log lines: one JSON object each, with ids and reasons, never an address or a name."""

import logging
import sys

import structlog


def configure_logging(*, level: int = logging.INFO) -> None:
    """JSON lines on stderr for our own events; other libraries keep to warnings."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # stderr as it is when a line is written: whoever runs a command may have put another in its place.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
