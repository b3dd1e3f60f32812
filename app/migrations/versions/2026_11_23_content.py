"""Content files, pages, blogs, search and the turns of jobs."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_content"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# The indexes hold no text of their own; triggers keep them in step with the table. Titles have
# one to themselves, because a common word is in every text and in few titles.
_TOKENS = "tokenize='porter unicode61 remove_diacritics 2', prefix='2 3'"
SEARCH_SQLITE = (
    f"""
    CREATE VIRTUAL TABLE search_words USING fts5(
        title, summary, body, content='search_entries', content_rowid='id', {_TOKENS}
    )
    """,
    f"""
    CREATE VIRTUAL TABLE search_titles USING fts5(
        title, content='search_entries', content_rowid='id', {_TOKENS}
    )
    """,
    """
    CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries BEGIN
        INSERT INTO search_words (rowid, title, summary, body)
        VALUES (new.id, new.title, new.summary, new.body);
        INSERT INTO search_titles (rowid, title) VALUES (new.id, new.title);
    END
    """,
    """
    CREATE TRIGGER search_entries_removed AFTER DELETE ON search_entries BEGIN
        INSERT INTO search_words (search_words, rowid, title, summary, body)
        VALUES ('delete', old.id, old.title, old.summary, old.body);
        INSERT INTO search_titles (search_titles, rowid, title)
        VALUES ('delete', old.id, old.title);
    END
    """,
    """
    CREATE TRIGGER search_entries_changed AFTER UPDATE ON search_entries BEGIN
        INSERT INTO search_words (search_words, rowid, title, summary, body)
        VALUES ('delete', old.id, old.title, old.summary, old.body);
        INSERT INTO search_titles (search_titles, rowid, title)
        VALUES ('delete', old.id, old.title);
        INSERT INTO search_words (rowid, title, summary, body)
        VALUES (new.id, new.title, new.summary, new.body);
        INSERT INTO search_titles (rowid, title) VALUES (new.id, new.title);
    END
    """,
)
# English stems without a stop list: "the who" has to find something, as it does on SQLite.
# What would otherwise be read as tags, addresses and host names, and not as the words it joins.
_GLUE = "'<>/@.:-', '       '"
SEARCH_POSTGRESQL = (
    "CREATE TEXT SEARCH DICTIONARY clientflow_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION clientflow (COPY = english)",
    """
    ALTER TEXT SEARCH CONFIGURATION clientflow
        ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part
        WITH clientflow_stem
    """,
    f"""
    ALTER TABLE search_entries
        ADD COLUMN words_of_title tsvector
            GENERATED ALWAYS AS (to_tsvector('clientflow', translate(title, {_GLUE}))) STORED,
        ADD COLUMN words tsvector
            GENERATED ALWAYS AS (to_tsvector('clientflow', translate(
                title || ' ' || summary || ' ' || left(body, 400000), {_GLUE}
            ))) STORED
    """,
    "CREATE INDEX ix_search_entries_words_of_title ON search_entries USING gin (words_of_title)",
    "CREATE INDEX ix_search_entries_words ON search_entries USING gin (words)",
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "authors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=True),
        sa.Column("bio_html", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_authors"),
        sa.UniqueConstraint("slug", name="uq_authors_slug"),
    )
    op.create_table(
        "blogs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("per_page", sa.Integer(), nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_blogs"),
        sa.UniqueConstraint("slug", name="uq_blogs_slug"),
    )
    op.create_table(
        "content_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("inode", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("reader", sa.String(length=80), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_line", sa.Integer(), nullable=True),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_content_files"),
        sa.UniqueConstraint("path", name="uq_content_files_path"),
    )
    op.create_index("ix_content_files_kind", "content_files", ["kind"])

    op.create_table(
        "content_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_content_state"),
    )
    op.create_table(
        "job_turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_turns"),
        sa.UniqueConstraint("name", name="uq_job_turns_name"),
    )
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("section", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("visible_from", MOMENT, nullable=False),
        sa.Column("visible_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
        sa.UniqueConstraint("source", "source_id", name="uq_search_entries_source_source_id"),
    )
    op.create_table(
        "site_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=True),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_site_pages"),
        sa.UniqueConstraint("path", name="uq_site_pages_path"),
    )
    op.create_index("ix_site_pages_source", "site_pages", ["source"])

    op.create_table(
        "page_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["site_pages.id"], name="fk_page_aliases_page_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_page_aliases"),
        sa.UniqueConstraint("path", name="uq_page_aliases_path"),
    )
    op.create_index("ix_page_aliases_page_id", "page_aliases", ["page_id"])

    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("reading_minutes", sa.Integer(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("cover", sa.JSON(), nullable=True),
        sa.Column("series_slug", sa.String(length=120), nullable=True),
        sa.Column("series_name", sa.String(length=120), nullable=True),
        sa.Column("series_part", sa.Integer(), nullable=True),
        sa.Column("canonical", sa.String(length=2000), nullable=True),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=True),
        sa.Column("unpublish_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("comments_open", sa.Boolean(), nullable=False),
        sa.Column("comments_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["blog_id"], ["blogs.id"], name="fk_posts_blog_id"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("blog_id", "slug", name="uq_posts_blog_id_slug"),
    )
    op.create_index("ix_posts_blog_id", "posts", ["blog_id"])
    op.create_index(
        "ix_posts_blog_id_series_slug_series_part",
        "posts",
        ["blog_id", "series_slug", "series_part"],
    )
    op.create_index("ix_posts_digest", "posts", ["digest"])
    op.create_index("ix_posts_source", "posts", ["source"])
    op.create_index("ix_posts_unpublish_at", "posts", ["unpublish_at"])

    op.create_table(
        "listings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("shelf", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["blog_id"], ["blogs.id"], name="fk_listings_blog_id"),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_listings_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_listings"),
        sa.UniqueConstraint("post_id", "shelf", "key", name="uq_listings_post_id_shelf_key"),
    )
    op.create_index(
        "ix_listings_place", "listings", ["blog_id", "shelf", "key", "place", "post_id"]
    )
    op.create_index(
        "ix_listings_time", "listings", ["blog_id", "shelf", "key", "published_at", "place"]
    )

    op.create_table(
        "post_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["blog_id"], ["blogs.id"], name="fk_post_aliases_blog_id"),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_post_aliases_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_post_aliases"),
        sa.UniqueConstraint("blog_id", "slug", name="uq_post_aliases_blog_id_slug"),
    )
    op.create_index("ix_post_aliases_post_id", "post_aliases", ["post_id"])
    if op.get_context().dialect.name == "sqlite":
        for statement in SEARCH_SQLITE:
            op.execute(statement)
    else:
        for statement in SEARCH_POSTGRESQL:
            op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TABLE search_words")
        op.execute("DROP TABLE search_titles")

    op.drop_table("post_aliases")

    op.drop_table("listings")

    op.drop_table("posts")

    op.drop_table("page_aliases")

    op.drop_table("site_pages")
    op.drop_table("search_entries")
    op.drop_table("job_turns")

    op.drop_table("content_state")
    op.drop_table("content_files")
    op.drop_table("blogs")
    op.drop_table("authors")
    if not is_sqlite:
        op.execute("DROP TEXT SEARCH CONFIGURATION clientflow")
        op.execute("DROP TEXT SEARCH DICTIONARY clientflow_stem")
