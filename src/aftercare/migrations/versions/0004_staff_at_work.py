"""Log-ins, idempotency keys, imports, drafts, pauses"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from aftercare.models.base import UTCDateTime

DRAFT = sa.text("state = 'draft'")
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _columns() -> dict[str, tuple[sa.Column[Any], ...]]:
    """New columns by table; made anew for each use, since a column belongs to one table."""
    return {
        "staff": (
            sa.Column("email_key", sa.String(), nullable=False, server_default=""),
            sa.Column("password_hash", sa.String(), nullable=True),
            sa.Column("invite_hash", sa.String(), nullable=True),
            sa.Column("invite_until", UTCDateTime(), nullable=True),
            sa.Column("left_at", UTCDateTime(), nullable=True),
        ),
        "client": (
            sa.Column("paused_until", UTCDateTime(), nullable=True),
            sa.Column("paused_by", sa.String(), nullable=True),
            sa.Column("import_id", sa.String(), nullable=True),
        ),
        "enrolment": (sa.Column("superseded_by", sa.String(), nullable=True),),
        "sequence_version": (
            sa.Column("revision", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("changed_at", UTCDateTime(), nullable=True),
            sa.Column("changed_by", sa.String(), nullable=True),
        ),
    }


def upgrade() -> None:
    """Forward."""
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE staff SET email_key = lower(email)")
    op.create_index("ix_staff_email_key", "staff", ["email_key"])
    op.create_index(
        "uq_sequence_version_draft",
        "sequence_version",
        ["sequence_id"],
        unique=True,
        sqlite_where=DRAFT,
        postgresql_where=DRAFT,
    )
    _login()
    _throttle()
    _idempotency_key()
    _import_batch()


def downgrade() -> None:
    """Back."""
    for table in ("import_batch", "idempotency_key", "throttle", "login"):
        op.drop_table(table)
    op.drop_index("uq_sequence_version_draft", "sequence_version")
    op.drop_index("ix_staff_email_key", "staff")
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)


def _login() -> None:
    op.create_table(
        "login",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_login_clinic_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_login_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_login"),
        sa.UniqueConstraint("token_hash", name="uq_login_token_hash"),
    )
    op.create_index("ix_login_clinic_id", "login", ["clinic_id"])
    op.create_index("ix_login_staff_id", "login", ["staff_id"])


def _throttle() -> None:
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("clinic_id", sa.String(), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_throttle_clinic_id"),
        sa.PrimaryKeyConstraint("key", name="pk_throttle"),
    )
    op.create_index("ix_throttle_clinic_id", "throttle", ["clinic_id"])


def _idempotency_key() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_idempotency_key_clinic_id"),
        sa.PrimaryKeyConstraint("id", name="pk_idempotency_key"),
        sa.UniqueConstraint("clinic_id", "key", name="uq_idempotency_key_clinic_id_key"),
    )
    op.create_index("ix_idempotency_key_clinic_id", "idempotency_key", ["clinic_id"])


def _import_batch() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_import_batch_clinic_id"),
        sa.PrimaryKeyConstraint("id", name="pk_import_batch"),
    )
    op.create_index("ix_import_batch_clinic_id", "import_batch", ["clinic_id"])
    op.create_index("ix_import_batch_file_hash", "import_batch", ["file_hash"])
