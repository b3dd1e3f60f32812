"""What people ask for about their own data, the links mailed to them, and counts."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_rights"
down_revision = "2026_11_24_entries"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WISH = sa.String(length=10)
TABLES = ("rights_requests", "rights_links", "rights_counts", "rights_totals")


def upgrade() -> None:
    """Add four tables."""
    op.create_table(
        "rights_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("wish", WISH, nullable=False),
        *_email(),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rights_requests"),
        sa.UniqueConstraint("uid", name="uq_rights_requests_uid"),
    )
    op.create_index("ix_rights_requests_email_lookup", "rights_requests", ["email_lookup"])
    op.create_index("ix_rights_requests_due_at", "rights_requests", ["due_at"])
    op.create_table(
        "rights_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("wish", WISH, nullable=False),
        *_email(),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rights_links"),
        sa.UniqueConstraint("uid", name="uq_rights_links_uid"),
        sa.UniqueConstraint("token_hash", name="uq_rights_links_token_hash"),
    )
    op.create_index("ix_rights_links_email_lookup", "rights_links", ["email_lookup"])
    op.create_index("ix_rights_links_expires_at", "rights_links", ["expires_at"])
    op.create_table(
        "rights_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("quiet_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rights_counts"),
        sa.UniqueConstraint("key", name="uq_rights_counts_key"),
    )
    op.create_table(
        "rights_totals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("wish", WISH, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rights_totals"),
        sa.UniqueConstraint("month", "wish", name="uq_rights_totals_month_wish"),
    )


def downgrade() -> None:
    """Take it back."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _email() -> tuple[sa.Column[bytes], sa.Column[bytes]]:
    sealed = sa.Column("email", sa.LargeBinary(), nullable=True)
    return sealed, sa.Column("email_lookup", sa.LargeBinary(length=32), nullable=True)
