"""The recording server as a process of its own, as the kill tests use it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from posting import outgoing, sender_to

from aftercare.domain.outcomes import Accepted


@pytest.mark.parametrize("flag", ["--pipelining", "--no-pipelining"])
def test_each_message_is_on_file_before_its_sender_hears_of_success(tmp_path: Path, flag: str) -> None:
    record = tmp_path / "record.jsonl"
    command = [
        sys.executable,
        "-m",
        "aftercare.testing.smtp",
        "--record",
        str(record),
        flag,
        "--delay-ms",
        "1",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        for number, (_, outcome) in enumerate(
            sender_to(f"smtp://127.0.0.1:{port}").send([outgoing(0), outgoing(1)])
        ):
            assert outcome == Accepted("smtp_250_2.0.0")
            assert len(record.read_text().splitlines()) == number + 1
        process.kill()
    last = json.loads(record.read_text().splitlines()[-1])
    assert last.pop("at") > 0
    assert last == {
        "message_id": "<1@clinic.example>",
        "rcpt": "r1@example.org",
        "bytes": len(outgoing(1).content),
    }
