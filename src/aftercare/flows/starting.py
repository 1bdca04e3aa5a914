"""Starting a run, whatever asked for it: the decision, the row, and what comes back after a mistake."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain import reenrolment
from aftercare.domain.caps import PRIORITY
from aftercare.domain.localtime import Anchor
from aftercare.domain.steps import SequenceSpec
from aftercare.flows.calendar import read_calendar, spec_of
from aftercare.models import Client, Consent, Enrolment
from aftercare.store import consents, enrolments, messages, undone
from aftercare.store.enrolments import RunOf
from aftercare.store.sequences import Published


@dataclass(frozen=True)
class Cause:
    """What a run belongs to: a session, an appointment, a run that was completed, or nothing (by hand)."""

    session_id: str | None = None
    appointment_id: str | None = None
    follows_id: str | None = None


@dataclass(frozen=True)
class Start:
    """The run that is asked for, and what happens to it. `anchor`: the UTC instant it is counted from;
    `known_at`: of an appointment, when it was booked or moved last."""

    published: Published
    spec: SequenceSpec
    decision: reenrolment.Decision
    anchor: datetime
    facts: Mapping[str, object]
    known_at: datetime | None = None
    goes_on: Enrolment | None = None
    """The run before a first visit that came to nothing. It goes on before the next one: she had its emails,
    and was here as little as then."""
    had: frozenset[str] = frozenset()
    """Its steps that do not come again."""


def matching(published: list[Published], on: str, facts: Mapping[str, object]) -> list[Published]:
    """Those that the event `on` with these facts starts, the most urgent first."""
    found = [one for one in published if spec_of(one.version).trigger.matches(on, facts)]
    return sorted(found, key=lambda one: PRIORITY[spec_of(one.version).priority])


def why_silent(db: Session, client: Client) -> str | None:
    """Why nothing at all may be sent to this person, if so: a key of `WHY_NOT`."""
    if client.stopped_at is not None:
        return "stopped_everything"
    return "suppressed" if consents.suppression_of(db, client) is not None else None


def decide(
    db: Session,
    client: Client,
    published: Published,
    anchor: datetime,
    facts: Mapping[str, object],
    now: datetime,
    *,
    but: str | None = None,
    of_appointment: bool = False,
) -> Start | str:
    """The run, or a key of `WHY_NOT`. Changes nothing. `but`: the session whose own runs, from an earlier
    planning, do not count. `of_appointment`: those of other appointments do not, since each has its own."""
    spec = spec_of(published.version)
    if spec.purpose != "account" and not consents.is_given(db, client.id, spec.topic):
        return "no_consent"
    active = [
        _going_on(RunOf(run.enrolment, run.sequence, run.version))
        for run in read_calendar(db, client, now=now).runs
        if (but is None or run.enrolment.session_id != but)
        and not (of_appointment and run.enrolment.appointment_id)
    ]
    last = enrolments.last_full_run(db, client.id, published.sequence.id, but=but)
    decision = reenrolment.decide(_asked_for(published.sequence.slug, spec, anchor), active, last)
    return Start(published, spec, decision, anchor, facts) if decision.start else decision.reason


def enrol(db: Session, client: Client, start: Start, cause: Cause, *, by: str, now: datetime) -> Enrolment:
    """Begin the run as it was decided: what gives way ends. Plan afterwards."""
    ending = list(start.decision.ends)
    instead = cause.session_id or cause.appointment_id
    enrolments.end(db, ending, reason="superseded", by=by, now=now, superseded_by=instead)
    messages.cancel_unsent(db, reason="superseded", by=by, now=now, enrolment_id=ending)
    session_id = cause.session_id
    run = start.goes_on
    if session_id:
        run = undone.of_session(db, session_id, start.published.sequence.id)
    if run is None:
        anchor = Anchor.at(start.anchor, read_calendar(db, client, now=now).zone)
        run = new_run(client, start.published, anchor, start.facts, session_id=session_id, now=now)
        run.follows_id = cause.follows_id
        db.add(run)
    else:
        if start.goes_on is not None:
            run.anchor_zone = read_calendar(db, client, now=now).zone.key
            messages.plan_again(db, [run.id])
        enrolments.begin_again(db, run, start.anchor, start.facts, now=now)
    run.appointment_id, run.known_at = cause.appointment_id, start.known_at
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


def bring_back(db: Session, client: Client, displaced: RunOf) -> None:
    """The run goes on that gave way to a mistake, unless somebody has said stop since, or a later run would
    have ended it as well."""
    run = displaced.enrolment
    if run.ended_at is None or why_silent(db, client) is not None:
        return
    later = enrolments.started_since(db, client.id, run.ended_at)
    others = [one for one in later if one.enrolment.id != run.id and _would_end(one, displaced)]
    stop = _stop_since(db, client, displaced.sequence.topic, run.ended_at)
    if others:
        run.superseded_by = others[0].enrolment.session_id or others[0].enrolment.appointment_id
    elif stop is not None:
        # Without the mistake this stop would have ended it; so taking the stop back brings it back.
        run.exit_reason, run.ended_by = "opted_out", stop.recorded_by
        run.ended_at, run.superseded_by = stop.recorded_at, None
    else:
        run.ended_at = run.exit_reason = run.ended_by = run.superseded_by = None


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
