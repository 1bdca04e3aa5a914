"""Why an email that is still to come does not come when its rule alone would have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aftercare.domain.localtime import to_local
from aftercare.domain.plan import moment
from aftercare.errors import InvalidInput
from aftercare.flows.calendar import Calendar, as_run
from aftercare.models import Message
from aftercare.store.messages import UNSENT


@dataclass(frozen=True)
class Moved:
    """`wanted`: when its rule asks for it (UTC). `reason`: quiet_hours, weekday or capped."""

    wanted: datetime
    reason: str


def moved(calendar: Calendar) -> Mapping[str, Moved]:
    """By message id, the unsent emails of this calendar that were moved."""
    found = {row.id: _moved(calendar, row) for row in calendar.rows if row.state in UNSENT}
    return {key: move for key, move in found.items() if move is not None}


def _moved(calendar: Calendar, row: Message) -> Moved | None:
    active = calendar.run(row.enrolment_id)
    step = next((step for step in active.spec.steps if step.key == row.step_key), None)
    if step is None:
        return None
    run = as_run(active, calendar)
    try:
        wanted = step.wait.wanted(run.anchor, calendar.zone)
        allowed = moment(run, step, zone=calendar.zone, window=calendar.window)
    except InvalidInput:
        return None
    if wanted == row.planned_for:
        return None
    if allowed == row.planned_for:
        return Moved(wanted, "quiet_hours")
    off_day = to_local(allowed, calendar.zone).weekday() not in step.only_on
    return Moved(wanted, "weekday" if off_day else "capped")
