"""Appointments and life events"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from aftercare.models.base import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UNPLANNED = sa.text("planned_at IS NULL")
NOT_FOLLOWED = sa.text("exit_reason = 'completed' AND followed_at IS NULL")
OF_APPOINTMENT = sa.text("exit_reason IS NULL OR exit_reason != 'appointment_cancelled'")


def _columns() -> dict[str, tuple[sa.Column[Any], ...]]:
    """New columns by table; made anew for each use, since a column belongs to one table."""
    return {
        "client": (
            sa.Column("stopped_at", UTCDateTime(), nullable=True),
            sa.Column("stopped_by", sa.String(), nullable=True),
            sa.Column("stopped_reason", sa.String(), nullable=True),
        ),
        "enrolment": (
            sa.Column("appointment_id", sa.String(), nullable=True),
            sa.Column("follows_id", sa.String(), nullable=True),
            sa.Column("known_at", UTCDateTime(), nullable=True),
            sa.Column("followed_at", UTCDateTime(), nullable=True),
        ),
    }


def upgrade() -> None:
    """Forward. Nothing follows runs that were over before this version."""
    _appointment()
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE enrolment SET followed_at = ended_at WHERE exit_reason = 'completed'")
    _enrolment_indexes()


def downgrade() -> None:
    """Back."""
    for name in (
        "uq_enrolment_appointment_sequence",
        "uq_enrolment_follows_sequence",
        "ix_enrolment_not_followed",
    ):
        op.drop_index(name, "enrolment")
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)
    op.drop_table("appointment")


def _appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=True),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("first_session", sa.Boolean(), nullable=False),
        sa.Column("first_by_staff", sa.Boolean(), nullable=False),
        sa.Column("booked_by", sa.String(), nullable=False),
        sa.Column("booked_at", UTCDateTime(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.Column("cancelled_at", UTCDateTime(), nullable=True),
        sa.Column("cancelled_by", sa.String(), nullable=True),
        sa.Column("planned_at", UTCDateTime(), nullable=True),
        sa.Column("plan_note", sa.String(), nullable=True),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_appointment_client_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_appointment_clinic_id"),
        sa.ForeignKeyConstraint(["session_id"], ["care_session.id"], name="fk_appointment_session_id"),
        sa.ForeignKeyConstraint(["therapist_id"], ["staff.id"], name="fk_appointment_therapist_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
    )
    for column in ("client_id", "clinic_id", "session_id"):
        op.create_index(f"ix_appointment_{column}", "appointment", [column])
    op.create_index("ix_appointment_clinic_id_ends_at", "appointment", ["clinic_id", "ends_at"])
    op.create_index(
        "ix_appointment_unplanned",
        "appointment",
        ["booked_at"],
        sqlite_where=UNPLANNED,
        postgresql_where=UNPLANNED,
    )


def _enrolment_indexes() -> None:
    op.create_index(
        "uq_enrolment_appointment_sequence",
        "enrolment",
        ["appointment_id", "sequence_id"],
        unique=True,
        sqlite_where=OF_APPOINTMENT,
        postgresql_where=OF_APPOINTMENT,
    )
    op.create_index("uq_enrolment_follows_sequence", "enrolment", ["follows_id", "sequence_id"], unique=True)
    op.create_index(
        "ix_enrolment_not_followed",
        "enrolment",
        ["ended_at"],
        sqlite_where=NOT_FOLLOWED,
        postgresql_where=NOT_FOLLOWED,
    )
