"""The command as a person runs it, but in this process: starting Python 70 times would take minutes."""

import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper

from aftercare import cli


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    stdout: str
    stderr: str


def run(*words: str) -> Outcome:
    """`aftercare` with these words."""
    before, sys.argv = sys.argv, ["aftercare", *words]
    # Not StringIO: a message is written as bytes.
    out, err = (TextIOWrapper(BytesIO(), "utf-8", newline="", write_through=True) for _ in range(2))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            cli.main()
        code = 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    finally:
        sys.argv = before
    return Outcome(code, *(_written(stream) for stream in (out, err)))


def _written(stream: TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
