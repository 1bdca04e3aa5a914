"""May this message go out now? Asked again at sending time, whatever the plan said (consent, caps, hours)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare.domain.caps import NO_CAPS, Caps, Taken, next_allowed
from aftercare.domain.localtime import shift, to_local
from aftercare.domain.windows import ALWAYS, Window

ON_TIME = timedelta(minutes=15)  # later than this is catch-up (R7)
CATCH_UP_PAUSE = timedelta(hours=24)


@dataclass(frozen=True)
class Facts:
    """All that the decision looks at. Instants are UTC.

    `taken`: the client's other messages that were sent or are on the wire (8 days back are enough);
    `last_catch_up`: when the last one of them went out that was more than 15 minutes late;
    `held`, `sequence_paused`, `stopped` (everything): by staff; `paused`: its moment falls into a pause of
    the client; `run_active`: its run goes on, or it belongs to none; `quiet`: why newsletters keep away from
    her."""

    purpose: str
    consent: bool
    opted_out: bool
    suppressed: bool
    held: bool
    sequence_paused: bool
    paused: bool
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
    quiet: str | None = None
    stopped: bool = False


@dataclass(frozen=True)
class Send:
    """Hand it over now."""


@dataclass(frozen=True)
class Skip:
    """Never send it. Reasons: no_consent, opted_out, stopped_everything, suppressed, run_ended, expired; of a
    newsletter also left_group, support_path, tender_path, recent_visit."""

    reason: str


@dataclass(frozen=True)
class Wait:
    """Look again at the UTC instant `until`. Reasons: not_due, quiet_hours, capped, catch_up."""

    until: datetime
    reason: str


@dataclass(frozen=True)
class Hold:
    """Stands still until a person releases it or its pause is over: held, sequence_paused, paused."""

    reason: str


Decision = Send | Skip | Wait | Hold


def decide(facts: Facts, now: datetime) -> Decision:
    """What to do with the message at `now` (UTC).

    Final obstacles come first, then holds, then the earliest instant that window, weekdays, caps, gap and
    catch-up allow (R7). Where that is more than `max_late` after `planned_for`, the message has expired: at
    once, not only then. Purpose account is exempt from topic consent, holds, pauses, window, caps and
    catch-up (ADR 10); suppression stops it too. Raises InvalidInput beyond the year 9999."""
    obstacle = _final_obstacle(facts)
    if obstacle is not None:
        return Skip(obstacle)
    standstill = _standstill(facts)
    if standstill is not None:
        return Hold(standstill)
    earliest = _earliest(facts, now)
    if earliest.until - facts.planned_for > facts.max_late:
        return Skip("expired")
    return earliest if earliest.until > now else Send()


def _final_obstacle(facts: Facts) -> str | None:
    asked_for = facts.purpose == "account"
    obstacles = {
        "stopped_everything": facts.stopped,
        "suppressed": facts.suppressed,
        "opted_out": facts.opted_out and not asked_for,
        "no_consent": not facts.consent and not asked_for,
        "run_ended": not facts.run_active,
    }
    return next((reason for reason, stands in obstacles.items() if stands), facts.quiet)


def _standstill(facts: Facts) -> str | None:
    reasons = {
        "held": facts.held,
        "sequence_paused": facts.sequence_paused,
        "paused": facts.paused,
    }
    if facts.purpose == "account":
        return None
    return next((reason for reason, stands in reasons.items() if stands), None)


def _earliest(facts: Facts, now: datetime) -> Wait:
    """The first instant from `now` on that every rule allows, with the last rule that moved it; the search
    ends as soon as the message would be too late."""
    account = facts.purpose == "account"
    window = ALWAYS if account or facts.window_any else facts.window
    found = Wait(now, "") if now >= facts.planned_for else Wait(facts.planned_for, "not_due")
    while found.until - facts.planned_for <= facts.max_late:
        start = found.until
        found = _later(found, window.next_open(found.until, facts.zone), "quiet_hours")
        found = _later(
            found, _within_caps(facts, found.until, window, free=account or facts.uncapped), "capped"
        )
        if not account:
            found = _later(found, _after_catch_up(facts, found.until), "catch_up")
        if found.until == start:
            break
    return found


def _later(found: Wait, until: datetime, reason: str) -> Wait:
    return Wait(until, reason) if until > found.until else found


def _within_caps(facts: Facts, candidate: datetime, window: Window, *, free: bool) -> datetime:
    return next_allowed(
        candidate,
        () if free else facts.taken,
        run_key=facts.run_key,
        zone=facts.zone,
        caps=NO_CAPS if free else facts.caps,
        only_on=facts.only_on,
        window=window,
        wall_time=to_local(facts.planned_for, facts.zone).time(),
        latest=shift(facts.planned_for, facts.max_late),
    )


def _after_catch_up(facts: Facts, candidate: datetime) -> datetime:
    if facts.last_catch_up is None or candidate - facts.planned_for <= ON_TIME:
        return candidate
    return max(candidate, shift(facts.last_catch_up, CATCH_UP_PAUSE))
