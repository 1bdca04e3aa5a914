"""Who takes part in the demo: the default cast, or a file of sessions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from unicodedata import category
from zoneinfo import ZoneInfo

from aftercare.domain.localtime import parse_instant, parse_zone
from aftercare.errors import InvalidInput
from aftercare.flows.sessions import OUTCOMES
from aftercare.flows.zones import zone_aliases

CITIES = (("london", "Europe/London"), ("newyork", "America/New_York"), ("kathmandu", "Asia/Kathmandu"))
UNUSABLE = ("Cc", "Cs", "Zl", "Zp")
FIRST_YEAR, LAST_YEAR = 1900, 9990
KEYS = {"client", "timezone", "ends_at", "outcome", "consent"}


@dataclass(frozen=True)
class Visit:
    """One session of the demo; `ends_at` is UTC."""

    client: str
    zone: ZoneInfo
    ends_at: datetime
    outcome: str
    consent: bool

    @property
    def local_date(self) -> date:
        """The day of the session where the client lives."""
        return self.ends_at.astimezone(self.zone).date()


def default_cast(start: date) -> list[Visit]:
    """Sessions that end at 14:00 local in three cities, ordinary and strong feelings, and one London
    client's at 18:30: too late for a quiet evening email."""
    visits = [
        _visit(f"{city}-{outcome.split('_')[0]}", zone, datetime.combine(start, time(14)), outcome)
        for city, zone in CITIES
        for outcome in ("ordinary", "strong_feelings")
    ]
    late = datetime.combine(start, time(18, 30))
    return [*visits, _visit("london-late", "Europe/London", late, "strong_feelings")]


def read_cast(path: Path) -> list[Visit]:
    """The sessions of a JSON file. InvalidInput names the entry and the field."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("--sessions", f"cannot read {path.name} ({error.__class__.__name__})") from None
    except json.JSONDecodeError as error:
        raise InvalidInput("--sessions", f"{path.name} is not JSON (line {error.lineno})") from None
    except (RecursionError, ValueError):
        raise InvalidInput("--sessions", f"{path.name} holds a number too long or lists too deep") from None
    if not isinstance(entries, list) or not entries:
        raise InvalidInput("--sessions", "write a list of sessions: [{client, timezone, ends_at, outcome}]")
    return [_entry(number, entry) for number, entry in enumerate(entries, start=1)]


def _entry(number: int, entry: Any) -> Visit:
    where = f"--sessions, entry {number}"
    if not isinstance(entry, Mapping):
        raise InvalidInput(where, "must be an object")
    unknown = set(entry) - KEYS
    if unknown:
        raise InvalidInput(where, f"has no key {sorted(unknown)[0]!r}; use {', '.join(sorted(KEYS))}")
    texts = {key: entry.get(key) for key in ("client", "timezone", "ends_at", "outcome")}
    for key, value in texts.items():
        if not isinstance(value, str) or not value.strip():
            raise InvalidInput(f"{where}, {key}", "must be text")
    consent = entry.get("consent", True)
    if not isinstance(consent, bool):
        raise InvalidInput(f"{where}, consent", "must be true or false")
    if any(category(letter) in UNUSABLE for letter in entry["client"]):
        raise InvalidInput(f"{where}, client", "must be one line without control or half characters")
    if entry["outcome"] not in OUTCOMES:
        raise InvalidInput(f"{where}, outcome", f"choose from {', '.join(OUTCOMES)}")
    zone = parse_zone(entry["timezone"], zone_aliases(), f"{where}, timezone")
    ends_at = parse_instant(entry["ends_at"], zone, f"{where}, ends_at")
    if not FIRST_YEAR <= ends_at.year <= LAST_YEAR:
        raise InvalidInput(f"{where}, ends_at", f"choose a year from {FIRST_YEAR} to {LAST_YEAR}")
    return Visit(entry["client"].strip(), zone, ends_at, entry["outcome"], consent)


def _visit(client: str, zone_name: str, local: datetime, outcome: str) -> Visit:
    zone = parse_zone(zone_name)
    return Visit(client, zone, parse_instant(local.isoformat(), zone), outcome, consent=True)
