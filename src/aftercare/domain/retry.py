"""When a transient refusal is tried again, and when we give up."""

from datetime import datetime, timedelta

_PAUSES = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))

give_up_after = timedelta(hours=72)


def next_attempt(attempts: int, now: datetime) -> datetime:
    """The UTC instant of the next attempt after `attempts` (1 or more) have failed, the last one at `now`.

    Never sooner than 5 minutes (P23); 5, 15, 30 minutes, then every 30."""
    return now + _PAUSES[min(max(attempts, 1), len(_PAUSES)) - 1]


def is_given_up(planned_for: datetime, now: datetime) -> bool:
    """True where a message planned for `planned_for` has been refused for `give_up_after` or longer."""
    return now - planned_for >= give_up_after
