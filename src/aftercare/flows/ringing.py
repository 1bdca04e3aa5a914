"""When somebody rings, in words: on the page where a client asks for it, and in the email that follows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from aftercare.domain.localtime import to_local
from aftercare.flows import duty
from aftercare.flows.calendar import zone_of
from aftercare.flows.duty import Ringing
from aftercare.mail.scene import phrases
from aftercare.models import Client, Clinic
from aftercare.store import alerts

A_WEEK = 7
SHORTLY = timedelta(minutes=45)
"""Sooner than this before closing, who asks may well be rung only after the next opening."""


def in_an_email(db: Session, client: Client, clinic: Clinic, language: str, *, now: datetime) -> str:
    """The sentence for an email that leaves now, in its language; empty where her wish is open no more. It
    may be read on another day, so it names a weekday rather than tomorrow."""
    alert = alerts.open_of(db, client.id)
    if alert is None:
        return ""
    words = phrases(language)["ringing"]
    as_sent = {
        **words,
        "open": words["sent_open"],
        "closing": words["sent_closing"],
        "closed": words["sent_closed"],
        "today": "",
        "tomorrow": "",
    }
    return in_words(duty.ringing(db, clinic, now, alert), client, clinic, as_sent, now=now)


def in_words(
    ringing: Ringing, client: Client, clinic: Clinic, words: Mapping[str, Any], *, now: datetime
) -> str:
    """`We are closed now. Sam rings Monday from 09:00.` The clinic's own time, named where she lives in
    another zone; its telephone, where nobody can be told. `words`: `ringing` of the emails' fixed words."""
    if not ringing.is_known:
        return str(words["nobody"]).format(phone=clinic.phone)
    name, zone = ringing.first_name, ringing.zone
    place = zone.key.rpartition("/")[2].replace("_", " ")
    is_elsewhere = zone_of(client, clinic).utcoffset(now) != zone.utcoffset(now)
    note = words["zone"].format(place=place) if is_elsewhere else ""
    known = {"name": name}
    if ringing.until is not None:
        known["until"] = f"{to_local(ringing.until, zone):%H:%M}{note}"
    if ringing.opens is not None:
        opens = to_local(ringing.opens, zone)
        known |= {"day": _day(opens, to_local(now, zone), words), "time": f"{opens:%H:%M}{note}"}
    return str(words[_which(ringing, now)]).format(**known)


def _which(ringing: Ringing, now: datetime) -> str:
    """The key of the sentence."""
    if ringing.until is None:
        return "unknown" if ringing.opens is None else "closed"
    closes_soon = ringing.until - now <= SHORTLY
    return "closing" if closes_soon and ringing.opens and ringing.opens > ringing.until else "open"


def _day(opens: datetime, today: datetime, words: Mapping[str, Any]) -> str:
    ahead = opens.date() - today.date()
    soon = words["tomorrow"] if ahead else words["today"]
    if ahead <= timedelta(days=1) and soon:
        return str(soon)
    weekday = str(words["weekdays"][opens.weekday()])
    if ahead.days < A_WEEK:
        return str(words["near"].format(weekday=weekday))
    month = words["months"][opens.month - 1]
    return str(words["far"].format(weekday=weekday, day=opens.day, month=month))
