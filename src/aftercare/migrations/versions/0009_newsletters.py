"""Newsletter issues"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from aftercare.models.base import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UNDER_WAY = "state IN ('scheduled', 'sending')"


def upgrade() -> None:
    """Forward: every sequence so far is a series."""
    op.add_column("sequence", sa.Column("kind", sa.String(), nullable=False, server_default="series"))
    op.create_index("ix_enrolment_sequence_id_client_id", "enrolment", ["sequence_id", "client_id"])
    op.create_table(
        "newsletter_issue",
        *_columns(),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_newsletter_issue_clinic_id"),
        sa.ForeignKeyConstraint(["sequence_id"], ["sequence.id"], name="fk_newsletter_issue_sequence_id"),
        sa.PrimaryKeyConstraint("id", name="pk_newsletter_issue"),
        sa.UniqueConstraint("sequence_id", name="uq_newsletter_issue_sequence_id"),
    )
    op.create_index("ix_newsletter_issue_clinic_id", "newsletter_issue", ["clinic_id"])
    op.create_index(
        "ix_newsletter_issue_under_way",
        "newsletter_issue",
        ["state"],
        sqlite_where=sa.text(UNDER_WAY),
        postgresql_where=sa.text(UNDER_WAY),
    )


def _columns() -> list[sa.Column[Any]]:
    required = ("id", "sequence_id", "topic", "state", "whose_time", "created_by", "clinic_id")
    instants = ("scheduled_for", "starts_at", "scheduled_at", "cancelled_at", "finished_at")
    return [
        *(sa.Column(name, sa.String(), nullable=False) for name in required),
        *(
            sa.Column(name, sa.String(), nullable=True)
            for name in ("scheduled_local", "scheduled_by", "cancelled_by")
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        *(sa.Column(name, UTCDateTime(), nullable=True) for name in instants),
        sa.Column("segment", sa.JSON(), nullable=False),
    ]


def downgrade() -> None:
    """Back; what was an issue is lost, its emails stay with their sequences."""
    op.drop_table("newsletter_issue")
    op.drop_index("ix_enrolment_sequence_id_client_id", "enrolment")
    op.drop_column("sequence", "kind")
