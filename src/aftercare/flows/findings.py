"""What a look at one part of the installation brought."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """WARN works, but not as well or as safely as it should."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """`found` in plain words; `mend` says what to do about it, empty where nothing is to do."""

    part: str
    state: State
    found: str
    mend: str = ""


def ok(part: str, found: str) -> Finding:
    """All is well."""
    return Finding(part, State.OK, found)


def warn(part: str, found: str, mend: str) -> Finding:
    """It works, but."""
    return Finding(part, State.WARN, found, mend)


def fail(part: str, found: str, mend: str) -> Finding:
    """It does not work."""
    return Finding(part, State.FAIL, found, mend)
