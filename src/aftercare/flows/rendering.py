"""From a claimed row to the bytes that go on the wire. What the bytes depend on is frozen at the first
attempt, so that a repetition is the same message to the byte (reliability rule 4)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from aftercare.domain import run_size as sizes
from aftercare.flows import recipients, ringing
from aftercare.flows.resource_shelf import library_of, version_of
from aftercare.flows.tools import Tools
from aftercare.mail.colours import Colours
from aftercare.mail.compile import Variant, Why, compile_email
from aftercare.mail.document import EmailDocument
from aftercare.mail.fields import CALL_TOLD, CALL_WHEN, WEEK
from aftercare.mail.library import Library
from aftercare.mail.message_ids import bounce_address, boundary, message_id
from aftercare.mail.personalise import MessageInputs, build_message
from aftercare.mail.scene import phrases
from aftercare.mail.senders.base import Outgoing
from aftercare.mail.skeleton import Skeleton
from aftercare.mail.theme import Theme
from aftercare.mail.tokens import Purpose, sign
from aftercare.models import Clinic, CompiledEmail, Message
from aftercare.store import emails, week
from aftercare.store.consents import OFFERED_SLUG
from aftercare.store.dispatch import Claimed

NOWHERE = "/u/preview"
"""Path that stands in for the personal links of an email that staff look at: it opens nothing."""
_LINKS = ("unsubscribe_url", "settings_url", "view_url", "consent_url", "checkin_url", "app_url")
ALERTS = "/alerts"
"""Where staff find who would like a call."""


def outgoing(
    db: Session, tools: Tools, claimed: Claimed, run_size: tuple[int, int], now: datetime
) -> Outgoing:
    """The envelope and bytes of one message; freezes its inputs where this is the first attempt. `run_size`
    is how many emails its run has and over how many days.

    Raises ContentError or InvalidInput where the email cannot be rendered: that message is parked, its
    neighbours go out (P13)."""
    if claimed.message.compiled_id is None:
        _freeze(db, tools, claimed, run_size, now)
    _write_to_where_she_reads(claimed)
    return Outgoing(
        key=claimed.message.id,
        mail_from=bounce_address(str(claimed.message.mime_message_id)),
        rcpt_to=claimed.client.email,
        content=frozen_bytes(db, tools, claimed.message),
    )


def frozen_bytes(db: Session, tools: Tools, message: Message, *, covered: bool = False) -> bytes:
    """The bytes that the latest attempt of a frozen message handed over, made again: nothing of them is
    looked up in what a client or a clinic is called now. `covered`: her links lead `NOWHERE` instead."""
    inputs = _inputs(tools, message, covered=covered)
    return build_message(_skeleton(db, tools, str(message.compiled_id)), inputs)


def compiling_order(claimed: Claimed, run_size: tuple[int, int]) -> tuple[str, str]:
    """Render a batch in this order: two workers that compile the same new emails in different orders would
    wait for each other's rows in a ring."""
    return claimed.message.email_version_id, repr(_variant(claimed, run_size))


def theme_of(clinic: Clinic, tools: Tools) -> Theme:
    """The look and the particulars of a clinic."""
    return Theme(
        clinic_name=clinic.name,
        sender_name=clinic.sender_name,
        sender_address=clinic.sender_address,
        reply_to=clinic.reply_to,
        reply_reader=clinic.reply_reader,
        postal_address=clinic.postal_address,
        phone=clinic.phone,
        hours=clinic.hours,
        country=clinic.country,
        list_id_domain=tools.settings.mail_domain,
        public_base_url=tools.settings.public_url,
        logo_url=clinic.logo_url,
        colours=Colours(**clinic.colours),
    )


