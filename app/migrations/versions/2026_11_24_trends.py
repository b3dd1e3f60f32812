"""Totals of use by day and year, the monthly reports, and the logs that were added."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_trends"
down_revision = "2026_11_24_subjects"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add four tables."""
    for name, period, kind in (("trend_days", "day", sa.Date), ("trend_years", "year", sa.Integer)):
        op.create_table(
            name,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column(period, kind(), nullable=False),
            sa.Column("dimension", sa.String(length=20), nullable=False),
            sa.Column("value", sa.String(length=160), nullable=False),
            sa.Column("count", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
            sa.UniqueConstraint(
                *(period, "dimension", "value"), name=f"uq_{name}_{period}_dimension_value"
            ),
        )
    op.create_table(
        "trend_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trend_reports"),
        sa.UniqueConstraint("month", name="uq_trend_reports_month"),
    )
    op.create_table(
        "trend_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("folded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trend_files"),
        sa.UniqueConstraint("digest", name="uq_trend_files_digest"),
    )


def downgrade() -> None:
    """Take them back."""
    for table in ("trend_files", "trend_reports", "trend_years", "trend_days"):
        op.drop_table(table)
