"""Receipts of cookie choices, their totals, and days of visitors who agreed to be counted."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_consent"
down_revision = "2026_11_24_feedback"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add three tables."""
    op.create_table(
        "choice_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("preferences", sa.Boolean(), nullable=False),
        sa.Column("measurement", sa.Boolean(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("had_signal", sa.Boolean(), nullable=False),
        sa.Column("wording_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_choice_receipts"),
    )
    op.create_index("ix_choice_receipts_number", "choice_receipts", ["number"])
    op.create_index("ix_choice_receipts_ends_at", "choice_receipts", ["ends_at"])
    op.create_table(
        "choice_totals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("preferences", sa.Boolean(), nullable=False),
        sa.Column("measurement", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_choice_totals"),
        sa.UniqueConstraint(
            *("month", "revision", "preferences", "measurement"),
            name="uq_choice_totals_month_revision_preferences_measurement",
        ),
    )
    op.create_table(
        "visitor_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recency", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visitor_days"),
        sa.UniqueConstraint("day", "recency", name="uq_visitor_days_day_recency"),
    )


def downgrade() -> None:
    """Take them back."""
    for table in ("visitor_days", "choice_totals", "choice_receipts"):
        op.drop_table(table)
