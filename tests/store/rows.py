"""Message rows without the flows that make them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from aftercare.models import (
    Client,
    Clinic,
    Consent,
    EmailVersion,
    Enrolment,
    Message,
    SequenceVersion,
)
from aftercare.models import Sequence as SequenceRow
from aftercare.store.engine import writing
from tests.factories import CLINIC

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CLINIC_ID = {"clinic_id": "clc_willow"}


def add_messages(engine: Engine, count: int, *, due_at: Sequence[datetime] = ()) -> list[str]:
    """So many planned messages of Maya's run, due now; their ids in order."""
    ids = [f"msg_{number:03}" for number in range(count)]
    with writing(engine) as db:
        _add_maya(db)
        instants = due_at or [NOW] * count
        db.execute(
            insert(Message),
            [message_row(key, due_at=at, planned_for=at) for key, at in zip(ids, instants, strict=True)],
        )
    return ids


def message_row(message_id: str, **changes: Any) -> dict[str, Any]:
    """The columns of a planned message."""
    return {
        **CLINIC_ID,
        "id": message_id,
        "client_id": "cli_maya",
        "enrolment_id": "enr_maya",
        "sequence_id": "seq_visit",
        "step_key": message_id,
        "email_version_id": "emv_plan",
        "dedupe_key": message_id,
        "topic": "aftercare",
        "purpose": "care",
        "state": "planned",
        "changed_by": "test",
        "changed_at": NOW,
        "planned_for": NOW,
        "due_at": NOW,
        "max_late": 86400,
    } | changes


def _add_maya(db: Session) -> None:
    """A clinic, a client who consents, and her run."""
    clinic = {key: value for key, value in vars(CLINIC).items() if key != "colours"}
    at = {"created_at": NOW}
    rows: list[tuple[Any, dict[str, Any]]] = [
        (Clinic, {"id": "clc_willow", **clinic, **at}),
        (Client, {"id": "cli_maya", "email": "maya@example.com", "email_key": "maya@example.com", **at}),
        (Consent, {"client_id": "cli_maya", "topic": "aftercare", "given": True, "source": "form"}),
        (SequenceRow, {"id": "seq_visit", "slug": "visit", "name": "V", "public_name": "V"}),
        (SequenceVersion, {"id": "ver_1", "sequence_id": "seq_visit", "number": 1, "state": "published"}),
        (EmailVersion, {"id": "emv_plan", "language": "en", "document": {}, **at}),
        (Enrolment, {"id": "enr_maya", "client_id": "cli_maya", "sequence_id": "seq_visit"}),
    ]
    more: dict[Any, dict[str, Any]] = {
        Consent: {"wording": "Yes.", "recorded_by": "test", "recorded_at": NOW},
        SequenceRow: {"topic": "aftercare"},
        SequenceVersion: {"spec": {}},
        Enrolment: {
            "version_id": "ver_1",
            "anchor_at": NOW,
            "anchor_local": "2026-11-23T14:00:00",
            "anchor_zone": "Europe/London",
            "started_at": NOW,
        },
    }
    for table, values in rows:
        owner = {} if table is Clinic else CLINIC_ID
        db.execute(insert(table).values(**owner, **values, **more.get(table, {})))
