"""Check-ins, alerts and colleagues who get emails"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("client", sa.Column("staff_id", sa.String(), nullable=True))
    op.create_index("ix_client_staff_id", "client", ["staff_id"], unique=True)


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_client_staff_id", "client")
    op.drop_column("client", "staff_id")
