"""Sign-ups by a form on the web: may one email that asks for a yes go out, and what reaches one mailbox.

Attackers type a stranger's address into thousands of forms, so that her mailbox drowns (list bombing,
standards section 6). Each of our forms may add one email a day to that, and three in all."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

ONE_EVERY = timedelta(hours=24)
MOST_EVER = 3
PER_NETWORK = 30
"""Forms a day from one network that are looked at; the tablet of a waiting room is one, too."""
PER_CLINIC = 300
"""Emails a day that ask for a yes, for all addresses together."""
FORGET_AFTER = timedelta(days=30)
_DOTS_MEAN_NOTHING = {"gmail.com", "googlemail.com"}


@dataclass(frozen=True)
class Facts:
    """What is known of a mailbox, and of the clinic's day. `consent`: her word on the newsletter, if any;
    `sent`: emails that asked her for a yes and got none; instants are UTC."""

    takes_signups: bool = True
    suppressed: bool = False
    consent: bool | None = None
    sent: int = 0
    last_sent_at: datetime | None = None
    sent_by_clinic_today: int = 0


def refusal(facts: Facts, now: datetime) -> str | None:
    """Why no email goes out: closed, suppressed, subscribed, stopped, three_times, today, clinic_full. None
    where it may. Whoever has said stop comes back by a link of her own, never by what a stranger types."""
    obstacles = {
        "closed": not facts.takes_signups,
        "suppressed": facts.suppressed,
        "subscribed": facts.consent is True,
        "stopped": facts.consent is False,
        "three_times": facts.sent >= MOST_EVER,
        "today": facts.last_sent_at is not None and now < facts.last_sent_at + ONE_EVERY,
        "clinic_full": facts.sent_by_clinic_today >= PER_CLINIC,
    }
    return next((reason for reason, stands in obstacles.items() if stands), None)


def mailbox_of(email_key: str) -> str:
    """The mailbox that a compared address most likely reaches: without what follows a plus, and for Google
    without dots. Only for counting: whom we write to is the address as it was typed."""
    local, _, domain = email_key.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTS_MEAN_NOTHING:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def network_of(peer: str) -> str:
    """The network of an IP address: for IPv6 its /64, since one household has all of it. Anything else as it
    is."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, 64), strict=False))
    return peer
