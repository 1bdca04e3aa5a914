"""Sessions, sequences and what their emails say"""

import sqlalchemy as sa
from alembic import op

from aftercare.models.base import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    _care_session()
    _sequence()
    _sequence_version()
    _email_version()
    _compiled_email()
    _step()


def downgrade() -> None:
    """Back."""
    for table in ("step", "compiled_email", "email_version", "sequence_version", "sequence", "care_session"):
        op.drop_table(table)


def _care_session() -> None:
    op.create_table(
        "care_session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("first_session", sa.Boolean(), nullable=False),
        sa.Column("logged_by", sa.String(), nullable=False),
        sa.Column("logged_at", UTCDateTime(), nullable=False),
        sa.Column("cancelled_at", UTCDateTime(), nullable=True),
        sa.Column("planned_at", UTCDateTime(), nullable=True),
        sa.Column("plan_note", sa.String(), nullable=True),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_care_session_client_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_care_session_clinic_id"),
        sa.ForeignKeyConstraint(["therapist_id"], ["staff.id"], name="fk_care_session_therapist_id"),
        sa.PrimaryKeyConstraint("id", name="pk_care_session"),
    )
    op.create_index("ix_care_session_client_id", "care_session", ["client_id"], unique=False)
    op.create_index("ix_care_session_clinic_id", "care_session", ["clinic_id"], unique=False)
    op.create_index(
        "ix_care_session_unplanned",
        "care_session",
        ["logged_at"],
        unique=False,
        sqlite_where=sa.text("planned_at IS NULL"),
        postgresql_where=sa.text("planned_at IS NULL"),
    )


def _sequence() -> None:
    op.create_table(
        "sequence",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("public_name", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("paused_at", UTCDateTime(), nullable=True),
        sa.Column("paused_by", sa.String(), nullable=True),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_sequence_clinic_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sequence"),
        sa.UniqueConstraint("clinic_id", "slug", name="uq_sequence_clinic_id_slug"),
    )
    op.create_index("ix_sequence_clinic_id", "sequence", ["clinic_id"], unique=False)


def _sequence_version() -> None:
    op.create_table(
        "sequence_version",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sequence_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("published_by", sa.String(), nullable=True),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_sequence_version_clinic_id"),
        sa.ForeignKeyConstraint(["sequence_id"], ["sequence.id"], name="fk_sequence_version_sequence_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sequence_version"),
        sa.UniqueConstraint("sequence_id", "number", name="uq_sequence_version_sequence_id_number"),
    )
    op.create_index("ix_sequence_version_clinic_id", "sequence_version", ["clinic_id"], unique=False)
    op.create_index(
        "uq_sequence_version_published",
        "sequence_version",
        ["sequence_id"],
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )


def _email_version() -> None:
    op.create_table(
        "email_version",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_email_version_clinic_id"),
        sa.PrimaryKeyConstraint("id", name="pk_email_version"),
    )
    op.create_index("ix_email_version_clinic_id", "email_version", ["clinic_id"], unique=False)


def _compiled_email() -> None:
    op.create_table(
        "compiled_email",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("email_version_id", sa.String(), nullable=False),
        sa.Column("inputs_hash", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("skeleton", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_compiled_email_clinic_id"),
        sa.ForeignKeyConstraint(
            ["email_version_id"], ["email_version.id"], name="fk_compiled_email_email_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_compiled_email"),
        sa.UniqueConstraint("clinic_id", "inputs_hash", name="uq_compiled_email_clinic_id_inputs_hash"),
    )
    op.create_index("ix_compiled_email_clinic_id", "compiled_email", ["clinic_id"], unique=False)


def _step() -> None:
    op.create_table(
        "step",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("email_version_id", sa.String(), nullable=False),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_step_clinic_id"),
        sa.ForeignKeyConstraint(["email_version_id"], ["email_version.id"], name="fk_step_email_version_id"),
        sa.ForeignKeyConstraint(["version_id"], ["sequence_version.id"], name="fk_step_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_step"),
        sa.UniqueConstraint("version_id", "key", name="uq_step_version_id_key"),
    )
    op.create_index("ix_step_clinic_id", "step", ["clinic_id"], unique=False)
