"""The promises of the policy, and what the last check of each found."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_promises"
down_revision = "2026_11_24_health"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add two tables."""
    op.create_table(
        "promise_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promises", sa.JSON(), nullable=False),
        sa.Column("unguarded", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promise_lists"),
    )
    op.create_table(
        "promise_results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise", sa.String(length=80), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("figure", sa.String(length=300), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=True),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_promise_results"),
        sa.UniqueConstraint("promise", name="uq_promise_results_promise"),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("promise_results")
    op.drop_table("promise_lists")
