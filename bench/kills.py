"""F3: kill -9, again and again, and what it may cost."""

import os
import random
import signal
import time
from dataclasses import dataclass, field

from bench import ledger
from bench.ground import Ground, wait_until

SOONEST, LATEST = 0.05, 1.5
"""Seconds after the first message of a portion has left."""
START_SECONDS = 60.0
WIRE_LIMIT = 16
SLACK_SECONDS = 15
"""A sweep waits for a free process, up to ten seconds, and processes start anew."""


@dataclass
class Death:
    """One kill. `fences` are those that were claimed or on the wire then and have not been let go since."""

    at: float
    kind: str
    on_the_wire: frozenset[str]
    allowed: int
    fences: frozenset[str]
    taken_over_after: float = 0.0


@dataclass
class Mortuary:
    """All kills of a run, and how long the work of the dead lay about."""

    ground: Ground
    deaths: list[Death] = field(default_factory=list)

    def add(self, kind: str, processes_lost: int) -> None:
        """Note what a kill that has just happened left behind."""
        wire = ledger.transmitting(self.ground.engine)
        allowed = min(len(wire), WIRE_LIMIT * processes_lost)
        fences = ledger.fences(self.ground.engine)
        self.deaths.append(Death(time.monotonic(), kind, wire, allowed, fences))

    def watch(self) -> None:
        """See which fences are gone by now."""
        waiting = [death for death in self.deaths if death.fences]
        held = ledger.fences(self.ground.engine) if waiting else frozenset()
        for death in waiting:
            death.fences &= held
            death.taken_over_after = time.monotonic() - death.at


def kill_workers(
    ground: Ground, tag: str, messages: int, kills: int, dice: random.Random
) -> tuple[Mortuary, bool]:
    """Send `messages` in as many portions as there are kills, and kill a random worker in each; then wait
    until all is final. Returns the deaths, and whether it did become final."""
    mortuary = Mortuary(ground)
    for number in range(kills):
        wait_until(ground.at_work, START_SECONDS, mortuary.watch)
        begun = ledger.count_begun(ground.engine, tag)
        first, beyond = (messages * edge // kills for edge in (number, number + 1))
        ground.plan(tag, beyond - first, first=first)
        wait_until(lambda: ledger.count_begun(ground.engine, tag) > begun, START_SECONDS)  # noqa: B023
        end = time.monotonic() + dice.uniform(SOONEST, LATEST)
        wait_until(lambda: time.monotonic() >= end, LATEST, mortuary.watch)  # noqa: B023
        kill_one(ground, mortuary, dice)
    drained = wait_until(ground.drained, 60 + messages / 50, mortuary.watch)
    wait_until(lambda: not any(death.fences for death in mortuary.deaths), 10, mortuary.watch)
    return mortuary, drained


def kill_one(ground: Ground, mortuary: Mortuary, dice: random.Random) -> None:
    """A child at its work, a parent alone, or both at once."""
    victim, kind = dice.choice(ground.workers), dice.choice(("child", "parent", "group"))
    children = victim.children()
    if kind == "child" and children:
        os.kill(dice.choice(children), signal.SIGKILL)
        mortuary.add(kind, 1)
        return
    if kind == "parent":
        victim.kill_parent()  # which takes its children along: the kernel kills them (PR_SET_PDEATHSIG)
    else:
        victim.kill_group()
    mortuary.add(kind, ground.concurrency)
    ground.workers.remove(victim)
    ground.start_worker()


def report(mortuary: Mortuary, account: ledger.Count) -> dict[str, float]:
    """The figures of F3; `extra_unexplained` are copies of messages that were on the wire at no kill."""
    on_the_wire: frozenset[str] = frozenset().union(*(death.on_the_wire for death in mortuary.deaths))
    takeovers = [death.taken_over_after for death in mortuary.deaths]
    return {
        "F3.kills": len(mortuary.deaths),
        "F3.lost": account.lost,
        "F3.extra": account.extra,
        "F3.extra_allowed": sum(death.allowed for death in mortuary.deaths),
        "F3.extra_unexplained": len(account.doubled - on_the_wire),
        "F3.extra_unlisted": account.unlisted,
        "F3.shown_to_staff": account.shown_to_staff,
        "F3.takeover_s": round(max(takeovers, default=0.0), 1),
    }


def table(mortuary: Mortuary, account: ledger.Count) -> str:
    """One line per kill. A doubled message counts at the first kill that found it on the wire."""
    counted: set[str] = set()
    lines = [f"{'kill':>4} {'what':<7} {'on the wire':>11} {'allowed':>7} {'doubled':>7} {'takeover s':>10}"]
    for number, death in enumerate(mortuary.deaths, 1):
        doubled = (account.doubled & death.on_the_wire) - counted
        counted |= doubled
        lines.append(
            f"{number:>4} {death.kind:<7} {len(death.on_the_wire):>11} {death.allowed:>7} {len(doubled):>7} "
            f"{death.taken_over_after:>10.1f}"
        )
    return "\n".join(lines)
