"""Counters of how often something is done from one network."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_limits"
down_revision = "2026_11_24_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of keyed counters."""
    op.create_table(
        "limit_counters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_limit_counters"),
        sa.UniqueConstraint("key", name="uq_limit_counters_key"),
    )
    op.create_index("ix_limit_counters_expires_at", "limit_counters", ["expires_at"])


def downgrade() -> None:
    """Without counters."""
    op.drop_table("limit_counters")
