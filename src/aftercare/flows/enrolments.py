"""What follows a logged session: enrol, then plan. One transaction, idempotent (P1)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain import reenrolment
from aftercare.domain.caps import PRIORITY
from aftercare.domain.localtime import Anchor
from aftercare.domain.steps import SequenceSpec
from aftercare.errors import InvalidInput
from aftercare.flows import replan
from aftercare.flows.calendar import Calendar, read_calendar, spec_of
from aftercare.models import CareSession, Client, Enrolment
from aftercare.store import audit, clients, consents, enrolments, messages, sequences, sessions
from aftercare.store.sequences import Published

NOTHING_FOLLOWS = ("no_aftercare", "did_not_happen")


@dataclass(frozen=True)
class Start:
    """The run that a session asks for, and what happens to it."""

    published: Published
    spec: SequenceSpec
    decision: reenrolment.Decision


def schedule_followups(db: Session, session_id: str, *, now: datetime) -> str | None:
    """Enrol the session's client and plan every step; returns the note that says how it went.

    Running it again does nothing: a planned session is left alone."""
    care_session = sessions.lock(db, session_id)
    if care_session is None or care_session.planned_at is not None:
        return None
    client = clients.lock(db, care_session.client_id)
    try:
        with db.begin_nested():
            note = _enrol(db, care_session, client, now)
            replan.replan_client(db, client.id, now=now)
    except InvalidInput:
        # Steps beyond the year 9999. The sweep would come back for it every few seconds for ever (P1).
        note = "outside_calendar"
    sessions.mark_planned(care_session, note=note, now=now)
    audit.record(
        db,
        care_session.clinic_id,
        "session.planned",
        care_session.id,
        actor="engine",
        now=now,
        detail={"note": note},
    )
    return note


def what_follows(db: Session, care_session: CareSession, client: Client, now: datetime) -> Start | str:
    """The run that this session starts, or the reason why none starts. Decides; changes nothing."""
    if care_session.cancelled_at is not None:
        return "session_cancelled"
    if care_session.outcome in NOTHING_FOLLOWS:
        return care_session.outcome
    if consents.suppression_of(db, client) is not None:
        return "suppressed"
    facts = facts_of(care_session)
    matching = [
        Published(sequence, version)
        for sequence, version in sequences.published(db, client.clinic_id)
        if spec_of(version).trigger.matches("session.logged", facts)
    ]
    if not matching:
        return "no_sequence"
    published = min(matching, key=lambda found: PRIORITY[spec_of(found.version).priority])
    spec = spec_of(published.version)
    if spec.purpose != "account" and not consents.is_given(db, client.id, spec.topic):
        return "no_consent"
    decision = _decide(db, read_calendar(db, client, now=now), published, spec, care_session)
    return Start(published, spec, decision) if decision.start else decision.reason


def facts_of(care_session: CareSession) -> dict[str, object]:
    """What conditions may look at. Never rendered, logged or put in a link."""
    return {
        "outcome": care_session.outcome,
        "service": care_session.service,
        "first_session": care_session.first_session,
    }


def _decide(
    db: Session,
    calendar: Calendar,
    published: Published,
    spec: SequenceSpec,
    care_session: CareSession,
) -> reenrolment.Decision:
    active = [
        reenrolment.ActiveRun(
            key=run.enrolment.id,
            sequence=run.sequence.slug,
            priority=PRIORITY[run.spec.priority],
            purpose=run.spec.purpose,
            started=run.enrolment.anchor_at,
        )
        for run in calendar.runs
        if run.enrolment.session_id != care_session.id
    ]
    new = reenrolment.NewRun(
        sequence=published.sequence.slug,
        priority=PRIORITY[spec.priority],
        reenrolment=spec.reenrolment,
        started=care_session.ended_at,
        repeat_after=spec.repeat_after,
        has_every_visit=any(step.every_visit for step in spec.steps),
    )
    last = enrolments.last_full_run(db, calendar.client.id, published.sequence.id)
    return reenrolment.decide(new, active, last)


def _enrol(db: Session, care_session: CareSession, client: Client, now: datetime) -> str:
    start = what_follows(db, care_session, client, now)
    if isinstance(start, str):
        return start
    ending = list(start.decision.ends)
    enrolments.end(db, ending, reason="superseded", by="engine", now=now)
    messages.cancel_unsent(db, reason="superseded", by="engine", now=now, enrolment_id=ending)
    zone = read_calendar(db, client, now=now).zone
    db.add(_new_run(care_session, start, Anchor.at(care_session.ended_at, zone), now))
    db.flush()
    return "planned"


def _new_run(care_session: CareSession, start: Start, anchor: Anchor, now: datetime) -> Enrolment:
    return Enrolment(
        clinic_id=care_session.clinic_id,
        client_id=care_session.client_id,
        sequence_id=start.published.sequence.id,
        version_id=start.published.version.id,
        session_id=care_session.id,
        anchor_at=anchor.instant,
        anchor_local=anchor.local.isoformat(),
        anchor_zone=anchor.zone.key,
        every_visit_only=start.decision.every_visit_only,
        facts=facts_of(care_session),
        started_at=now,
    )
