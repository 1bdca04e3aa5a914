"""The client's own choices"""

import sqlalchemy as sa
from alembic import op

from aftercare.models.base import UTCDateTime

LEFT_OUT = sa.text("state = 'held' AND reason = 'less_often'")
revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("client", sa.Column("pace", sa.String(), nullable=True))
    op.create_index(
        "ix_message_left_out", "message", ["planned_for"], sqlite_where=LEFT_OUT, postgresql_where=LEFT_OUT
    )
    op.create_table(
        "leaving_reason",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_leaving_reason_clinic_id"),
        sa.PrimaryKeyConstraint("id", name="pk_leaving_reason"),
        sa.UniqueConstraint(
            "clinic_id", "choice", "reason", name="uq_leaving_reason_clinic_id_choice_reason"
        ),
    )
    op.create_index("ix_leaving_reason_clinic_id", "leaving_reason", ["clinic_id"])
    op.create_table(
        "link_request",
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("clinic_id", sa.String(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_link_request_clinic_id"),
        sa.PrimaryKeyConstraint("email_key", name="pk_link_request"),
    )
    op.create_index("ix_link_request_clinic_id", "link_request", ["clinic_id"])


def downgrade() -> None:
    """Back; the choices are lost."""
    op.drop_table("link_request")
    op.drop_table("leaving_reason")
    op.drop_index("ix_message_left_out", "message")
    op.drop_column("client", "pace")
