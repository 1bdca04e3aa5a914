"""What a booked appointment starts: emails counted back from it, and the end of staying in touch."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.errors import InvalidInput
from aftercare.flows import finished, replan
from aftercare.flows.calendar import spec_of
from aftercare.flows.starting import Cause, Start, bring_back, decide, enrol, matching, why_silent
from aftercare.models import Appointment, Client
from aftercare.store import appointments, audit, clients, enrolments, messages, sequences, undone

TOUCH = "touch"
"""The priority of what a new visit ends."""


def schedule_appointment(db: Session, appointment_id: str, *, now: datetime) -> str | None:
    """Enrol the client of an appointment and plan every step; returns the note that says how it went.

    Running it again does nothing: a planned appointment is left alone."""
    appointment = appointments.lock(db, appointment_id)
    if appointment is None or appointment.planned_at is not None:
        return None
    client = clients.lock(db, appointment.client_id)
    try:
        with db.begin_nested():
            _end_staying_in_touch(db, client, appointment, now)
            start = what_is_booked(db, appointment, client, now)
            note = start if isinstance(start, str) else "planned"
            if isinstance(start, Start):
                enrol(db, client, start, Cause(appointment_id=appointment.id), by="engine", now=now)
            replan.replan_client(db, client.id, now=now)
    except InvalidInput:
        # As for sessions: the sweep would come back for it for ever (P1).
        note = "outside_calendar"
    appointment.planned_at, appointment.plan_note = now, note
    _audit(db, appointment, note, now)
    return note


def what_is_booked(db: Session, appointment: Appointment, client: Client, now: datetime) -> Start | str:
    """The run that this appointment starts, or the reason why none starts. Decides; changes nothing."""
    if appointment.cancelled_at is not None:
        return "appointment_cancelled"
    if appointment.starts_at <= now:
        return "past"
    silent = why_silent(db, client)
    if silent is not None:
        return silent
    if enrolments.of_appointment(db, appointment.id):
        return "planned"
    facts = {"first_session": appointment.first_session, "service": appointment.service}
    found = matching(list(sequences.published(db, client.clinic_id)), "appointment.booked", facts)
    if not found:
        return "no_sequence"
    start = decide(db, client, found[0], appointment.starts_at, facts, now, of_appointment=True)
    return _going_on(db, start, appointment) if isinstance(start, Start) else start


def _going_on(db: Session, start: Start, appointment: Appointment) -> Start:
    """With what she had already, where this is her first visit, as one was that came to nothing."""
    before = undone.before_first_visit(db, appointment.client_id, start.published.sequence.id)
    goes_on = before if appointment.first_session else None
    had = undone.steps_seen(db, goes_on) if goes_on else start.had
    return replace(start, known_at=appointment.told_at, goes_on=goes_on, had=had)


def follow_the_move(db: Session, appointment: Appointment, *, by: str, now: datetime) -> None:
    """The run goes with its appointment: it is counted from the new time, what was sent does not come again,
    and what was too late for the old time has another chance. Lock the client first."""
    runs = [run.enrolment for run in enrolments.of_appointment(db, appointment.id)]
    ids = [run.id for run in runs]
    messages.let_go(db, ids, by=by, now=now)
    messages.plan_again(db, ids)
    for run in runs:
        enrolments.count_from(run, appointment.starts_at)
        run.known_at = now
        if run.exit_reason == "completed":
            run.ended_at = run.exit_reason = run.ended_by = None
    if not runs:
        appointment.planned_at = appointment.plan_note = None
    db.flush()
    replan.replan_client(db, appointment.client_id, now=now, by=by)


def take_back(db: Session, client: Client, appointment: Appointment, *, by: str, now: datetime) -> None:
    """What the appointment started ends with it, and what gave way to it comes back, unless another visit is
    booked. Lock the client first."""
    runs = [run.enrolment.id for run in enrolments.of_appointment(db, appointment.id)]
    runs += enrolments.following(db, runs)
    enrolments.undo(db, runs, reason="appointment_cancelled", by=by, now=now)
    messages.cancel_unsent(db, reason="appointment_cancelled", by=by, now=now, enrolment_id=runs)
    others = appointments.coming(db, client.id, now)
    for displaced in enrolments.superseded_by(db, appointment.id):
        if others:
            displaced.enrolment.superseded_by = others[0].id
        else:
            bring_back(db, client, displaced)
    if not others:
        finished.look_again(db, client)
    db.flush()
    replan.replan_client(db, client.id, now=now, by=by)


def _end_staying_in_touch(db: Session, client: Client, appointment: Appointment, now: datetime) -> None:
    """Somebody who comes again need not be reminded of us."""
    if appointment.cancelled_at is not None or appointment.starts_at <= now:
        return
    ending = [
        run.enrolment.id for run in enrolments.active(db, client.id) if spec_of(run.version).priority == TOUCH
    ]
    enrolments.end(db, ending, reason="superseded", by="engine", now=now, superseded_by=appointment.id)
    messages.cancel_unsent(db, reason="superseded", by="engine", now=now, enrolment_id=ending)


def _audit(db: Session, appointment: Appointment, note: str, now: datetime) -> None:
    action, detail = "appointment.planned", {"note": note}
    audit.record(db, appointment.clinic_id, action, appointment.id, actor="engine", now=now, detail=detail)
