"""Enrolments, the queue of record, and its attempts"""

import sqlalchemy as sa
from alembic import op

from aftercare.models.base import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    _enrolment()
    _message()
    _attempt()


def downgrade() -> None:
    """Back."""
    for table in ("attempt", "message", "enrolment"):
        op.drop_table(table)


def _enrolment() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("sequence_id", sa.String(), nullable=False),
        sa.Column("version_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("anchor_at", UTCDateTime(), nullable=False),
        sa.Column("anchor_local", sa.String(), nullable=False),
        sa.Column("anchor_zone", sa.String(), nullable=False),
        sa.Column("every_visit_only", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("exit_reason", sa.String(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_enrolment_client_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_enrolment_clinic_id"),
        sa.ForeignKeyConstraint(["sequence_id"], ["sequence.id"], name="fk_enrolment_sequence_id"),
        sa.ForeignKeyConstraint(["session_id"], ["care_session.id"], name="fk_enrolment_session_id"),
        sa.ForeignKeyConstraint(["version_id"], ["sequence_version.id"], name="fk_enrolment_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
    )
    op.create_index(
        "ix_enrolment_active",
        "enrolment",
        ["client_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_enrolment_client_id", "enrolment", ["client_id"], unique=False)
    op.create_index("ix_enrolment_clinic_id", "enrolment", ["clinic_id"], unique=False)
    op.create_index(
        "uq_enrolment_session_sequence",
        "enrolment",
        ["session_id", "sequence_id"],
        unique=True,
        sqlite_where=sa.text("exit_reason IS NULL OR exit_reason != 'session_cancelled'"),
        postgresql_where=sa.text("exit_reason IS NULL OR exit_reason != 'session_cancelled'"),
    )


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column("sequence_id", sa.String(), nullable=False),
        sa.Column("step_key", sa.String(), nullable=False),
        sa.Column("email_version_id", sa.String(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("ambiguous", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("planned_for", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("max_late", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("cards", sa.JSON(), nullable=False),
        sa.Column("fence", sa.String(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("resends", sa.Integer(), nullable=False),
        sa.Column("compiled_id", sa.String(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=True),
        sa.Column("mime_date", UTCDateTime(), nullable=True),
        sa.Column("mime_boundary", sa.String(), nullable=True),
        sa.Column("mime_message_id", sa.String(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_message_client_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_message_clinic_id"),
        sa.ForeignKeyConstraint(["compiled_id"], ["compiled_email.id"], name="fk_message_compiled_id"),
        sa.ForeignKeyConstraint(
            ["email_version_id"], ["email_version.id"], name="fk_message_email_version_id"
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_message_enrolment_id"),
        sa.ForeignKeyConstraint(["sequence_id"], ["sequence.id"], name="fk_message_sequence_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_index("ix_message_client_time", "message", ["client_id", "planned_for"], unique=False)
    op.create_index("ix_message_clinic_id", "message", ["clinic_id"], unique=False)
    op.create_index(
        "ix_message_due",
        "message",
        ["sender", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index("ix_message_enrolment_id", "message", ["enrolment_id"], unique=False)
    op.create_index(
        "ix_message_lease",
        "message",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state IN ('claimed', 'transmitting')"),
        postgresql_where=sa.text("state IN ('claimed', 'transmitting')"),
    )
    op.create_index("ix_message_mime_message_id", "message", ["mime_message_id"], unique=False)
    op.create_index(
        "ix_message_unknown",
        "message",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'unknown'"),
        postgresql_where=sa.text("state = 'unknown'"),
    )
    op.create_index(
        "uq_message_dedupe_key",
        "message",
        ["dedupe_key"],
        unique=True,
        sqlite_where=sa.text("state != 'cancelled'"),
        postgresql_where=sa.text("state != 'cancelled'"),
    )


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("possible_duplicate", sa.Boolean(), nullable=False),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_attempt_clinic_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_attempt_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_clinic_id", "attempt", ["clinic_id"], unique=False)
    op.create_index("ix_attempt_message_id", "attempt", ["message_id"], unique=False)
