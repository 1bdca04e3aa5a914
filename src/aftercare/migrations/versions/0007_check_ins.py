"""Check-ins, alerts and colleagues who get emails"""

import sqlalchemy as sa
from alembic import op

from aftercare.domain.hours import from_words
from aftercare.models.base import UTCDateTime

OPEN = sa.text("closed_at IS NULL")
TO_ESCALATE = sa.text("acknowledged_at IS NULL AND escalated_at IS NULL AND closed_at IS NULL")

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("client", sa.Column("staff_id", sa.String(), nullable=True))
    op.create_index("ix_client_staff_id", "client", ["staff_id"], unique=True)
    op.add_column("clinic", sa.Column("opening", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("clinic", sa.Column("closed_on", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("clinic", sa.Column("duty_id", sa.String(), nullable=True))
    op.add_column("clinic", sa.Column("second_id", sa.String(), nullable=True))
    _read_hours()
    _checkin_response()
    _alert()


def downgrade() -> None:
    """Back; answers and alerts are lost."""
    op.drop_table("alert")
    op.drop_table("checkin_response")
    for column in ("second_id", "duty_id", "closed_on", "opening"):
        op.drop_column("clinic", column)
    op.drop_index("ix_client_staff_id", "client")
    op.drop_column("client", "staff_id")


def _read_hours() -> None:
    """When people work, as far as the clinic's own words say it plainly; else it is asked for on Today."""
    clinic = sa.table("clinic", sa.column("id"), sa.column("hours"), sa.column("opening", sa.JSON()))
    connection = op.get_bind()
    for clinic_id, words in connection.execute(sa.select(clinic.c.id, clinic.c.hours)).all():
        known = from_words(words)
        if known is not None:
            written = clinic.update().where(clinic.c.id == clinic_id).values(opening=known.written())
            connection.execute(written)


def _checkin_response() -> None:
    op.create_table(
        "checkin_response",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("changed_from", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=True),
        sa.Column("seen_by", sa.String(), nullable=True),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_checkin_response_client_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_checkin_response_message_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_checkin_response_clinic_id"),
        sa.PrimaryKeyConstraint("id", name="pk_checkin_response"),
        sa.UniqueConstraint("message_id", name="uq_checkin_response_message_id"),
    )
    op.create_index("ix_checkin_response_clinic_id", "checkin_response", ["clinic_id"])
    op.create_index("ix_checkin_response_client_id", "checkin_response", ["client_id"])


def _alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("response_id", sa.String(), nullable=True),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("escalate_at", UTCDateTime(), nullable=True),
        sa.Column("escalated_at", UTCDateTime(), nullable=True),
        sa.Column("acknowledged_at", UTCDateTime(), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("spoken_at", UTCDateTime(), nullable=True),
        sa.Column("spoken_by", sa.String(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_alert_client_id"),
        sa.ForeignKeyConstraint(["response_id"], ["checkin_response.id"], name="fk_alert_response_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_alert_clinic_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
    )
    _alert_indexes()


def _alert_indexes() -> None:
    op.create_index("ix_alert_clinic_id", "alert", ["clinic_id"])
    op.create_index("ix_alert_client_id", "alert", ["client_id"])
    op.create_index(
        "uq_alert_open", "alert", ["client_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index(
        "ix_alert_to_escalate",
        "alert",
        ["escalate_at"],
        sqlite_where=TO_ESCALATE,
        postgresql_where=TO_ESCALATE,
    )
