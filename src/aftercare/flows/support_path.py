"""The support path: somebody would like a call. A person is told at once, her other emails wait, she gets the
contacts, and only a person ends it. The software flags; people decide."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.errors import Conflict
from aftercare.flows import duty, recipients, replan, sequences, support_mail
from aftercare.flows.calendar import spec_of
from aftercare.flows.starting import why_silent
from aftercare.flows.tools import Tools
from aftercare.mail.paths import templates_root
from aftercare.models import Alert, CheckinResponse, Client, Clinic, Staff
from aftercare.store import alerts, audit, clients, clinics, consents
from aftercare.store import recipients as recipient_rows
from aftercare.store import sequences as stored
from aftercare.store.consents import CALL_BACK_SLUG, OFFERED_SLUG, SUPPORT_SLUG
from aftercare.store.sequences import Published

HELD_BECAUSE = "support_path"
AGAIN_AFTER = timedelta(minutes=10)
"""Sooner than this after the wish, or after somebody took it on, the same answer is a page loaded twice."""


def lock_people(db: Session, client_id: str, clinic: Clinic, *, now: datetime) -> Client:
    """Lock the client and whoever would be told, in one order for everybody, so that no two transactions wait
    for each other in a ring; the client."""
    told = duty.on_duty(db, clinic)[:1]
    ids = {client_id, *(_row_of(db, member, now).id for member in told)}
    return next(row for row in clients.lock_all(db, ids) if row.id == client_id)


def asked_for_a_call(
    db: Session, client: Client, response: CheckinResponse, *, is_new: bool, now: datetime
) -> Alert:
    """She would like a call. The path begins. Where somebody had taken it on before, or everybody who is told
    of it has been told and she waits still, and she says so anew (`is_new`, or by pressing again after a
    while), the duty contact is told once more, and she gets the contacts once more. The time to reply counts
    from the first wish that nobody took on. Lock with `lock_people` first."""
    by, clinic = f"client:{client.id}", clinics.get(db, client.clinic_id)
    alert = alerts.open_of(db, client.id)
    if alert is not None and not _is_new_wish(alert, is_new, now):
        alert.response_id = response.id
        return alert
    if alert is None:
        alert = _begin(db, client, clinic, by=by, now=now)
    else:
        _hold(client, by, now)
        alert.raised_by, alert.raised_at = by, alert.raised_at if alert.acknowledged_at is None else now
        _send_contacts(db, client, clinic, alert, by=by, now=now)
        replan.replan_client(db, client.id, now=now, by=by)
    alert.response_id = response.id
    alert.spoken_at = alert.spoken_by = None
    _tell_anew(db, clinic, alert, now=now)
    return alert


def hand_over(db: Session, clinic_id: str, *, now: datetime) -> None:
    """Who is told, or works here, has changed: wishes for a call that nobody who may ring has taken on are
    told to whoever is on duty now."""
    clinic = clinics.get(db, clinic_id)
    may_ring = {f"staff:{member.id}" for member in duty.candidates(db, clinic_id)}
    waiting = [
        one.alert.id
        for one in alerts.still_open(db, clinic_id)
        if one.alert.spoken_at is None and one.alert.acknowledged_by not in may_ring
    ]
    if waiting:
        # Before the alerts: whoever is told may be locked by somebody who waits for one.
        clients.lock_all(db, [_row_of(db, member, now).id for member in duty.on_duty(db, clinic)[:1]])
    for alert_id in waiting:
        _tell_anew(db, clinic, alerts.lock(db, alert_id), now=now)


def begin_by_hand(db: Session, clinic_id: str, client_id: str, *, by: str, now: datetime) -> Alert:
    """A colleague starts the path, and so has taken it on: nobody else is told. Doing it twice changes
    nothing. NotFound."""
    clinic = clinics.get(db, clinic_id)
    client = clients.lock(db, clients.get(db, clinic_id, client_id).id)
    alert = alerts.open_of(db, client.id)
    if alert is None:
        alert = _begin(db, client, clinic, by=by, now=now)
        alert.acknowledged_at, alert.acknowledged_by = now, by
        db.flush()
    return alert


def acknowledge(db: Session, clinic_id: str, alert_id: str, *, by: str, now: datetime) -> Alert:
    """Somebody takes it on; the first one counts. NotFound."""
    alert = alerts.lock(db, alerts.get(db, clinic_id, alert_id).id)
    if alert.acknowledged_at is None and alert.closed_at is None:
        alert.acknowledged_at, alert.acknowledged_by = now, by
        audit.record(db, clinic_id, "alert.acknowledged", alert.client_id, actor=by, now=now)
    return alert


def record_call(db: Session, clinic_id: str, alert_id: str, *, by: str, now: datetime) -> Alert:
    """“I have spoken with them”: the second email may follow, however late that is recorded. The first one
    counts. NotFound."""
    client = clients.lock(db, alerts.get(db, clinic_id, alert_id).client_id)
    alert = acknowledge(db, clinic_id, alert_id, by=by, now=now)
    if alert.spoken_at is None and alert.closed_at is None:
        alert.spoken_at, alert.spoken_by = now, by
        support_mail.follow_up(db, client, now=now)
        replan.replan_client(db, client.id, now=now, by=by)
        audit.record(db, clinic_id, "alert.spoken", client.id, actor=by, now=now)
    return alert


def close(db: Session, client: Client, *, by: str, now: datetime) -> None:
    """A person releases her emails, so her path is over. The client is locked; harmless without
    one. Conflict for a program: people decide about this."""
    found = alerts.open_of(db, client.id)
    if found is None:
        return
    if by.startswith("token:"):
        raise Conflict("This client has asked for a call. Only a person releases their emails, in the app.")
    alert = alerts.lock(db, found.id)
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by = now, by
    alert.closed_at, alert.closed_by = now, by
    audit.record(db, client.clinic_id, "alert.closed", client.id, actor=by, now=now)


def restore(
    db: Session, client: Client, *, closed_since: datetime | None, reason: str, by: str, now: datetime
) -> None:
    """The news that stopped everything for her (runs ended for `reason`) was a mistake. What it closed from
    `closed_since` (UTC) on, if anything, waits for a person again, who is told; and she gets the contacts
    that she never got. The client is locked and takes emails again; harmless without a wish for a call. Plan
    afterwards."""
    if closed_since is not None:
        reopen(db, client, closed_since=closed_since, now=now)
    alert = alerts.open_of(db, client.id)
    if alert is not None and not support_mail.go_on(db, client, alert, reason=reason):
        _send_late(db, client, alert, by=by, now=now)


def reopen(db: Session, client: Client, *, closed_since: datetime, now: datetime) -> None:
    """What closed her wish for a call, from `closed_since` (UTC) on, was a mistake: it waits for a person
    again, who is told. The client is locked; harmless without such a wish, or while one is open."""
    latest = next(reversed(alerts.of_client(db, client.id)), None)
    if latest is not None and latest.closed_at is not None and latest.closed_at >= closed_since:
        latest.closed_at = latest.closed_by = None
        _tell_anew(db, clinics.get(db, client.clinic_id), latest, now=now)


def send_contacts(db: Session, clinic_id: str, alert_id: str, *, by: str, now: datetime) -> bool:
    """Send the contacts that did not reach her when she asked for a call. Whether there was need, and a way;
    NotFound."""
    client = clients.lock(db, alerts.get(db, clinic_id, alert_id).client_id)
    alert = alerts.lock(db, alert_id)
    is_missing = support_mail.contacts_of(db, client, alert) == "none"
    if alert.closed_at is not None or not is_missing or why_silent(db, client) is not None:
        return False
    _send_late(db, client, alert, by=by, now=now)
    audit.record(db, clinic_id, "alert.contacts_sent", client.id, actor=by, now=now)
    return True


def escalate(tools: Tools, *, now: datetime) -> None:
    """Tell the second contact of what nobody has acknowledged for two working hours, or at once where the
    first one's email came to nothing, each in a transaction of its own. Where there is none, the first hears
    of it once more; where an email reaches nobody at all, it waits for somebody whom it reaches."""
    with tools.reading() as db:
        late = [(alert.id, alert.clinic_id) for alert in alerts.to_escalate(db, now)]
    for alert_id, clinic_id in late:
        with tools.transaction() as db:
            clinic = clinics.get(db, clinic_id)
            reached = duty.on_duty(db, clinic)[:2]
            told = reached[-1:]
            # Before the alert: whoever is told may be locked by somebody who waits for it.
            clients.lock_all(db, [_row_of(db, member, now).id for member in told])
            alert = alerts.lock(db, alert_id)
            if told and alert.acknowledged_at is None and alert.escalated_at is None:
                alert.escalated_at = now
                _tell(db, clinic, told, _why_now(alert, reached, now), now=now)
                _remember(db, alert, told[0], now)


def _is_new_wish(alert: Alert, is_new: bool, now: datetime) -> bool:
    heard = alert.acknowledged_at or alert.escalated_at
    if heard is None:
        return False
    return is_new or now - max(alert.raised_at, heard) >= AGAIN_AFTER


def _tell_anew(db: Session, clinic: Clinic, alert: Alert, *, now: datetime) -> None:
    """Nobody has taken it on, and the first one on duty is told now."""
    alert.acknowledged_at = alert.acknowledged_by = alert.escalated_at = None
    alert.escalate_at = duty.escalation(clinic, now)
    db.flush()
    reached = duty.on_duty(db, clinic)[:2]
    _tell(db, clinic, reached[:1], "first" if len(reached) > 1 else "alone", now=now)


def _why_now(alert: Alert, reached: list[Staff], now: datetime) -> str:
    """Why somebody is told later than the first one, as a key of `told` of the fixed words."""
    if alert.escalate_at is None or alert.escalate_at > now:
        return "early"
    return "second" if len(reached) > 1 else "again"


def _remember(db: Session, alert: Alert, member: Staff, now: datetime) -> None:
    detail = {"told": f"staff:{member.id}"}
    audit.record(db, alert.clinic_id, duty.ESCALATED, alert.client_id, actor="engine", now=now, detail=detail)


def _begin(db: Session, client: Client, clinic: Clinic, *, by: str, now: datetime) -> Alert:
    """The alert, the hold, the contacts to her."""
    alert = Alert(clinic_id=clinic.id, client_id=client.id, raised_by=by, raised_at=now)
    db.add(alert)
    _hold(client, by, now)
    db.flush()
    audit.record(db, clinic.id, "alert.raised", client.id, actor=by, now=now)
    _send_contacts(db, client, clinic, alert, by=by, now=now)
    replan.replan_client(db, client.id, now=now, by=by)
    return alert


def _row_of(db: Session, member: Staff, now: datetime) -> Client:
    """Not locked; her row is there since she was named."""
    return recipient_rows.of_staff(db, member.id) or recipients.recipient(db, member, now=now)


def _tell(db: Session, clinic: Clinic, told: list[Staff], words: str, *, now: datetime) -> None:
    """One email to each that says nothing of anybody; `words`: a key of `told` of the fixed words."""
    for member in told:
        row = recipients.recipient(db, member, now=now)
        published, facts = _live(db, clinic.id, CALL_BACK_SLUG, now), {recipients.TOLD: words}
        recipients.begin(db, row, published, by="engine", now=now, facts=facts)


def _hold(client: Client, by: str, now: datetime) -> None:
    if client.held_at is None:
        client.held_at, client.held_by, client.held_reason = now, by, HELD_BECAUSE


def _send_late(db: Session, client: Client, alert: Alert, *, by: str, now: datetime) -> None:
    """The contacts that she never got. Staff send them now and she asked before, so nothing comes after them
    while a stop of hers is in force."""
    if why_silent(db, client) is None:
        _send_contacts(db, client, clinics.get(db, client.clinic_id), alert, by=by, now=now)
        replan.replan_client(db, client.id, now=now, by=by)
        stopped = [topic for topic, record in consents.current(db, client.id).items() if not record.given]
        support_mail.stop(db, client, stopped, by=by, now=now)


def _send_contacts(
    db: Session, client: Client, clinic: Clinic, alert: Alert, *, by: str, now: datetime
) -> None:
    """The email that she asked for, or that a colleague wants her to have, unless her address takes none."""
    if why_silent(db, client) is None:
        slug = SUPPORT_SLUG if alert.raised_by.startswith("client:") else OFFERED_SLUG
        support_mail.begin(db, client, clinic, _live(db, clinic.id, slug, now), by=by, now=now)


def _live(db: Session, clinic_id: str, slug: str, now: datetime) -> Published:
    """The clinic's own version where it is an account email, else the shipped one goes live: a clinic that is
    older than it must not find out when somebody asks for a call."""
    found = next((one for one in stored.published(db, clinic_id) if one.sequence.slug == slug), None)
    if found is not None and spec_of(found.version).purpose == "account":
        return found
    files = sequences.read_folder(templates_root() / "sequences" / "en" / slug)
    version = sequences.publish(db, clinic_id, files, by="engine", now=now)
    return Published(stored.require(db, clinic_id, slug), version)
