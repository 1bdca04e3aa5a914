"""Faults on a real PostgreSQL, Redis and SMTP server, and what became of every message (reliability 6).

`python -m bench.chaos [--messages N] [--kills K] [--seed S] [--quick]` prints tables, then `name: value`
lines; exit code 1 where a floor is missed. Nothing needs root. What was received is counted from the SMTP
server's own record."""

import argparse
import random
import sys
from collections.abc import Mapping

from bench import brokers, kills, ledger
from bench.ground import Ground, Pace, open_ground, wait_until

WORKERS = 2
RESTARTS = 2
DOWN_SECONDS = 5.0
CALM = Pace()
SLOW_RELAY = Pace(delay_ms=4)
"""For the faults: a relay that thinks, as real ones do, so that a kill finds messages on the wire."""


def calm(concurrency: int, messages: int) -> dict[str, float]:
    """All due at once, nobody harmed: how fast, and exactly once?"""
    with open_ground(CALM, concurrency=concurrency) as ground:
        _start(ground)
        cpu = ground.smtp.cpu_seconds()
        ground.plan("calm", messages)
        wait_until(ground.drained, 60 + messages / 50)
        account = ledger.take_account(ground.engine, ground.record, "calm")
        speed = ledger.rate(ground.record, "calm")
        share = (ground.smtp.cpu_seconds() - cpu) * speed / messages
        print(f"{account.planned} messages due at once: {account.states}, received {account.received}")
        print(ground.complaints())
    return {
        "chaos.messages_per_s": round(speed, 1),
        "chaos.smtp_server_cpu_share": round(share, 2),
        "calm.lost": account.lost,
        "calm.extra": account.extra,
    }


def faults(concurrency: int, messages: int, count: int, seed: int) -> dict[str, float]:
    """F3, F1 and F2, on one ground."""
    dice = random.Random(seed)
    with open_ground(SLOW_RELAY, concurrency=concurrency) as ground:
        _start(ground)
        mortuary, drained = kills.kill_workers(ground, "killed", messages, count, dice)
        account = ledger.take_account(ground.engine, ground.record, "killed")
        print(kills.table(mortuary, account))
        print(
            f"{account.planned} messages, drained: {drained}: {account.states}, received {account.received}"
        )
        found = kills.report(mortuary, account)
        found |= brokers.flush(ground, "flushed", messages // 5, dice)
        found |= brokers.restart_often(ground, "restarted", messages // 20, RESTARTS, DOWN_SECONDS)
        print(ground.complaints())
    return found


def missed(found: Mapping[str, float]) -> list[str]:
    """The floors that are not kept."""
    zero = [name for name in found if name.endswith((".lost", "_unexplained", "_unlisted"))]
    zero += ["calm.extra", "F1.extra", "F2.extra"]
    takeover = SLOW_RELAY.lease + SLOW_RELAY.sweep + kills.SLACK_SECONDS
    rules = {f"{name} is 0": found[name] == 0 for name in zero} | {
        "F3.extra is at most F3.extra_allowed": found["F3.extra"] <= found["F3.extra_allowed"],
        f"F3.takeover_s is at most {takeover}": found["F3.takeover_s"] <= takeover,
        "F2: the session that was logged without a broker is planned": found["F2.session_planned"] == 1,
    }
    return [rule for rule, kept in rules.items() if not kept]


def main() -> int:
    """Run everything; 0 where every floor is kept."""
    arguments = _arguments()
    messages, count = (1000, 3) if arguments.quick else (arguments.messages, arguments.kills)
    print(
        f"{WORKERS} workers (prefork, {arguments.concurrency} processes each), 2 beats, "
        f"seed {arguments.seed}, {CALM}, faults: {SLOW_RELAY}"
    )
    found = calm(arguments.concurrency, messages)
    found |= faults(arguments.concurrency, messages, count, arguments.seed)
    for name, value in found.items():
        print(f"{name}: {value}")
    for rule in (broken := missed(found)):
        print(f"NOT KEPT: {rule}")
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--concurrency", type=int, default=1, help="processes per worker")
    parser.add_argument("--quick", action="store_true", help="1,000 messages and 3 kills: under a minute")
    return parser.parse_args()


def _start(ground: Ground) -> None:
    for _ in range(WORKERS):
        ground.start_worker()
    ground.start_beats()
    wait_until(ground.at_work, 60)


if __name__ == "__main__":
    sys.exit(main())