def _freeze(db: Session, tools: Tools, claimed: Claimed, run_size: tuple[int, int], now: datetime) -> None:
    message = claimed.message
    message.compiled_id = _compiled_id(db, tools, claimed, run_size, now)
    values = {
        "first_name": claimed.client.first_name,
        "therapist.first_name": claimed.therapist or "",
        **sizes.values(*run_size),
        **_call(db, tools, claimed, now),
        **_week(db, tools, claimed, now),
    }
    message.fields = {
        "values": values,
        "to_address": claimed.client.email,
        **_clinic_fields(tools, claimed),
    }
    message.mime_date = now.replace(microsecond=0)
    message.mime_boundary = boundary(tools.message_id_key, message.id)
    message.mime_message_id = message_id(tools.message_id_key, message.id, tools.settings.mail_domain)


def _call(db: Session, tools: Tools, claimed: Claimed, now: datetime) -> dict[str, str]:
    """Who rings and when, or why a colleague is told, for an email that says it."""
    skeleton = _skeleton(db, tools, str(claimed.message.compiled_id))
    told = claimed.enrolment.facts.get(recipients.TOLD)
    if CALL_TOLD in skeleton.fields() and told:
        return {CALL_TOLD: phrases(skeleton.language)["told"][told]}
    if CALL_WHEN not in skeleton.fields():
        return {}
    said = ringing.in_an_email(db, claimed.client, claimed.clinic, skeleton.language, now=now)
    return {CALL_WHEN: said}


def _week(db: Session, tools: Tools, claimed: Claimed, now: datetime) -> dict[str, str]:
    """How much there is to do, for an email to a colleague that says it; numbers only, so it names nobody."""
    if not WEEK & _skeleton(db, tools, str(claimed.message.compiled_id)).fields():
        return {}
    due = week.emails_due(db, claimed.clinic.id, now, now + timedelta(days=7))
    return {"week.emails": str(due), "week.waiting": str(week.waiting(db, claimed.clinic.id))}


def _write_to_where_she_reads(claimed: Claimed) -> None:
    """Her address is the one thing that is not frozen for good: an email that was refused at an address
    that somebody has corrected since goes to the right one, and the copy says so."""
    fields = claimed.message.fields or {}
    if fields.get("to_address") != claimed.client.email:
        claimed.message.fields = {**fields, "to_address": claimed.client.email}


def _compiled_id(
    db: Session, tools: Tools, claimed: Claimed, run_size: tuple[int, int], now: datetime
) -> str:
    theme, theme_version = _theme(db, tools, claimed.clinic)
    library, library_version = _library(db, tools, claimed.clinic.id)
    variant = _variant(claimed, run_size)
    inputs_hash = _hash(claimed, theme_version, variant, tools.templates_version + library_version)
    found = emails.compiled(db, claimed.clinic.id, inputs_hash)
    if found is not None:
        return found
    email = emails.get(db, claimed.message.email_version_id)
    document = EmailDocument.from_json(email.document)
    skeleton = compile_email(document, theme, variant, library, claimed.sequence.public_name)
    row = CompiledEmail(
        clinic_id=claimed.clinic.id,
        email_version_id=email.id,
        inputs_hash=inputs_hash,
        content_hash=skeleton.content_hash,
        skeleton=json.dumps(skeleton.to_json()),
        created_at=now,
    )
    return emails.keep(db, row)


def _variant(claimed: Claimed, run_size: tuple[int, int]) -> Variant:
    return Variant(
        language=claimed.client.language,
        country=claimed.client.country or claimed.clinic.country,
        returning=claimed.enrolment.every_visit_only,
        cards=tuple(sorted(claimed.message.cards.items())),
        why=_why(claimed),
        marketing=claimed.marketing,
        run=sizes.form(*run_size),
    )


def _why(claimed: Claimed) -> Why:
    is_account = claimed.message.purpose == "account"
    if claimed.client.staff_id:
        return "alert" if is_account else "staff"
    if claimed.sequence.slug == OFFERED_SLUG:
        return "offered"
    return "request" if is_account else "consent"


def _theme(db: Session, tools: Tools, clinic: Clinic) -> tuple[Theme, str]:
    """A clinic's look and its version, worked out once per transaction: a batch is mostly one clinic's."""
    themes: dict[str, tuple[Theme, str]] = db.info.setdefault("themes", {})
    if clinic.id not in themes:
        theme = theme_of(clinic, tools)
        themes[clinic.id] = (theme, theme.version)
    return themes[clinic.id]


