"""Why somebody cannot be sent something now, in words, once for errors and for pages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class WhyNot(NamedTuple):
    """`brief` follows a colon; `sentence` stands alone and says what can be done."""

    brief: str
    sentence: str


WHY_NOT: Mapping[str, WhyNot] = MappingProxyType(
    {
        "no_consent": WhyNot(
            "no consent to these emails",
            "This client has not said yes to these emails. Record their consent or ask for it first.",
        ),
        "suppressed": WhyNot(
            "this address cannot be written to",
            "This address does not take our emails. Correct the address first.",
        ),
        "stopped_everything": WhyNot(
            "staff have stopped everything for this client",
            "Everything was stopped for this client. Take that back on the client's page first.",
        ),
        "already_running": WhyNot(
            "these emails are running already",
            "This client is in the middle of these emails already.",
        ),
        "tender_run_active": WhyNot(
            "the gentler emails after strong feelings are still running, and stay",
            "This client is getting the emails after a visit with strong feelings; nothing else"
            " starts beside them. Stop those first, or wait for their end.",
        ),
        "nothing_new": WhyNot(
            "all of it was sent not long ago",
            "This client has had these emails within the last weeks. There is nothing new in them.",
        ),
        "needs_appointment": WhyNot(
            "this goes with an appointment and cannot be started by hand",
            "These emails are counted from an appointment. Book one instead.",
        ),
        "support_path": WhyNot(
            "this belongs to extra support, which is started on the client's page",
            "Use “Start extra support” on the client's page: it also holds the other emails.",
        ),
        "for_colleagues": WhyNot(
            "these emails are for people who work here",
            "These emails are for people who work here, not for clients.",
        ),
        "is_newsletter": WhyNot(
            "newsletters go to all their subscribers, on the page Newsletter",
            "A newsletter is not started for one client. Write and schedule an issue on the page Newsletter.",
        ),
        "asks_for_consent": WhyNot(
            "this only asks for consent",
            "This email asks for consent. Use 'Ask for consent' instead.",
        ),
        "not_published": WhyNot(
            "this sequence has no live version",
            "This sequence has no published version. Publish it first.",
        ),
        "already_given": WhyNot(
            "consent is there already",
            "This client has said yes to these emails already.",
        ),
        "stopped_by_client": WhyNot(
            "the client asked for these emails to stop",
            "The client asked for these emails to stop, so they are not asked again by email. "
            "You can record a new yes that they gave you.",
        ),
        "stopped_for_client": WhyNot(
            "a colleague stopped them on the client's word",
            "A colleague stopped these emails on the client's word, so they are not asked again "
            "by email. You can record a new yes that they gave you.",
        ),
        "refused": WhyNot(
            "asked, and the answer was no",
            "This client was asked and said no, so they are not asked again.",
        ),
        "asked_recently": WhyNot(
            "asked within the last 30 days",
            "This client was asked within the last 30 days. Ask in person, or wait.",
        ),
        "request_paused": WhyNot(
            "asking for consent is paused",
            "The email that asks for consent is paused for all clients. Resume it first.",
        ),
        "request_changed": WhyNot(
            "the email that asks for consent was changed into another kind",
            "The sequence consent-request is no account email any more. Restore an older version.",
        ),
    }
)
"""Why a sequence cannot start, or why a client cannot be asked for consent."""
