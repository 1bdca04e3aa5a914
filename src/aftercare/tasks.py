"""Celery tasks: shells of one to three lines around a verb of the clinic's language."""

from celery.worker import state

from aftercare import bootstrap
from aftercare.flows import booked, dispatch, enrolments, newsletter_sending, planning, sweeping
from aftercare.flows import travel as time_travel
from aftercare.queue import celery_app


@celery_app.task(name="aftercare.schedule_followups")
def schedule_followups(session_id: str) -> None:
    """Enrol and plan what follows a logged session; running it again changes nothing (P1)."""
    app = bootstrap.current()
    with app.transaction() as db:
        enrolments.schedule_followups(db, session_id, now=app.clock.now())


@celery_app.task(name="aftercare.schedule_appointment")
def schedule_appointment(appointment_id: str) -> None:
    """Enrol and plan what comes before a booked appointment; running it again changes nothing (P1)."""
    app = bootstrap.current()
    with app.transaction() as db:
        booked.schedule_appointment(db, appointment_id, now=app.clock.now())


@celery_app.task(name="aftercare.plan_waiting")
def plan_waiting() -> None:
    """Plan what its own task was lost for, or has not come to yet; it is chosen when this one starts."""
    planning.plan_waiting(bootstrap.current())


@celery_app.task(name="aftercare.enrol_subscribers")
def enrol_subscribers() -> None:
    """Enrol those who are to have a scheduled issue of a newsletter; they are chosen when the task starts."""
    newsletter_sending.enrol_waiting(bootstrap.current())


@celery_app.task(name="aftercare.sweep")
def sweep(asked_by: str = "") -> None:
    """Find unplanned sessions, dead workers' rows and due messages, and hand them out."""
    sweeping.sweep(bootstrap.current(), asked_by)


@celery_app.task(name="aftercare.deliver")
def deliver(sender: str) -> None:
    """Send what is due for one sender; the batch is claimed when the task starts, not before."""
    dispatch.deliver(bootstrap.current(), sender)


@celery_app.task(name="aftercare.travel")
def travel() -> None:
    """Work on the sandbox's journey; a worker that is told to end leaves the rest of it to the next one."""
    time_travel.run(bootstrap.current(), stop=lambda: state.should_stop is not None)
