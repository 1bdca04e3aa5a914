"""Colleagues as recipients: the guide that begins when somebody joins, and its end when somebody leaves."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from aftercare.domain.localtime import Anchor
from aftercare.flows import enrolments, replan
from aftercare.flows.calendar import spec_of, zone_of
from aftercare.models import Client, Enrolment, Staff
from aftercare.models.client import FOR_STAFF
from aftercare.store import audit, clients, clinics, messages, recipients, sequences
from aftercare.store import enrolments as runs
from aftercare.store.sequences import Published

NONE: Mapping[str, str] = MappingProxyType({})
JOINED = "staff.created"
TOLD = "told"
"""Fact of a run that says that somebody would like a call: which of `told` of the fixed words is true."""


def recipient(db: Session, member: Staff, *, now: datetime) -> Client:
    """The locked row by which a colleague gets emails: her name and address as they are today."""
    found = recipients.of_staff(db, member.id)
    if found is None:
        language = clinics.get(db, member.clinic_id).language
        found = recipients.add(db, member, language=language, now=now)
    row = clients.lock(db, found.id)
    row.first_name, row.email = member.first_name, member.email
    row.email_key = FOR_STAFF + member.email_key
    db.flush()
    return row


def begin(
    db: Session, row: Client, published: Published, *, by: str, now: datetime, facts: Mapping[str, str] = NONE
) -> Enrolment:
    """Start a sequence for a colleague whose row is locked, counted from now, and plan it. Her work is the
    reason; consent and caps are for clients (design section 1)."""
    anchor = Anchor.at(now, zone_of(row, clinics.get(db, row.clinic_id)))
    run = enrolments.new_run(row, published, anchor, facts, session_id=None, now=now)
    db.add(run)
    db.flush()
    replan.replan_client(db, row.id, now=now, by=by)
    detail = {"sequence": published.sequence.id, "enrolment": run.id}
    audit.record(db, row.clinic_id, "sequence.started", row.id, actor=by, now=now, detail=detail)
    return run


def welcome(db: Session, member: Staff, *, by: str, now: datetime) -> int:
    """What the clinic sends to somebody who joins begins, each sequence once; returns how many did."""
    joining = [
        found
        for found in sequences.published(db, member.clinic_id)
        if spec_of(found.version).trigger.matches(JOINED, {"role": member.role})
    ]
    if not joining:
        return 0
    row = recipient(db, member, now=now)
    new = [found for found in joining if not recipients.had_run(db, row.id, found.sequence.id)]
    for found in new:
        begin(db, row, found, by=by, now=now)
    return len(new)


def farewell(db: Session, member: Staff, *, by: str, now: datetime) -> None:
    """She works here no longer: what was still to come to her does not come."""
    found = recipients.of_staff(db, member.id)
    if found is None:
        return
    row = clients.lock(db, found.id)
    active = [run.enrolment.id for run in runs.active(db, row.id)]
    runs.end(db, active, reason="left", by=by, now=now)
    messages.cancel_unsent(db, reason="left", by=by, now=now, client_id=[row.id])
    # Her address is free for whoever has it next, be it herself.
    row.email_key = FOR_STAFF + member.id
    db.flush()
