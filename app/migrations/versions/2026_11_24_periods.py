"""How retention stands, and who was told that an account nobody uses will be closed."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_periods"
down_revision = "2026_11_24_erasures"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "retention_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.Column("ran_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_retention_counts"),
        sa.UniqueConstraint("name", name="uq_retention_counts_name"),
    )
    op.add_column("users", sa.Column("warned_at", MOMENT, nullable=True))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("users", "warned_at")
    op.drop_table("retention_counts")
