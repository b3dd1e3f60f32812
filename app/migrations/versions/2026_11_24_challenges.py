"""Challenges that passkeys answer."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_challenges"
down_revision = "2026_11_24_limits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "challenges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("binding", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_challenges_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_challenges"),
        sa.UniqueConstraint("value", name="uq_challenges_value"),
    )
    for column in ("binding", "user_id", "expires_at"):
        op.create_index(f"ix_challenges_{column}", "challenges", [column])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("challenges")
