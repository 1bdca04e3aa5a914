"""Short ways to write sequences, anchors and runs in tests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare.domain.caps import PRIORITY
from aftercare.domain.localtime import Anchor, parse_instant
from aftercare.domain.plan import Run
from aftercare.domain.steps import SequenceSpec, Step

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
KATHMANDU = ZoneInfo("Asia/Kathmandu")

TENDER = (
    {"hours": 2, "else_at": "09:00"},
    {"days": 1, "at": "10:00"},
    {"days": 2, "at": "18:00"},
    {"days": 4, "at": "10:00"},
    {"days": 7, "at": "10:00"},
    {"days": 14, "at": "18:00"},
)
ORDINARY = (
    {"hours": 3, "else_at": "09:30"},
    {"days": 1, "at": "18:00"},
    {"days": 3, "at": "10:00"},
    {"days": 6, "at": "18:00"},
    {"days": 10, "at": "10:00"},
)


def utc(text: str) -> datetime:
    """The instant that `text` writes; UTC where it has no offset."""
    return parse_instant(text, ZoneInfo("UTC"))


def anchor(text: str, zone: ZoneInfo = LONDON) -> Anchor:
    """The anchor at the local time `text`."""
    return Anchor.at(parse_instant(text, zone), zone)


def steps(*waits: Mapping[str, object], before: bool = False, **options: object) -> tuple[Step, ...]:
    """Steps s1, s2, ... with these waits, all with the same options."""
    return tuple(
        Step.parse({"key": f"s{number}", "wait": wait, **options}, allow_negative=before)
        for number, wait in enumerate(waits, start=1)
    )


def sequence(*waits: Mapping[str, object], on: str = "session.logged", **options: object) -> SequenceSpec:
    """A sequence of such steps."""
    listed = [{"key": f"s{number}", "wait": wait, **options} for number, wait in enumerate(waits, start=1)]
    return SequenceSpec.parse({"trigger": {"on": on}, "steps": listed})


def run(
    planned: Sequence[Step],
    at: Anchor,
    key: str = "run",
    priority: str = "visit",
    purpose: str = "care",
    facts: Mapping[str, object] | None = None,
    done: frozenset[str] = frozenset(),
    every_visit_only: bool = False,
) -> Run:
    """A run with the usual rest."""
    return Run(key, planned, at, PRIORITY[priority], purpose, facts or {}, done, every_visit_only)


def local_days(instants: Sequence[datetime], at: Anchor) -> list[int]:
    """How many local dates after the anchor's each instant lies."""
    return [(instant.astimezone(at.zone).date() - at.local.date()).days for instant in instants]


def hours(number: float) -> timedelta:
    """`number` hours."""
    return timedelta(hours=number)


LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
