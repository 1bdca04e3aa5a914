"""Asks the policy again for claimed messages, now, and applies its answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from aftercare.domain import policy
from aftercare.domain.caps import EVERY_DAY, Taken
from aftercare.domain.conditions import all_match
from aftercare.domain.newsletters import LEFT_GROUP, quiet_reason
from aftercare.domain.states import MessageState
from aftercare.domain.windows import Window
from aftercare.flows import quiet
from aftercare.flows.calendar import (
    caps_of,
    last_catch_up,
    look_back,
    spec_of,
    step_of,
    taken_by,
    taken_in_doubt,
    zone_of,
)
from aftercare.flows.replan import falls_into_pause
from aftercare.models import Message
from aftercare.store import issue_runs, messages
from aftercare.store.dispatch import Claimed
from aftercare.store.messages import Doubt


def apply_decisions(db: Session, claimed: Sequence[Claimed], now: datetime) -> list[Claimed]:
    """Those that may go out now. The others are skipped, put back until later, or held, with a reason.

    Several messages of one client in a batch are decided one after the other, so that two of them cannot
    both take the same day's place."""
    mail: dict[str, list[Message]] = {one.client.id: [] for one in claimed}
    resting = _resting(db, claimed, now)
    since = now - look_back(one.client for one in claimed)
    for row in messages.sent_or_on_the_wire(db, mail, since):
        mail[row.client_id].append(row)
    doubts = messages.in_doubt(db, mail, since)
    chosen = []
    for one in claimed:
        had = _Had(mail[one.client.id], [doubt for doubt in doubts if doubt.client_id == one.client.id])
        decision = _decide(one, had, resting.get(one.message.id), now)
        if isinstance(decision, policy.Send):
            mail[one.client.id].append(one.message)
            chosen.append(one)
        else:
            _apply(one.message, decision, now)
    db.flush()
    return chosen


class _Had(NamedTuple):
    """What a client got, or has on its way, and what else she may have got."""

    mail: Sequence[Message]
    doubts: Sequence[Doubt]

    def taken_but(self, message: Message) -> list[Taken]:
        """The places that other emails have; a message that goes again is not in its own way."""
        others = [taken_in_doubt(doubt) for doubt in self.doubts if doubt.message_id != message.id]
        return [*map(taken_by, self.mail), *others]


def _resting(db: Session, claimed: Sequence[Claimed], now: datetime) -> dict[str, str]:
    """Why newsletters must not go to their people now, by message: since they were planned a visit may have
    been logged, which also takes her out of the group of whom we have not seen."""
    news = [one for one in claimed if one.message.purpose == "newsletter"]
    found: dict[str, str] = {}
    for clinic_id in {one.clinic.id for one in news}:
        people = {one.client.id for one in news if one.clinic.id == clinic_id}
        for client_id, rest in quiet.read(db, clinic_id, people, now=now).items():
            reason = quiet_reason(rest, now)
            found |= {one.message.id: reason for one in news if one.client.id == client_id and reason}
    return found | _not_in_the_group(db, news)


def _not_in_the_group(db: Session, news: Sequence[Claimed]) -> dict[str, str]:
    found: dict[str, str] = {}
    for sequence_id, clinic in {one.sequence.id: one.clinic for one in news}.items():
        its = {one.client.id: one.message.id for one in news if one.sequence.id == sequence_id}
        found |= {its[one]: LEFT_GROUP for one in issue_runs.outside(db, clinic, sequence_id, its)}
    return found


def _decide(one: Claimed, had: _Had, resting: str | None, now: datetime) -> policy.Decision:
    """A step that was on the wire while its run moved to a version without it, and came back, is over; and
    what prepares a visit is of no use once that has begun."""
    step = next((step for step in spec_of(one.version).steps if step.key == one.message.step_key), None)
    if step is None:
        return policy.Skip("no_longer_planned")
    if not all_match(step_of(spec_of(one.version), one.message.step_key).only_if, one.enrolment.facts):
        # What a client answers, and whether somebody has spoken with her, is known only now.
        return policy.Skip("condition")
    if step.wait.amount < 0 and now >= one.enrolment.anchor_at:
        return policy.Skip("past")
    return policy.decide(_facts(one, had, resting), now)


def _facts(one: Claimed, had: _Had, resting: str | None) -> policy.Facts:
    step = step_of(spec_of(one.version), one.message.step_key)
    return policy.Facts(
        purpose=one.message.purpose,
        consent=one.consent,
        opted_out=False,
        suppressed=one.suppressed,
        held=one.client.held_at is not None,
        sequence_paused=one.sequence.paused_at is not None,
        paused=falls_into_pause(one.client, one.message.planned_for),
        run_active=one.enrolment.ended_at is None,
        planned_for=one.message.planned_for,
        max_late=timedelta(seconds=one.message.max_late),
        zone=zone_of(one.client, one.clinic),
        window=Window.parse(one.clinic.send_window),
        caps=caps_of(one.client),
        taken=had.taken_but(one.message),
        last_catch_up=last_catch_up(had.mail),
        only_on=step.only_on or EVERY_DAY,
        uncapped=step.uncapped,
        window_any=step.window_any,
        run_key=one.enrolment.id,
        quiet=resting,
        stopped=one.client.stopped_at is not None,
    )


def _apply(message: Message, decision: policy.Skip | policy.Wait | policy.Hold, now: datetime) -> None:
    message.fence = message.lease_until = None
    message.claims = 0
    if isinstance(decision, policy.Skip):
        messages.set_state(message, MessageState.SKIPPED, reason=decision.reason, by="engine", now=now)
    elif isinstance(decision, policy.Hold):
        messages.set_state(message, MessageState.HELD, reason=decision.reason, by="engine", now=now)
    else:
        messages.set_state(message, MessageState.PLANNED, reason=decision.reason, by="engine", now=now)
        message.due_at = decision.until
