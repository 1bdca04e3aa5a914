"""When the emails of a plan will really leave, should nothing come between."""

from datetime import datetime

from aftercare.domain.fates import Around, Coming
from aftercare.domain.plan import PlannedStep
from aftercare.domain.states import MessageState
from aftercare.flows.calendar import Calendar, step_of
from aftercare.flows.enrolments import Start
from aftercare.flows.replan import why_still


def around(calendar: Calendar) -> Around:
    """What the policy will look at beside each email."""
    return Around(calendar.zone, calendar.window, calendar.caps, calendar.taken, calendar.last_catch_up)


def of_new(calendar: Calendar, start: Start, planned: PlannedStep, first: datetime) -> Coming:
    """A step of a run that is about to start, none of whose emails is due before `first` (UTC)."""
    purpose = start.spec.purpose
    return Coming(
        planned=planned,
        step=step_of(start.spec, planned.step_key),
        purpose=purpose,
        due=max(planned.planned_for, first),
        still=why_still(calendar, start.published.sequence, purpose, planned.planned_for) is not None,
    )


def of_standing(calendar: Calendar, planned: PlannedStep, now: datetime) -> Coming:
    """A step of a run that goes on; where its row stays as it is, it is due when the row says."""
    run = calendar.run(planned.run_key)
    key = planned.run_key, planned.step_key
    row = next((row for row in calendar.rows if (row.enrolment_id, row.step_key) == key), None)
    stays = row is not None and row.planned_for == planned.planned_for
    return Coming(
        planned=planned,
        step=step_of(run.spec, planned.step_key),
        purpose=run.spec.purpose,
        due=max(now, row.due_at if row and stays else planned.planned_for),
        still=row is not None and row.state == MessageState.HELD,
    )
