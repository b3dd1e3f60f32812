"""Comments under posts."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_comments"
down_revision = "2026_11_23_content"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns to blogs and posts."""
    op.add_column(
        "blogs",
        sa.Column("comments_open", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column("blogs", sa.Column("comments_days", sa.Integer(), nullable=True))
    op.add_column(
        "posts", sa.Column("comment_count", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "posts", sa.Column("comment_pages", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_column("posts", "comment_pages")
    op.drop_column("posts", "comment_count")
    op.drop_column("blogs", "comments_days")
    op.drop_column("blogs", "comments_open")
