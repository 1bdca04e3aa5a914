"""Newsletter sign-ups"""

import sqlalchemy as sa
from alembic import op

from aftercare.models.base import UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("client", sa.Column("signup_id", sa.String(), nullable=True))
    op.create_index("ix_client_signup_id", "client", ["signup_id"], unique=True)
    op.create_table(
        "newsletter_page",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("takes_signups", sa.Boolean(), nullable=False),
        sa.Column("shows_archive", sa.Boolean(), nullable=False),
        sa.Column("may_be_found", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_newsletter_page_clinic_id"),
        sa.PrimaryKeyConstraint("slug", name="pk_newsletter_page"),
        sa.UniqueConstraint("clinic_id", name="uq_newsletter_page_clinic_id"),
    )
    op.create_index("ix_newsletter_page_clinic_id", "newsletter_page", ["clinic_id"])
    _signups()
    op.create_table(
        "signup_tally",
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_signup_tally_clinic_id"),
        sa.PrimaryKeyConstraint("clinic_id", "day", "key", name="pk_signup_tally"),
    )


def _signups() -> None:
    op.create_table(
        "newsletter_signup",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("mailbox_hash", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("confirmations", sa.Integer(), nullable=False),
        sa.Column("last_sent_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("clinic_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_newsletter_signup_clinic_id"),
        sa.PrimaryKeyConstraint("id", name="pk_newsletter_signup"),
        sa.UniqueConstraint("clinic_id", "address_hash", name="uq_newsletter_signup_clinic_id_address_hash"),
    )
    op.create_index("ix_newsletter_signup_clinic_id", "newsletter_signup", ["clinic_id"])
    op.create_index(
        "ix_newsletter_signup_clinic_id_mailbox_hash", "newsletter_signup", ["clinic_id", "mailbox_hash"]
    )
    waits = sa.text("waits")
    op.create_index(
        "ix_newsletter_signup_waiting",
        "newsletter_signup",
        ["clinic_id"],
        sqlite_where=waits,
        postgresql_where=waits,
    )


def downgrade() -> None:
    """Back; who has not confirmed is forgotten. Rows that only took those emails stay, and are clients."""
    op.drop_table("signup_tally")
    op.drop_table("newsletter_signup")
    op.drop_table("newsletter_page")
    op.drop_index("ix_client_signup_id", "client")
    op.drop_column("client", "signup_id")
