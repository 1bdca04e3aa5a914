"""May this message go out now? Asked again at sending time, whatever the plan said (consent, caps, hours)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare.domain.caps import Caps, Taken
from aftercare.domain.windows import Window


@dataclass(frozen=True)
class Facts:
    """All that the decision looks at. Instants are UTC.

    `taken`: the client's other messages that were sent or are on the wire (8 days back are enough);
    `last_catch_up`: when the last one of them went out that was more than 15 minutes late;
    `held`, `sequence_paused`: for this message: the caller leaves out holds that it is exempt from;
    `run_active`: its run goes on, or it belongs to none."""

    purpose: str
    consent: bool
    opted_out: bool
    suppressed: bool
    held: bool
    sequence_paused: bool
    run_active: bool
    planned_for: datetime
    max_late: timedelta
    zone: ZoneInfo
    window: Window
    caps: Caps
    taken: Sequence[Taken]
    last_catch_up: datetime | None
    only_on: frozenset[int]
    uncapped: bool
    window_any: bool
    run_key: str


@dataclass(frozen=True)
class Send:
    """Hand it over now."""


@dataclass(frozen=True)
class Skip:
    """Never send it. Reasons: no_consent, opted_out, suppressed, run_ended, expired."""

    reason: str


@dataclass(frozen=True)
class Wait:
    """Look again at the UTC instant `until`. Reasons: not_due, quiet_hours, capped, catch_up."""

    until: datetime
    reason: str


@dataclass(frozen=True)
class Hold:
    """Stands still until a person releases it. Reasons: held, sequence_paused."""

    reason: str


Decision = Send | Skip | Wait | Hold


def decide(facts: Facts, now: datetime) -> Decision:
    """What to do with the message at `now` (UTC)."""
    raise NotImplementedError
