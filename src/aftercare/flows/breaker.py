"""A relay that refuses us or cannot be reached is left alone for a while (P23)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.domain.outcomes import Accepted, Blame, Outcome, Permanent, Transient, Unknown
from aftercare.flows.tools import Tools
from aftercare.store import settings

RELAY_TROUBLE = (Blame.SENDER, Blame.CONNECTION)
FEW = 3


def trips(outcomes: Sequence[Outcome]) -> bool:
    """Whether nothing got through and the relay or the way to it is to blame.

    A single refusal of the greylisting kind says nothing about the relay; a lost connection does."""
    if not outcomes or any(isinstance(outcome, Accepted | Unknown) for outcome in outcomes):
        return False
    blames = [outcome.blames for outcome in outcomes if isinstance(outcome, Transient | Permanent)]
    unreachable = Blame.CONNECTION in blames
    return all(blame in RELAY_TROUBLE for blame in blames) and (unreachable or len(blames) >= FEW)


def complaint(outcomes: Sequence[Outcome]) -> str:
    """The first reason for which the relay, or the way to it, is to blame; empty where none is."""
    return next(
        (
            outcome.reason
            for outcome in outcomes
            if isinstance(outcome, Transient | Permanent) and outcome.blames in RELAY_TROUBLE
        ),
        "",
    )


def is_open(tools: Tools, sender: str) -> bool:
    """Whether this sender is to be left alone now."""
    with tools.reading() as db:
        return stands_open(db, tools, sender)


def stands_open(db: Session, tools: Tools, sender: str) -> bool:
    """As `is_open`, for whoever is in a transaction already."""
    until = settings.get(db, _key(sender))
    return until is not None and tools.clock.unshifted() < datetime.fromisoformat(until)


def open_for_a_while(tools: Tools, sender: str) -> None:
    """Leave this sender alone for `breaker_seconds`."""
    until = tools.clock.unshifted() + timedelta(seconds=tools.settings.breaker_seconds)
    with tools.transaction() as db:
        settings.put(db, _key(sender), until.isoformat())


def _key(sender: str) -> str:
    return f"breaker:{sender}"
