"""Every email that left, for staff to look at: the list, and one email with why she got it."""

from collections.abc import Sequence as Seq
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aftercare.flows import copies, pictures
from aftercare.flows.calendar import spec_of, zone_of
from aftercare.flows.pictures import Picture
from aftercare.flows.tools import Tools
from aftercare.models import Attempt, CareSession, Client, Clinic, Consent, Message, Sequence
from aftercare.store import clinics, consents, emails, inbox
from aftercare.store.inbox import Letter

PAGE = 40


@dataclass(frozen=True)
class Line:
    """One email of the list. `zone` is the client's; `sent_at` is UTC."""

    message_id: str
    sent_at: datetime
    zone: ZoneInfo
    client: Client
    subject: str
    sequence: Sequence
    perhaps_twice: bool


@dataclass(frozen=True)
class Listing:
    """A page of the list. `more`: whether older ones follow."""

    lines: tuple[Line, ...]
    zone: ZoneInfo
    """The clinic's."""
    more: bool = False


@dataclass(frozen=True)
class Opened:
    """One email that was handed over: what it is, why she got it, and how it went."""

    message: Message
    client: Client
    zone: ZoneInfo
    clinic_zone: ZoneInfo
    sequence: Sequence
    version: int
    """The number of the sequence's version that its words are from."""
    compiled_hash: str
    """SHA-256 (hex) of what its words compiled to: equal for all who got the same, names and links apart."""
    keys: tuple[str, ...]
    """Of the steps of the run's version."""
    care_session: CareSession | None
    therapist: str
    consent: Consent | None
    """The record in force when it was sent; none is needed for what she asked for herself."""
    stopped: Consent | None
    """The record by which she left the topic since."""
    attempts: tuple[Attempt, ...]
    picture: Picture
    source: bytes
    covered: bool
    """Whether personal links of `picture` and `source` lead nowhere, other than those that left."""

    @property
    def step_number(self) -> int | None:
        """Its place in the sequence, from 1; None where the run's version no longer says."""
        return self.keys.index(self.message.step_key) + 1 if self.message.step_key in self.keys else None

    @property
    def steps(self) -> int:
        """How many steps the sequence has."""
        return len(self.keys)

    @property
    def perhaps_twice(self) -> bool:
        """Whether an earlier attempt may have arrived as well."""
        return any(attempt.possible_duplicate for attempt in self.attempts)

    @property
    def asks_for_consent(self) -> bool:
        """Whether staff sent it to ask for a yes: it needs none, and nobody has asked for it."""
        return self.sequence.slug in consents.ASKING_SLUGS

    @property
    def was_offered(self) -> bool:
        """Whether staff began it to help: it needs no yes either, and she has not asked for it."""
        return self.sequence.slug == consents.OFFERED_SLUG


def list_sent(
    db: Session,
    clinic_id: str,
    *,
    before: str | None = None,
    client_id: str | None = None,
    sequence: str | None = None,
    search: str | None = None,
    limit: int = PAGE,
) -> Listing:
    """What left, newest first, `limit` at a time. `before`: the id of the last one of the page before.
    NotFound."""
    letters = inbox.sent(
        db,
        clinic_id,
        limit=limit + 1,
        before=inbox.message(db, clinic_id, before) if before else None,
        client_id=client_id,
        sequence=sequence,
        search=search,
    )
    return _listing(clinics.get(db, clinic_id), letters, limit)


def list_newer(db: Session, clinic_id: str, than: str | None) -> Listing:
    """What left after the email with this id (or ever). NotFound where it is gone: a sandbox starts over."""
    last = inbox.message(db, clinic_id, than) if than else None
    letters = inbox.sent_after(db, clinic_id, last, limit=PAGE + 1)
    return _listing(clinics.get(db, clinic_id), letters, PAGE)


def open_letter(db: Session, tools: Tools, clinic_id: str, message_id: str) -> Opened:
    """One email. NotFound, also where it has not been handed over yet."""
    letter = inbox.letter(db, clinic_id, message_id)
    message, client = letter.message, letter.client
    source = copies.copy_to_show(db, tools, message)
    clinic, origin = clinics.get(db, clinic_id), inbox.origin(db, message)
    consent, stopped = _consent(consents.history(db, client.id), message)
    return Opened(
        message=message,
        client=client,
        zone=zone_of(client, clinic),
        clinic_zone=_zone_of(clinic),
        sequence=letter.sequence,
        version=origin.number,
        compiled_hash=emails.compiled_by_id(db, str(message.compiled_id)).content_hash,
        keys=tuple(step.key for step in spec_of(origin.version).steps),
        care_session=origin.care_session,
        therapist=origin.therapist.first_name if origin.therapist else "",
        consent=consent,
        stopped=stopped,
        attempts=tuple(inbox.attempts(db, message)),
        picture=pictures.of_copy(letter, source),
        source=source,
        covered=copies.covers_links(tools),
    )


def _listing(clinic: Clinic, letters: Seq[Letter], limit: int) -> Listing:
    lines = tuple(_line(letter, clinic) for letter in letters[:limit])
    return Listing(lines, _zone_of(clinic), more=len(letters) > limit)


def _line(letter: Letter, clinic: Clinic) -> Line:
    message = letter.message
    return Line(
        message_id=message.id,
        sent_at=message.sent_at or message.changed_at,
        zone=zone_of(letter.client, clinic),
        client=letter.client,
        subject=pictures.line(letter.email.document["subject"], (message.fields or {}).get("values", {})),
        sequence=letter.sequence,
        perhaps_twice=message.resends > 0,
    )


def _zone_of(clinic: Clinic) -> ZoneInfo:
    return ZoneInfo(clinic.timezone)


def _consent(history: Seq[Consent], message: Message) -> tuple[Consent | None, Consent | None]:
    """The record that this email was sent under, and the one that has ended it since."""
    sent_at = message.sent_at or message.changed_at
    of_topic = [record for record in history if record.topic == message.topic]
    before = [record for record in of_topic if record.recorded_at <= sent_at]
    then = before[-1] if before and before[-1].given else None
    now = of_topic[-1] if of_topic and not of_topic[-1].given else None
    return then, now
