"""The ledger of erasures, so that a restored backup does not bring back what was erased."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_erasures"
down_revision = "2026_11_24_disclosures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the ledger."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("scrubbed_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
        sa.UniqueConstraint("uid", name="uq_erasures_uid"),
    )
    op.create_index("ix_erasures_at", "erasures", ["at"])


def downgrade() -> None:
    """Forget what was erased; the files beside the database stay."""
    op.drop_table("erasures")