def _library(db: Session, tools: Tools, clinic_id: str) -> tuple[Library, str]:
    """A clinic's shelf and the version of what is its own on it, also once per transaction."""
    libraries: dict[str, tuple[Library, str]] = db.info.setdefault("libraries", {})
    if clinic_id not in libraries:
        library = library_of(db, tools, clinic_id)
        libraries[clinic_id] = (library, version_of(library))
    return libraries[clinic_id]


def _hash(claimed: Claimed, theme_version: str, variant: Variant, templates: str) -> str:
    parts = (
        claimed.message.email_version_id,
        theme_version,
        repr(variant),
        claimed.sequence.public_name,
        templates,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _clinic_fields(tools: Tools, claimed: Claimed) -> dict[str, Any]:
    """What the clinic or the operator may change between two attempts; the link itself is not stored."""
    clinic, settings = claimed.clinic, tools.settings
    label = clinic.id.removeprefix("clc_")
    return {
        "from_name": clinic.sender_name,
        "from_address": clinic.sender_address,
        "reply_to": clinic.reply_to,
        "list_id": f"{claimed.message.topic}.{label}.{settings.mail_domain}",
        "link_base": settings.public_url,
        "link_key": tools.token_keys.current,
        "link_epoch": claimed.client.token_epoch,
        "has_settings": True,
    }


def _skeleton(db: Session, tools: Tools, compiled_id: str) -> Skeleton:
    skeleton = tools.skeletons.get(compiled_id)
    if skeleton is None:
        skeleton = Skeleton.from_json(json.loads(emails.compiled_by_id(db, compiled_id).skeleton))
        tools.skeletons[compiled_id] = skeleton
    return skeleton


def _inputs(tools: Tools, message: Message, *, covered: bool) -> MessageInputs:
    frozen = message.fields
    if message.mime_date is None or frozen is None:
        raise ValueError("a message is frozen before it is rendered")
    nowhere = tools.settings.public_url + NOWHERE
    links = dict.fromkeys(_LINKS, nowhere) if covered else _links(tools, message, frozen)
    return MessageInputs(
        message_id=str(message.mime_message_id),
        date=message.mime_date,
        boundary=str(message.mime_boundary),
        to_address=frozen["to_address"],
        values=frozen["values"],
        list_id=frozen["list_id"],
        reply_to=frozen["reply_to"],
        from_name=frozen["from_name"],
        from_address=frozen["from_address"],
        purpose=message.purpose,
        **links,
    )


def _links(tools: Tools, message: Message, frozen: Mapping[str, Any]) -> dict[str, str]:
    leave = _link(tools, message, frozen, "u", Purpose.UNSUBSCRIBE)
    view = _link(tools, message, frozen, "v", Purpose.VIEW, about=message.id)
    # What left before there was a page for them had the other link, and its copies keep it.
    has_page = frozen.get("has_settings", False)
    settings = _link(tools, message, frozen, "s", Purpose.SETTINGS) if has_page else leave
    asks = message.purpose == "account"
    consent = _link(tools, message, frozen, "c", Purpose.CONSENT) if asks else ""
    checkin = _link(tools, message, frozen, "k", Purpose.CHECKIN, about=message.id)
    app = frozen["link_base"] + ALERTS
    return dict(zip(_LINKS, (leave, settings, view, consent, checkin, app), strict=True))


def _link(
    tools: Tools, message: Message, frozen: Mapping[str, Any], place: str, purpose: Purpose, about: str = ""
) -> str:
    """A link behind which she can look and decide: a page on GET, an act only on POST (RFC 8058). `about`:
    else the message's topic."""
    keys = replace(tools.token_keys, current=frozen["link_key"])
    token = sign(keys, purpose, message.client_id, about or message.topic, frozen["link_epoch"])
    return f"{frozen['link_base']}/{place}/{token}"
