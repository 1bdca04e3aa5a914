"""What the demo shows: who got what when, from the bytes that the SMTP server received."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aftercare.cli.demo_run import Demo
from aftercare.cli.opening import utc
from aftercare.errors import InvalidInput
from aftercare.store import messages

WRITTEN = (".eml", ".html")
NAME_LENGTH = 40
"""Of a client's folder, in characters: short enough in every alphabet."""

OPEN = ("planned", "claimed", "transmitting", "unknown", "held")


def received_rows(demo: Demo, contents: Sequence[bytes]) -> list[dict[str, Any]]:
    """One row per message that arrived; sequence and step are looked up by Message-ID."""
    parsed = [(message_from_bytes(content, policy=policy.default), len(content)) for content in contents]
    with demo.app.reading() as db:
        known = messages.by_message_id(db, [str(mail["Message-ID"]) for mail, _ in parsed])
        names = {client_id: name for name, client_id in demo.people.items()}
        rows = []
        for mail, size in parsed:
            message, sequence = known[str(mail["Message-ID"])]
            name = names[message.client_id]
            zone = demo.sent_in.get(str(mail["Message-ID"]), demo.zones[name])
            rows.append(_row(mail, size, name, zone, sequence.slug, message.step_key))
    return sorted(rows, key=lambda row: (row["client"], row["sent_at"]))


def _row(mail: EmailMessage, size: int, client: str, zone: str, sequence: str, step: str) -> dict[str, Any]:
    sent_at = parsedate_to_datetime(str(mail["Date"])).astimezone(UTC)
    return {
        "client": client,
        "timezone": zone,
        "sent_at": utc(sent_at),
        "local": sent_at.astimezone(ZoneInfo(zone)).isoformat(),
        "sequence": sequence,
        "step": step,
        "subject": str(mail["Subject"]),
        "bytes": size,
        "message_id": str(mail["Message-ID"]),
    }


def who_got_what_when(rows: Sequence[Mapping[str, Any]]) -> str:
    """A table for people: each client's emails in their own local time."""
    lines = ["Who got what when, in each client's own time"]
    for client, mails in groupby(rows, key=lambda row: str(row["client"])):
        mine = list(mails)
        lines += ["", f"{client} ({mine[0]['timezone']})"]
        lines += [
            f"  {datetime.fromisoformat(mail['local']):%a %d %b %H:%M}  {mail['subject']:<34}"
            f"  {mail['sequence']}: {mail['step']}"
            for mail in mine
        ]
    return "\n".join(lines)


def sum_line(demo: Demo, received: int) -> tuple[str, bool]:
    """`planned N = received a + skipped b + cancelled c + later d`, and whether it adds up."""
    with demo.app.reading() as db:
        states = messages.counts_by_state(db)
    planned = sum(states.values())
    skipped, cancelled = states.get("skipped", 0), states.get("cancelled", 0)
    later = sum(states.get(state, 0) for state in OPEN)
    line = (
        f"planned {planned} = received {received} + skipped {skipped} + cancelled {cancelled} + later {later}"
    )
    return line, planned == received + skipped + cancelled + later


def write_files(folder: Path, contents: Iterable[bytes], rows: Mapping[str, Mapping[str, Any]]) -> int:
    """Write each message as .eml and its HTML beside it, in a folder per client; replaces what an earlier
    demo left there. Returns how many were written."""
    clear(folder)
    places = _places(folder, sorted({row["client"] for row in rows.values()}))
    count = 0
    for content in contents:
        mail = message_from_bytes(content, policy=policy.default)
        row = rows[str(mail["Message-ID"])]
        stem = f"{row['local'][:16].replace(':', '')}-{row['step']}"
        place = places[row["client"]]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{stem}.eml").write_bytes(content)
        body = mail.get_body(("html",))
        if body is not None:
            (place / f"{stem}.html").write_text(body.get_content(), encoding="utf-8")
        count += 1
    return count


def clear(folder: Path) -> None:
    """Make `folder`, or empty it of what an earlier demo left. InvalidInput where it holds anything else:
    a folder that someone named by mistake is not ours to empty."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
        ours = all(path.parent.parent == folder and path.suffix in WRITTEN for path in found)
        if ours:
            for place in folder.iterdir():
                shutil.rmtree(place)
    except OSError as error:
        raise InvalidInput("--out", f"cannot write to {folder} ({error.strerror})") from None
    if not ours:
        raise InvalidInput("--out", f"{folder} holds files that no demo wrote; name another folder")


def _places(folder: Path, clients: Sequence[str]) -> dict[str, Path]:
    """A folder for each client: names that only differ in odd signs or case stay apart on every disk."""
    places: dict[str, Path] = {}
    used: set[str] = set()
    for client in clients:
        plain = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in client)
        name = plain = plain[:NAME_LENGTH]
        number = 1
        while name.casefold() in used:
            number += 1
            name = f"{plain}-{number}"
        used.add(name.casefold())
        places[client] = folder / name
    return places
