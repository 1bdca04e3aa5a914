"""Who lives in the sandbox, and what has happened to them before it opens. All of it is invented."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aftercare.domain.localtime import to_utc
from aftercare.flows.clinics import NewClinic

ORDINARY, STRONG = "ordinary", "strong_feelings"
LEAVES, IS_HELD, RESTS = "leaves", "is held", "rests"
FIRST_VISIT, NEXT_VISIT = "first visit", "next visit"
REST_DAYS = 6
HELD_BECAUSE = "Wants to talk to Sam on the phone first."
WORDING = "Yes, please send me emails after my visits."
SOURCE = "Intake form"
PASSWORD = "willowsandbox"  # noqa: S105 - printed for everyone to read; it opens nothing but a sandbox

CLINIC = NewClinic(
    name="Willow Lane Clinic",
    sender_name="Willow Lane",
    sender_address="hello@willowlane.example.com",
    reply_to="hello@willowlane.example.com",
    reply_reader="Alex at the front desk",
    postal_address="12 Willow Lane, Leeds LS1 4AB, United Kingdom",
    phone="0113 496 0000",
    hours="Monday to Friday, 9:00 to 17:00",
    country="GB",
    timezone="Europe/London",
)
STAFF = (("Robin", "owner"), ("Noor", "editor"), ("Sam", "therapist"), ("Jo", "viewer"))
THERAPIST = "Sam"
SECOND = "Robin"
"""Who hears of “Please call me” where Sam has not taken it on within two working hours."""


@dataclass(frozen=True)
class Moment:
    """Something that happened `days_ago` (negative: is to come) at the local time `at`: a session's outcome,
    what she did, or which visit was booked for then."""

    days_ago: int
    at: str
    what: str

    def instant(self, zone: ZoneInfo, today: date) -> datetime:
        """When that was, UTC; `today` is the date where she lives."""
        local = datetime.combine(today - timedelta(days=self.days_ago), time.fromisoformat(self.at))
        return to_utc(local, zone, "at")


@dataclass(frozen=True)
class Person:
    """A client and her past, oldest first."""

    first_name: str
    mailbox: str
    zone: str
    country: str
    past: tuple[Moment, ...] = ()
    consents: bool = True
    booked: tuple[Moment, ...] = ()

    @property
    def email(self) -> str:
        """An address that nobody has (RFC 2606)."""
        return f"{self.mailbox}@example.com"


CAST = (
    Person(
        "Maya",
        "maya.ellis",
        "Europe/London",
        "GB",
        (Moment(3, "14:00", ORDINARY),),
        booked=(Moment(-9, "14:00", NEXT_VISIT),),
    ),
    Person("Aoife", "aoife.brennan", "Europe/Dublin", "IE", (Moment(2, "11:00", STRONG),)),
    Person(
        "Daniel",
        "daniel.ortiz",
        "America/New_York",
        "US",
        (Moment(6, "15:30", ORDINARY),),
        booked=(Moment(1, "11:00", NEXT_VISIT),),
    ),
    Person("Grace", "grace.okafor", "America/Los_Angeles", "US", (Moment(1, "12:00", ORDINARY),)),
    Person("Sunita", "sunita.gurung", "Asia/Kathmandu", "NP", (Moment(9, "10:00", ORDINARY),)),
    Person("Jack", "jack.moretti", "Australia/Sydney", "AU", (Moment(5, "16:00", STRONG),)),
    Person(
        "Priya",
        "priya.nair",
        "Europe/London",
        "GB",
        (Moment(7, "13:00", ORDINARY), Moment(6, "21:10", LEAVES)),
    ),
    Person("Tom", "tom.haddow", "Europe/London", "GB", (Moment(1, "15:00", ORDINARY),), consents=False),
    Person(
        "Hannah",
        "hannah.voss",
        "Europe/Berlin",
        "DE",
        (Moment(4, "17:00", STRONG), Moment(3, "12:00", IS_HELD)),
    ),
    Person(
        "Lucas",
        "lucas.tremblay",
        "America/Toronto",
        "CA",
        (Moment(4, "11:30", ORDINARY), Moment(2, "09:00", RESTS)),
    ),
    Person(
        "Maximiliane-Theodora Henriette",
        "m.t.h.von-hohenwaldeck",
        "Europe/Vienna",
        "AT",
        (Moment(2, "10:30", ORDINARY),),
    ),
    Person("", "ring.twice", "Europe/London", "GB", (Moment(5, "09:30", ORDINARY),)),
    Person("ليلى", "layla.haddad", "Asia/Amman", "JO", (Moment(1, "13:00", ORDINARY),)),
    Person("Olivia", "olivia.marsh", "Europe/London", "GB", booked=(Moment(-4, "10:30", FIRST_VISIT),)),
)
