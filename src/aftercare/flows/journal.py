"""One client's page: what is to come and what has been, in one column, with who did what and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Seq
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.domain.states import FINAL, MessageState
from aftercare.errors import NotFound
from aftercare.flows import actors, diary, moved, pictures
from aftercare.flows.calendar import read_calendar, zone_of
from aftercare.flows.diary import Booked
from aftercare.flows.moved import Moved
from aftercare.flows.roster import Place, place_then
from aftercare.models import CareSession, Client, Clinic, Consent, Message, Sequence, Suppression
from aftercare.store import audit, clients, clinics, consents, enrolments, inbox, journal, sessions
from aftercare.store.consents import ALONE_SLUGS
from aftercare.store.journal import Mail

MOST = 200
"""Emails of one page; older ones have pages of their own."""
ACTS = (
    "client.added",
    "client.corrected",
    "client.held",
    "client.released",
    "client.paused",
    "client.resumed",
    "client.pace_weekly",
    "client.pace_monthly",
    "client.pace_planned",
    "client.exported",
    "link.asked",
    "client.stopped",
    "client.restored",
    "client.zone_changed",
    "alert.raised",
    "alert.acknowledged",
    "alert.escalated",
    "alert.spoken",
    "alert.closed",
    "checkin.answered",
    "sequence.started",
    "sequence.stopped",
    "consent.asked",
    "address.suppressed",
)
BEGINNING, END = (datetime(year, 1, 1, tzinfo=UTC) for year in (1, 9999))


@dataclass(frozen=True)
class Email:
    """One email. `version`: the number of the sequence's version that its words are from; `place`: its step
    in the run; `moved`: why it does not come when its rule asks for it."""

    message: Message
    subject: str
    sequence: Sequence
    version: int
    place: Place | None
    moved: Moved | None

    @property
    def is_open(self) -> bool:
        """Whether something may still happen to it."""
        return MessageState(self.message.state) not in FINAL


@dataclass(frozen=True)
class TakenBack:
    """Emails that one act took back."""

    reason: str | None
    by: str
    emails: tuple[Email, ...]


@dataclass(frozen=True)
class Visit:
    """A session and who saw her."""

    care_session: CareSession
    therapist: str


@dataclass(frozen=True)
class Word:
    """What she said about some topics at once: yes, or stop."""

    given: bool
    records: tuple[Consent, ...]
    by: str


@dataclass(frozen=True)
class Act:
    """Something that was done for her. `about`: the staff name of a sequence, where it was about one;
    `until`: the day on which a pause was to end."""

    action: str
    by: str
    about: str
    until: date | None


@dataclass(frozen=True)
class Moment:
    """A line of the column. `at`: UTC; `kind`: the class of `what`, in small letters."""

    at: datetime
    what: Email | TakenBack | Visit | Booked | Word | Act

    @property
    def kind(self) -> str:
        """What a page shows it as."""
        return type(self.what).__name__.lower()


@dataclass(frozen=True)
class Running:
    """A run that is going on, with its emails in order."""

    enrolment_id: str
    name: str
    tender: bool
    emails: tuple[Email, ...]


@dataclass(frozen=True)
class Journal:
    """All of one client. `ahead` and `past` begin with what is latest; `older`: the id of the email behind
    which an older page begins, if there is one; `says`: what stands for each topic that she ever spoke of."""

    client: Client
    clinic: Clinic
    zone: ZoneInfo
    ahead: tuple[Moment, ...]
    past: tuple[Moment, ...]
    older: str | None
    runs: tuple[Running, ...]
    says: tuple[Consent, ...]
    suppression: Suppression | None
    names: Mapping[str | None, str]

    @property
    def is_elsewhere(self) -> bool:
        """Whether her clock may show another time than the clinic's."""
        return self.zone.key != self.clinic.timezone

    @property
    def is_being_planned(self) -> bool:
        """Whether the emails of a session that is shown still wait for a worker."""
        visits = (moment.what for moment in (*self.ahead, *self.past) if isinstance(moment.what, Visit))
        return any(visit.care_session.planned_at is None for visit in visits)


