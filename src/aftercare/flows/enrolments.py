"""What starts a run: a logged session, or a member of staff. Enrol, then plan, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain import reenrolment
from aftercare.domain.caps import PRIORITY
from aftercare.domain.localtime import Anchor
from aftercare.domain.steps import SequenceSpec
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import replan
from aftercare.flows.calendar import read_calendar, spec_of
from aftercare.flows.second_thoughts import leaves_from
from aftercare.flows.why_not import WHY_NOT
from aftercare.models import CareSession, Client, Consent, Enrolment
from aftercare.store import audit, clients, consents, enrolments, messages, sequences, sessions
from aftercare.store.enrolments import RunOf
from aftercare.store.sequences import Published

NOTHING_FOLLOWS = ("no_aftercare", "did_not_happen")
BEFORE_A_VISIT = "appointment.booked"


class CannotStart(Conflict):
    """A run cannot start; `reason` is a key of `WHY_NOT`, the text says it in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(WHY_NOT[reason].sentence)
        self.reason = reason


@dataclass(frozen=True)
class Start:
    """The run that is asked for, and what happens to it. `anchor`: the UTC instant it is counted from."""

    published: Published
    spec: SequenceSpec
    decision: reenrolment.Decision
    anchor: datetime
    facts: Mapping[str, object]


def schedule_followups(db: Session, session_id: str, *, now: datetime) -> str | None:
    """Enrol the session's client and plan every step; returns the note that says how it went.

    Running it again does nothing: a planned session is left alone."""
    care_session = sessions.lock(db, session_id)
    if care_session is None or care_session.planned_at is not None:
        return None
    client = clients.lock(db, care_session.client_id)
    try:
        with db.begin_nested():
            start = what_follows(db, care_session, client, now)
            note = start if isinstance(start, str) else "planned"
            if isinstance(start, Start):
                _enrol(db, client, start, session_id=care_session.id, by="engine", now=now)
            replan.replan_client(db, client.id, now=now, not_before=leaves_from(care_session))
    except InvalidInput:
        # Steps beyond the year 9999. The sweep would come back for it every few seconds for ever (P1).
        note = "outside_calendar"
    sessions.mark_planned(care_session, note=note, now=now)
    detail = {"note": note}
    audit.record(
        db, client.clinic_id, "session.planned", care_session.id, actor="engine", now=now, detail=detail
    )
    return note


def start_by_hand(
    db: Session, clinic_id: str, client_id: str, slug: str, *, by: str, now: datetime
) -> Enrolment:
    """Start a sequence for one client, counted from now, and plan it. Consent, suppression and re-enrolment
    are as after a visit. CannotStart says why not; NotFound."""
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    start = what_starts_by_hand(db, client, slug, now)
    if isinstance(start, str):
        raise CannotStart(start)
    run = _enrol(db, client, start, session_id=None, by=by, now=now)
    replan.replan_client(db, client.id, now=now, by=by)
    detail = {"sequence": start.published.sequence.id, "enrolment": run.id}
    audit.record(db, clinic_id, "sequence.started", client.id, actor=by, now=now, detail=detail)
    return run


def stop_run(db: Session, clinic_id: str, enrolment_id: str, *, by: str, now: datetime) -> None:
    """End one run; the client's consent stays as it is. Doing it twice changes nothing. NotFound."""
    run = enrolments.get(db, clinic_id, enrolment_id)
    clients.lock(db, run.client_id)
    db.refresh(run)
    if run.ended_at is None:
        enrolments.end(db, [run.id], reason="stopped", by=by, now=now)
        messages.cancel_unsent(db, reason="stopped", by=by, now=now, enrolment_id=[run.id])
        replan.replan_client(db, run.client_id, now=now, by=by)
        detail = {"sequence": run.sequence_id, "enrolment": run.id}
        audit.record(db, clinic_id, "sequence.stopped", run.client_id, actor=by, now=now, detail=detail)


def startable(db: Session, clinic_id: str) -> list[Published]:
    """The clinic's sequences that can be started by hand."""
    return [found for found in sequences.published(db, clinic_id) if _why_never(found) is None]


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
        found
        for found in sequences.published(db, client.clinic_id)
        if spec_of(found.version).trigger.matches("session.logged", facts)
    ]
    if not matching:
        return "no_sequence"
    published = min(matching, key=lambda found: PRIORITY[spec_of(found.version).priority])
    return _start(db, client, published, care_session.ended_at, facts, now, but=care_session.id)


def what_starts_by_hand(db: Session, client: Client, slug: str, now: datetime) -> Start | str:
    """The run that staff would start, or a key of `WHY_NOT`. Decides; changes nothing. NotFound."""
    sequences.require(db, client.clinic_id, slug)
    every = sequences.published(db, client.clinic_id)
    published = next((found for found in every if found.sequence.slug == slug), None)
    if published is None:
        return "not_published"
    never = _why_never(published)
    if never is not None:
        return never
    if consents.suppression_of(db, client) is not None:
        return "suppressed"
    return _start(db, client, published, now, {}, now)


def facts_of(care_session: CareSession) -> dict[str, object]:
    """What conditions may look at. Never rendered, logged or put in a link."""
    return {
        "outcome": care_session.outcome,
        "service": care_session.service,
        "first_session": care_session.first_session,
    }


