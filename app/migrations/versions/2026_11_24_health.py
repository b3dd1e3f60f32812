"""What `flask doctor` found last, which machine holds which keys, and how retention stands."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_health"
down_revision = "2026_11_24_trends"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("machine", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=4), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("fix", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
        sa.UniqueConstraint("machine", "name", name="uq_findings_machine_name"),
    )
    op.create_table(
        "key_holders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("machine", sa.String(length=80), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("current", sa.String(length=8), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key_holders"),
        sa.UniqueConstraint("machine", name="uq_key_holders_machine"),
    )


def downgrade() -> None:
    """Take them back."""
    for table in ("key_holders", "findings"):
        op.drop_table(table)
