"""An issue of a newsletter to thousands: a worker killed while it enrols, the issue paused and resumed in the
middle, a worker killed while it sends. `python -m bench.newsletters [--readers N] [--seed S]`."""

import argparse
import random
import sys
import time
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from aftercare.domain.segments import Segment
from aftercare.flows import newsletters
from aftercare.flows.newsletters import When
from aftercare.models import Client, Consent, Enrolment, NewsletterIssue, new_id
from aftercare.store import newsletters as rows
from bench import kills, ledger
from bench.ground import Ground, Pace, open_ground, wait_until
from bench.seeding import NAMES, PORTION

PACE = Pace(sweep=0.5, lease=3, reconcile=1, delay_ms=4)
TAG = "reader"
SOON = timedelta(seconds=4)
QUIET_SECONDS = 1.0


def run(ground: Ground, readers: int, dice: random.Random) -> dict[str, float]:
    """Send one issue to so many readers through all of this; the figures."""
    _add_readers(ground, readers)
    issue_id, started = _schedule(ground), time.monotonic()
    mortuary = kills.Mortuary(ground)
    patience = 60 + readers / 10
    wait_until(lambda: _enrolled(ground) > readers // 10, patience)
    kills.kill_one(ground, mortuary, dice)
    wait_until(lambda: ledger.count_begun(ground.engine, TAG) > readers // 10, patience)
    _tell(ground, newsletters.pause, issue_id)
    # What was on the wire may finish; what is claimed goes on hold.
    time.sleep(QUIET_SECONDS)
    at_rest = ledger.count_begun(ground.engine, TAG)
    time.sleep(QUIET_SECONDS)
    sent_in_pause = ledger.count_begun(ground.engine, TAG) - at_rest
    _tell(ground, newsletters.resume, issue_id)
    wait_until(lambda: ledger.count_begun(ground.engine, TAG) > at_rest + readers // 5, patience)
    kills.kill_one(ground, mortuary, dice)
    finished = wait_until(lambda: _state(ground, issue_id) == "sent", patience, mortuary.watch)
    found = _report(ground, mortuary, readers)
    return found | {
        "news.begun_before_pause": at_rest,
        "news.begun_in_pause": sent_in_pause,
        "news.finished": int(finished),
        "news.seconds": round(time.monotonic() - started, 1),
    }


def broken(found: dict[str, float], readers: int) -> list[str]:
    """The floors that are not kept. What is in doubt after a kill is sent again, once; so as many may
    come twice as were on the wire."""
    rules = {
        "everybody has one email of it": found["news.planned"] == readers,
        "every email is settled": found["news.finished"] == 1,
        "nothing begins during the pause": found["news.begun_in_pause"] == 0,
        "the pause came in the middle": 0 < found["news.begun_before_pause"] < readers,
        "nothing is lost": found["news.lost"] == 0,
        "at most what was on the wire comes twice": found["news.extra"] <= found["news.on_the_wire"],
        "whatever came twice is listed": found["news.unlisted"] == 0,
    }
    return [rule for rule, kept in rules.items() if not kept]


def _report(ground: Ground, mortuary: kills.Mortuary, readers: int) -> dict[str, float]:
    account = ledger.take_account(ground.engine, ground.record, TAG)
    print(f"{readers} readers: {account.states}, received {account.received}")
    return {
        "news.readers": readers,
        "news.planned": account.planned,
        "news.received": account.received,
        "news.lost": account.lost,
        "news.extra": account.extra,
        "news.unlisted": account.unlisted,
        "news.on_the_wire": sum(len(death.on_the_wire) for death in mortuary.deaths),
        "news.kills": len(mortuary.deaths),
    }


def _add_readers(ground: Ground, readers: int) -> None:
    now = ground.app.clock.now()
    with ground.app.transaction() as db:
        people = (_reader(ground.stage.clinic_id, number, now) for number in range(readers))
        while portion := list(islice(people, PORTION)):
            for table in (Client, Consent):
                db.execute(insert(table), [person[table] for person in portion])


def _reader(clinic_id: str, number: int, now: datetime) -> dict[type, dict[str, Any]]:
    key, email = new_id("cli"), f"{TAG}-{number:06}@example.com"
    client = {"id": key, "clinic_id": clinic_id, "email": email, "email_key": email, "created_at": now}
    more = {"timezone": "Europe/London", "first_name": NAMES[number % len(NAMES)], "country": "GB"}
    said = {"topic": "newsletter", "given": True, "source": "form", "wording": "Yes.", "recorded_by": "bench"}
    return {
        Client: client | more,
        Consent: {"clinic_id": clinic_id, "client_id": key, "recorded_at": now} | said,
    }


def _schedule(ground: Ground) -> str:
    app, clinic_id = ground.app, ground.stage.clinic_id
    with app.transaction() as db:
        now = app.clock.now()
        issue_id = newsletters.create(db, clinic_id, "issue-2", by="bench", now=now).id
        checked = newsletters.check(db, app, clinic_id, issue_id)
    now = app.clock.now()
    when = When((now + SOON).astimezone(ZoneInfo("Europe/London")).replace(tzinfo=None), "clinic")
    with app.transaction() as db:
        newsletters.schedule(db, clinic_id, issue_id, checked, when, Segment(), by="bench", now=now)
    return issue_id


def _tell(ground: Ground, verb: Any, issue_id: str) -> None:
    with ground.app.transaction() as db:
        verb(db, ground.stage.clinic_id, issue_id, by="bench", now=ground.app.clock.now())


def _enrolled(ground: Ground) -> int:
    of_issue = select(NewsletterIssue.sequence_id)
    with Session(ground.engine) as db:
        query = select(func.count()).where(Enrolment.sequence_id.in_(of_issue))
        return db.scalar(query) or 0


def _state(ground: Ground, issue_id: str) -> str:
    with ground.app.reading() as db:
        return rows.get(db, ground.stage.clinic_id, issue_id).issue.state


def main() -> int:
    """Run it; 0 where every floor is kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.newsletters")
    parser.add_argument("--readers", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    with open_ground(PACE) as ground:
        start(ground)
        found = run(ground, arguments.readers, random.Random(arguments.seed))
        print(ground.complaints())
    for name, value in found.items():
        print(f"{name}: {value}")
    missed = broken(found, arguments.readers)
    for rule in missed:
        print(f"MISSED {rule}", file=sys.stderr)
    return 1 if missed else 0


def start(ground: Ground) -> None:
    """Two workers and two beats, at work."""
    for _ in range(2):
        ground.start_worker()
    ground.start_beats()
    wait_until(ground.at_work, kills.START_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