def take_back(db: Session, care_session: CareSession, *, by: str, now: datetime) -> None:
    """Undo the runs of this session. Those that gave way to them come back, unless somebody has said stop
    since, or a later run would have ended them as well. Lock the client first, plan afterwards."""
    runs = [run.id for run in enrolments.of_session(db, care_session.id)]
    enrolments.undo(db, runs, by=by, now=now)
    messages.cancel_unsent(db, reason="session_cancelled", by=by, now=now, enrolment_id=runs)
    client = clients.get(db, care_session.clinic_id, care_session.client_id)
    for displaced in enrolments.superseded_by(db, care_session.id):
        _bring_back(db, client, displaced)
    db.flush()


def _why_never(published: Published) -> str | None:
    if published.sequence.slug == consents.REQUEST_SLUG:
        return "asks_for_consent"
    return "needs_appointment" if spec_of(published.version).trigger.on == BEFORE_A_VISIT else None


def _start(
    db: Session,
    client: Client,
    published: Published,
    anchor: datetime,
    facts: Mapping[str, object],
    now: datetime,
    *,
    but: str | None = None,
) -> Start | str:
    """`but`: the session whose own runs, from an earlier planning, do not count."""
    spec = spec_of(published.version)
    if spec.purpose != "account" and not consents.is_given(db, client.id, spec.topic):
        return "no_consent"
    active = [
        _going_on(RunOf(run.enrolment, run.sequence, run.version))
        for run in read_calendar(db, client, now=now).runs
        if but is None or run.enrolment.session_id != but
    ]
    last = enrolments.last_full_run(db, client.id, published.sequence.id, but=but)
    decision = reenrolment.decide(_asked_for(published.sequence.slug, spec, anchor), active, last)
    return Start(published, spec, decision, anchor, facts) if decision.start else decision.reason


def _asked_for(slug: str, spec: SequenceSpec, anchor: datetime) -> reenrolment.NewRun:
    return reenrolment.NewRun(
        sequence=slug,
        priority=PRIORITY[spec.priority],
        reenrolment=spec.reenrolment,
        started=anchor,
        repeat_after=spec.repeat_after,
        has_every_visit=any(step.every_visit for step in spec.steps),
    )


def _going_on(run: RunOf) -> reenrolment.ActiveRun:
    spec = spec_of(run.version)
    return reenrolment.ActiveRun(
        key=run.enrolment.id,
        sequence=run.sequence.slug,
        priority=PRIORITY[spec.priority],
        purpose=spec.purpose,
        started=run.enrolment.anchor_at,
    )


def _enrol(
    db: Session, client: Client, start: Start, *, session_id: str | None, by: str, now: datetime
) -> Enrolment:
    ending = list(start.decision.ends)
    enrolments.end(db, ending, reason="superseded", by=by, now=now, superseded_by=session_id)
    messages.cancel_unsent(db, reason="superseded", by=by, now=now, enrolment_id=ending)
    run = enrolments.undone(db, session_id, start.published.sequence.id) if session_id else None
    if run is None:
        anchor = Anchor.at(start.anchor, read_calendar(db, client, now=now).zone)
        run = new_run(client, start.published, anchor, start.facts, session_id=session_id, now=now)
        db.add(run)
    else:
        enrolments.begin_again(db, run, start.anchor, start.facts, now=now)
    run.every_visit_only = start.decision.every_visit_only
    db.flush()
    return run


def new_run(
    client: Client,
    published: Published,
    anchor: Anchor,
    facts: Mapping[str, object],
    *,
    session_id: str | None,
    now: datetime,
) -> Enrolment:
    """The row of a run of this client that begins now and is counted from `anchor`."""
    return Enrolment(
        clinic_id=client.clinic_id,
        client_id=client.id,
        sequence_id=published.sequence.id,
        version_id=published.version.id,
        session_id=session_id,
        anchor_at=anchor.instant,
        anchor_local=anchor.local.isoformat(),
        anchor_zone=anchor.zone.key,
        facts=dict(facts),
        started_at=now,
    )


def _bring_back(db: Session, client: Client, displaced: RunOf) -> None:
    run = displaced.enrolment
    if run.ended_at is None or consents.suppression_of(db, client) is not None:
        return
    later = enrolments.started_since(db, client.id, run.ended_at)
    others = [one for one in later if one.enrolment.id != run.id and _would_end(one, displaced)]
    stop = _stop_since(db, client, displaced.sequence.topic, run.ended_at)
    if others:
        run.superseded_by = others[0].enrolment.session_id
    elif stop is not None:
        # Without the mistake this stop would have ended it; so taking the stop back brings it back.
        run.exit_reason, run.ended_by = "opted_out", stop.recorded_by
        run.ended_at, run.superseded_by = stop.recorded_at, None
    else:
        run.ended_at = run.exit_reason = run.ended_by = run.superseded_by = None


def _stop_since(db: Session, client: Client, topic: str, since: datetime) -> Consent | None:
    """Her latest stop of this topic from then on, unless she took it back herself."""
    records = [record for record in consents.history(db, client.id) if record.topic == topic]
    stops = [record for record in records if not record.given and record.recorded_at >= since]
    taken_back = bool(records) and records[-1].source == "undo"
    return stops[-1] if stops and not taken_back else None


def _would_end(later: RunOf, earlier: RunOf) -> bool:
    """Whether the later run, had it found the earlier one going on, would have ended it."""
    asked = _asked_for(later.sequence.slug, spec_of(later.version), later.enrolment.anchor_at)
    return earlier.enrolment.id in reenrolment.decide(asked, [_going_on(earlier)], None).ends
