"""What a blog's sorter learnt and guesses, and who is looking at an item just now."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_sorting"
down_revision = "2026_11_24_room"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("sorters", "sorter_lessons", "sorter_guesses", "claims")


def upgrade() -> None:
    """Add four tables."""
    op.create_table(
        "sorters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("read_to", MOMENT, nullable=False),
        sa.Column("read_id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("key_check", sa.LargeBinary(length=8), nullable=False),
        *_of_a_blog("sorters"),
        sa.UniqueConstraint("blog_id", name="uq_sorters_blog_id"),
    )
    op.create_table(
        "sorter_lessons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.Uuid(), nullable=False),
        sa.Column("is_spam", sa.Boolean(), nullable=False),
        sa.Column("traits", sa.LargeBinary(), nullable=False),
        sa.Column("guessed", sa.SmallInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        *_of_a_blog("sorter_lessons"),
        sa.UniqueConstraint("item_uid", name="uq_sorter_lessons_item_uid"),
    )
    op.create_index(
        "ix_sorter_lessons_kind", "sorter_lessons", ["blog_id", "is_spam", "created_at"]
    )
    op.create_table(
        "sorter_guesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.Uuid(), nullable=False),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *_of_a_blog("sorter_guesses"),
        sa.UniqueConstraint("item_uid", name="uq_sorter_guesses_item_uid"),
    )
    op.create_index("ix_sorter_guesses_blog_id", "sorter_guesses", ["blog_id"])
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        *_of_a_blog("claims"),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name="fk_claims_created_by", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("item_uid", name="uq_claims_item_uid"),
    )


def downgrade() -> None:
    """Take it back."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _of_a_blog(table: str) -> tuple[sa.Constraint, ...]:
    blog = sa.ForeignKeyConstraint(
        ["blog_id"], ["blogs.id"], name=f"fk_{table}_blog_id", ondelete="CASCADE"
    )
    return sa.PrimaryKeyConstraint("id", name=f"pk_{table}"), blog
