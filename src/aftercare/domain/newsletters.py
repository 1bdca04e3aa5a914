"""Who gets an issue of a newsletter, who is left out, and why (content sections 2 and 3).

The same reasons are asked for again when an email is about to leave."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

AFTER_A_VISIT = timedelta(days=3)
AFTER_STRONG_FEELINGS = timedelta(days=14)
ANOTHER_DAY = timedelta(hours=12)
"""Caps move by whole days; a window only by hours."""
LEFT_GROUP = "left_group"
"""Why an email is left out whose reader was in the issue's segment when it was planned, but is no more."""


@dataclass(frozen=True)
class Quiet:
    """What keeps newsletters from somebody: whether the support path is running, and until when (UTC) emails
    after strong feelings or a recent visit come first; None: nothing of that kind."""

    support: bool = False
    tender_until: datetime | None = None
    visit_until: datetime | None = None


NOTHING = Quiet()


def quiet_reason(quiet: Quiet, at: datetime) -> str | None:
    """Why a newsletter must not go at this instant (UTC): support_path, tender_path, recent_visit."""
    if quiet.support:
        return "support_path"
    if quiet.tender_until is not None and at < quiet.tender_until:
        return "tender_path"
    return "recent_visit" if quiet.visit_until is not None and at < quiet.visit_until else None


@dataclass(frozen=True)
class Subscriber:
    """One who consents to the topic, seen from an issue that would go at `asked` (UTC).

    `at`: where the planner finds a place for it within the caps (UTC); `no_place`: why it finds none (capped,
    less_often). `stopped`: staff have stopped everything for her."""

    client_id: str
    in_segment: bool
    suppressed: bool
    stopped: bool
    held: bool
    paused_until: datetime | None
    quiet: Quiet
    asked: datetime
    at: datetime
    no_place: str | None


@dataclass(frozen=True)
class Fate:
    """She gets it at `at` (UTC), or is left out for `reason`. `later`: on another day than was asked for."""

    client_id: str
    reason: str | None
    at: datetime | None = None
    later: bool = False


@dataclass(frozen=True)
class Audience:
    """`subscribers` = `going` + the sum of `left_out` (reason -> number). `later`: how many of those going
    get it on another day; `first` and `last`: when it begins and ends (UTC)."""

    subscribers: int
    going: int
    later: int
    left_out: Mapping[str, int]
    first: datetime | None
    last: datetime | None


REASONS = (
    "segment",
    "suppressed",
    "stopped",
    "support_path",
    "tender_path",
    "recent_visit",
    "held",
    "paused",
    "less_often",
    "capped",
)
"""Everything that leaves a subscriber out, in the order in which it is asked."""


def fate(one: Subscriber) -> Fate:
    """What becomes of the issue for this subscriber, as things stand."""
    stands = {
        "segment": not one.in_segment,
        "suppressed": one.suppressed,
        "stopped": one.stopped,
        "held": one.held,
        "paused": one.paused_until is not None and one.at < one.paused_until,
        quiet_reason(one.quiet, one.at): True,
        one.no_place: True,
    }
    reason = next((reason for reason in REASONS if stands.get(reason)), None)
    if reason is not None:
        return Fate(one.client_id, reason)
    return Fate(one.client_id, None, one.at, one.at - one.asked >= ANOTHER_DAY)


def count(fates: Iterable[Fate]) -> Audience:
    """The numbers of the review; they add up because every subscriber has exactly one fate."""
    every = list(fates)
    instants = [one.at for one in every if one.reason is None and one.at is not None]
    left_out = Counter(one.reason for one in every if one.reason is not None)
    return Audience(
        subscribers=len(every),
        going=len(every) - left_out.total(),
        later=sum(one.later for one in every),
        left_out={reason: left_out[reason] for reason in REASONS if left_out[reason]},
        first=min(instants, default=None),
        last=max(instants, default=None),
    )
