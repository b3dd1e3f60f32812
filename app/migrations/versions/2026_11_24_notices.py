"""What mail about comments remembers."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_notices"
down_revision = "2026_11_24_queue"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "address_proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_lookup", sa.LargeBinary(length=32), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("proved_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["blog_id"], ["blogs.id"], name="fk_address_proofs_blog_id"),
        sa.PrimaryKeyConstraint("id", name="pk_address_proofs"),
        sa.UniqueConstraint("uid", name="uq_address_proofs_uid"),
    )
    op.create_index("ix_address_proofs_email_lookup", "address_proofs", ["email_lookup"])
    op.create_table(
        "comment_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("owed_since", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name="fk_comment_notices_comment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["about_id"], ["comments.id"], name="fk_comment_notices_about_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_comment_notices"),
        sa.UniqueConstraint(
            "comment_id", "about_id", name="uq_comment_notices_comment_id_about_id"
        ),
    )
    op.create_index("ix_comment_notices_about_id", "comment_notices", ["about_id"])
    op.create_index(
        "ix_comment_notices_told_at_owed_since", "comment_notices", ["told_at", "owed_since"]
    )
    op.create_table(
        "comment_digests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("newest_id", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["blog_id"], ["blogs.id"], name="fk_comment_digests_blog_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comment_digests"),
        sa.UniqueConstraint("blog_id", name="uq_comment_digests_blog_id"),
    )
    op.create_table(
        "digest_stops",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_digest_stops_user_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["blog_id"], ["blogs.id"], name="fk_digest_stops_blog_id"),
        sa.PrimaryKeyConstraint("id", name="pk_digest_stops"),
        sa.UniqueConstraint("user_id", "blog_id", name="uq_digest_stops_user_id_blog_id"),
    )


def downgrade() -> None:
    """Take them back."""
    for table in ("digest_stops", "comment_digests", "comment_notices", "address_proofs"):
        op.drop_table(table)