def read_journal(
    db: Session, clinic_id: str, client_id: str, *, before: str | None = None, now: datetime
) -> Journal:
    """A client's page. `before`: the id of the email that ended the page before. NotFound."""
    client, clinic = clients.get(db, clinic_id, client_id), clinics.get(db, clinic_id)
    last = _last(db, client, before)
    mails = journal.mails_of(db, client.id, before=last, limit=MOST + 1)
    shown, more = mails[:MOST], len(mails) > MOST
    moves = moved.moved(read_calendar(db, client, now=now)) if last is None else {}
    emails = [_email(mail, moves) for mail in shown]
    names = _names(db, client, emails)
    begin = shown[-1].message.planned_for if more else BEGINNING
    end = last.planned_for if last else END
    others = (moment for moment in _others(db, client, names, now) if begin <= moment.at < end)
    moments = sorted((*_of_emails(emails, names), *others), key=_in_time, reverse=True)
    return Journal(
        client=client,
        clinic=clinic,
        zone=zone_of(client, clinic),
        ahead=tuple(moment for moment in moments if _is_ahead(moment, now)),
        past=tuple(moment for moment in moments if not _is_ahead(moment, now)),
        older=shown[-1].message.id if more else None,
        runs=_running(db, client, emails) if last is None else (),
        says=tuple(sorted(consents.current(db, client.id).values(), key=lambda record: record.topic)),
        suppression=consents.suppression_of(db, client),
        names=names,
    )


def _last(db: Session, client: Client, message_id: str | None) -> Message | None:
    found = inbox.message(db, client.clinic_id, message_id) if message_id else None
    if found is not None and found.client_id != client.id:
        raise NotFound("There is no such email.")
    return found


def _email(mail: Mail, moves: Mapping[str, Moved]) -> Email:
    values = (mail.message.fields or {}).get("values", {})
    return Email(
        message=mail.message,
        subject=pictures.line(mail.email.document["subject"], values),
        sequence=mail.sequence,
        version=mail.number,
        place=place_then(mail.run, mail.version, mail.message),
        moved=moves.get(mail.message.id),
    )


def _in_time(moment: Moment) -> tuple[datetime, bool]:
    """Whatever happened in the same instant, being added came first."""
    is_first = isinstance(moment.what, Act) and moment.what.action == ACTS[0]
    return moment.at, not is_first


def _is_ahead(moment: Moment, now: datetime) -> bool:
    return moment.at > now or (isinstance(moment.what, Email) and moment.what.is_open)


def _of_emails(emails: Iterable[Email], names: Mapping[str | None, str]) -> Iterable[Moment]:
    gone: dict[tuple[datetime, str | None, str], list[Email]] = defaultdict(list)
    for email in emails:
        message = email.message
        if message.state == MessageState.CANCELLED:
            gone[message.changed_at, message.reason, message.changed_by].append(email)
        else:
            yield Moment(message.sent_at or message.planned_for, email)
    for (at, reason, by), taken in gone.items():
        yield Moment(at, TakenBack(reason, names[by], tuple(reversed(taken))))


def _others(db: Session, client: Client, names: Mapping[str | None, str], now: datetime) -> Iterable[Moment]:
    titles = {sequence.id: sequence.name for sequence in inbox.sequences_of(db, client.clinic_id)}
    for entry in audit.of_subject(db, client.clinic_id, client.id):
        if entry.action in ACTS:
            about = titles.get(str(entry.detail.get("sequence")), "")
            until = entry.detail.get("until")
            day = date.fromisoformat(until) if until else None
            yield Moment(entry.at, Act(entry.action, names[entry.actor], about, day))
    words: dict[tuple[datetime, bool], list[Consent]] = defaultdict(list)
    for record in consents.history(db, client.id):
        words[record.recorded_at, record.given].append(record)
    for (at, given), records in words.items():
        records.sort(key=lambda record: record.topic)
        yield Moment(at, Word(given, tuple(records), names[records[0].recorded_by]))
    for one in sessions.of_client(db, client.id):
        therapist = names[f"staff:{one.therapist_id}"] if one.therapist_id else ""
        yield Moment(one.ended_at, Visit(one, therapist))
    for booked in diary.of_client(db, client, now=now):
        yield Moment(booked.appointment.starts_at, booked)


def _names(db: Session, client: Client, emails: Iterable[Email]) -> Mapping[str | None, str]:
    who = {
        client.held_by,
        client.paused_by,
        client.stopped_by,
        *(email.message.changed_by for email in emails),
    }
    who |= {entry.actor for entry in audit.of_subject(db, client.clinic_id, client.id)}
    who |= {record.recorded_by for record in consents.history(db, client.id)}
    who |= {f"staff:{one.therapist_id}" for one in sessions.of_client(db, client.id)}
    return actors.names(db, client.clinic_id, who)


def _running(db: Session, client: Client, emails: Seq[Email]) -> tuple[Running, ...]:
    by_run: dict[str, list[Email]] = defaultdict(list)
    for email in reversed(emails):
        if email.message.state != MessageState.CANCELLED:
            by_run[email.message.enrolment_id].append(email)
    return tuple(
        Running(run.id, sequence.name, version.spec.get("priority") == "tender", tuple(by_run[run.id]))
        for run, sequence, version in enrolments.active(db, client.id)
        if sequence.slug not in ALONE_SLUGS
    )
