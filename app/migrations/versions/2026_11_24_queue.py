"""What moderators need beside the comments: kept counts, the way back, their keys."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_queue"
down_revision = "2026_11_24_moderation"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COMPOSED = {
    "ix_comments_author": "author_email_lookup",
    "ix_comments_address": "author_ip_lookup",
    "ix_comments_near": "author_ip_near",
}
#: A change that waits for a moderator counts as waiting, though its comment is shown.
SLOT = "CASE WHEN {0}.pending_text IS NOT NULL THEN 'edited' ELSE {0}.state END"
EVENTS = ("insert", "update", "delete")


def upgrade() -> None:
    """Add three tables, triggers that keep the counts, and indexes of the moderators' lists."""
    op.create_table(
        "comment_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blog_id"], ["blogs.id"], name="fk_comment_counts_blog_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_comment_counts"),
        sa.UniqueConstraint("blog_id", "slot", name="uq_comment_counts_blog_id_slot"),
    )
    op.create_table(
        "replaced_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("pending_text", sa.Text(), nullable=True),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name="fk_replaced_words_comment_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_replaced_words"),
    )
    for column in ("batch", "at", "comment_id"):
        op.create_index(f"ix_replaced_words_{column}", "replaced_words", [column])
    op.create_table(
        "moderator_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_moderator_keys_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_moderator_keys"),
        sa.UniqueConstraint("user_id", name="uq_moderator_keys_user_id"),
    )
    for name, column in COMPOSED.items():
        op.drop_index(f"ix_comments_{column}", "comments")
        op.create_index(name, "comments", [column, "blog_id", "state", "created_at"])
    pending = sa.text("pending_text IS NOT NULL")
    op.create_index(
        "ix_comments_pending",
        "comments",
        ["blog_id", "created_at"],
        sqlite_where=pending,
        postgresql_where=pending,
    )
    op.execute(
        "INSERT INTO comment_counts (blog_id, slot, count) "
        f"SELECT blog_id, {SLOT.format('comments')}, count(*) FROM comments GROUP BY 1, 2"
    )
    for statement in _triggers(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        for event in EVENTS:
            op.execute(f"DROP TRIGGER comment_counts_{event}")
    else:
        for event in EVENTS:
            op.execute(f"DROP TRIGGER comment_counts_{event} ON comments")
            op.execute(f"DROP FUNCTION comment_counts_{event}()")
    op.drop_index("ix_comments_pending", "comments")
    for name, column in COMPOSED.items():
        op.drop_index(name, "comments")
        op.create_index(f"ix_comments_{column}", "comments", [column])
    op.drop_table("moderator_keys")
    op.drop_table("replaced_words")
    op.drop_table("comment_counts")


def _triggers(dialect: str) -> list[str]:
    return _of_rows() if dialect == "sqlite" else _of_statements()


def _of_rows() -> list[str]:
    """SQLite counts row by row, inside the one writer's lock."""
    more = (
        f"INSERT INTO comment_counts (blog_id, slot, count) "
        f"VALUES (NEW.blog_id, {SLOT.format('NEW')}, 1) "
        f"ON CONFLICT (blog_id, slot) DO UPDATE SET count = count + 1;"
    )
    less = (
        f"UPDATE comment_counts SET count = count - 1 "
        f"WHERE blog_id = OLD.blog_id AND slot = {SLOT.format('OLD')};"
    )
    differs = f"OLD.blog_id IS NOT NEW.blog_id OR {SLOT.format('OLD')} IS NOT {SLOT.format('NEW')}"
    return [
        f"CREATE TRIGGER comment_counts_insert AFTER INSERT ON comments BEGIN {more} END",
        f"CREATE TRIGGER comment_counts_delete AFTER DELETE ON comments BEGIN {less} END",
        f"CREATE TRIGGER comment_counts_update AFTER UPDATE OF blog_id, state, pending_text "
        f"ON comments WHEN {differs} BEGIN {less} {more} END",
    ]


def _of_statements() -> list[str]:
    """PostgreSQL counts once a statement, in one order, so that no two wait for each other."""
    found = []
    for event in EVENTS:
        tables = {"insert": "NEW TABLE AS added", "delete": "OLD TABLE AS gone"}
        named = tables.get(event, "OLD TABLE AS gone NEW TABLE AS added")
        rows = " UNION ALL ".join(
            f"SELECT blog_id, {SLOT.format(table)} AS slot, {change} AS change FROM {table}"
            for table, change in (("added", 1), ("gone", -1))
            if table in named
        )
        found.append(
            f"CREATE FUNCTION comment_counts_{event}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN INSERT INTO comment_counts (blog_id, slot, count) "
            f"SELECT blog_id, slot, sum(change) FROM ({rows}) AS changes "
            f"GROUP BY blog_id, slot HAVING sum(change) <> 0 ORDER BY blog_id, slot "
            f"ON CONFLICT (blog_id, slot) DO UPDATE "
            f"SET count = comment_counts.count + excluded.count; RETURN NULL; END $$"
        )
        found.append(
            f"CREATE TRIGGER comment_counts_{event} AFTER {event.upper()} ON comments "
            f"REFERENCING {named} FOR EACH STATEMENT EXECUTE FUNCTION comment_counts_{event}()"
        )
    return found
