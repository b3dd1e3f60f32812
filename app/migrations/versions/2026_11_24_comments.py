"""Comments under posts."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_comments"
down_revision = "2026_11_23_content"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
HASHES = ("parent_id", "author_email_lookup", "author_ip_lookup", "author_ip_near")


def upgrade() -> None:
    """Add a table, and columns to blogs and posts."""
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
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("shown_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("root_id", sa.Integer(), nullable=True),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("html_version", sa.Integer(), nullable=False),
        sa.Column("pending_text", sa.Text(), nullable=True),
        sa.Column("author_email", sa.LargeBinary(), nullable=True),
        sa.Column("author_email_lookup", sa.LargeBinary(length=32), nullable=True),
        sa.Column("author_ip", sa.LargeBinary(), nullable=True),
        sa.Column("author_ip_lookup", sa.LargeBinary(length=32), nullable=True),
        sa.Column("author_ip_near", sa.LargeBinary(length=32), nullable=True),
        sa.Column("proved_at", MOMENT, nullable=True),
        sa.Column("wants_replies", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("is_by_author", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("status_token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("confirmation", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(["blog_id"], ["blogs.id"], name="fk_comments_blog_id"),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_comments_post_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["comments.id"], name="fk_comments_parent_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.UniqueConstraint("uid", name="uq_comments_uid"),
        sa.UniqueConstraint("status_token_hash", name="uq_comments_status_token_hash"),
        sa.UniqueConstraint("confirmation", name="uq_comments_confirmation"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_comments_thread", "comments", ["post_id", "page"])
    op.create_index("ix_comments_recent", "comments", ["post_id", "created_at"])
    op.create_index("ix_comments_queue", "comments", ["blog_id", "state", "created_at", "id"])
    for column in HASHES:
        op.create_index(f"ix_comments_{column}", "comments", [column])


def downgrade() -> None:
    """Take them back."""
    op.drop_table("comments")
    op.drop_column("posts", "comment_pages")
    op.drop_column("posts", "comment_count")
    op.drop_column("blogs", "comments_days")
    op.drop_column("blogs", "comments_open")
