"""Everything that is stored about one client, for the copy that she may ask for (GDPR article 15)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select
from sqlalchemy.orm import Session

from aftercare.models import (
    Attempt,
    AuditEntry,
    Base,
    CareSession,
    Client,
    Enrolment,
    Message,
    NewsletterSignup,
    Suppression,
)
from aftercare.models.care_session import SOMEBODY_ELSES
from aftercare.models.client import FOR_SIGNUP

HOW_WE_SEND = frozenset(
    {"clinic_id", "client_id", "email_key", "token_epoch", "fence", "lease_until", "claims", "resends",
     "compiled_id", "fields", "mime_boundary", "current", "dedupe_key", "address_hash", "mailbox_hash"}
)  # fmt: skip
"""Columns of the machinery that say nothing about her."""


def of_client(db: Session, client: Client) -> dict[str, list[dict[str, Any]]]:
    """By table, the rows about this person: whatever has a `client_id`, and what is tied to her otherwise. A
    new table with such a column is part of it by itself."""
    found = {}
    people = [client.id, *signed_up_as(db, client)]
    for table in Base.metadata.sorted_tables:
        which = _hers(table, client, people)
        if which is not None:
            columns = [column for column in table.columns if column.name not in HOW_WE_SEND]
            query = select(*columns).where(table.c.clinic_id == client.clinic_id, which)
            rows = db.execute(query.order_by(*table.primary_key.columns)).mappings()
            found[table.name] = [dict(row) for row in rows]
    return {name: rows for name, rows in found.items() if rows}


def signed_up_as(db: Session, client: Client) -> list[str]:
    """Ids of the rows by which this address was asked to confirm a sign-up (ADR 20), if any still are."""
    query = select(Client.id).where(
        Client.clinic_id == client.clinic_id, Client.email_key == FOR_SIGNUP + client.email_key
    )
    return sorted(db.scalars(query))


def _hers(table: Table, client: Client, people: Sequence[str]) -> ColumnElement[bool] | None:
    """Without a session that was logged for her by mistake, and what it would have brought: that is somebody
    else's. An email that it did bring she has."""
    not_hers = select(CareSession.id).where(
        CareSession.client_id == client.id, CareSession.plan_note == SOMEBODY_ELSES
    )
    brought = select(Enrolment.id).where(Enrolment.session_id.in_(not_hers))
    mine = select(Message.id).where(Message.client_id.in_(people))
    ties: dict[str, ColumnElement[bool]] = {
        Client.__tablename__: table.c.id == client.id if "id" in table.c else or_(False),
        Suppression.__tablename__: Suppression.email_key == client.email_key,
        AuditEntry.__tablename__: or_(
            AuditEntry.subject == client.id, AuditEntry.actor == f"client:{client.id}"
        ),
        Attempt.__tablename__: Attempt.message_id.in_(mine),
        CareSession.__tablename__: and_(CareSession.client_id == client.id, CareSession.id.not_in(not_hers)),
        Enrolment.__tablename__: and_(Enrolment.client_id.in_(people), Enrolment.id.not_in(brought)),
        Message.__tablename__: and_(
            Message.client_id.in_(people), or_(Message.attempts > 0, Message.enrolment_id.not_in(brought))
        ),
        NewsletterSignup.__tablename__: func.lower(NewsletterSignup.email) == client.email_key,
    }
    if table.name in ties:
        return ties[table.name]
    return table.c.client_id == client.id if "client_id" in table.c else None
