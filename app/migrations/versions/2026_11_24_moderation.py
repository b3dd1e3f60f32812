"""Moderation: rules, bans, trust, traces, decisions, reports and notes."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_moderation"
down_revision = "2026_11_24_challenges"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "bans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_lookup", sa.LargeBinary(length=32), nullable=True),
        sa.Column("ip", sa.LargeBinary(), nullable=True),
        sa.Column("ip_lookup", sa.LargeBinary(length=32), nullable=True),
        sa.Column("ip_near", sa.LargeBinary(length=32), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("item_uid", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["blog_id"], ["blogs.id"], name="fk_bans_blog_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name="fk_bans_created_by", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["users.id"], name="fk_bans_lifted_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bans"),
        sa.UniqueConstraint("uid", name="uq_bans_uid"),
    )
    op.create_index("ix_bans_blog_id", "bans", ["blog_id"])
    op.create_index("ix_bans_email_lookup", "bans", ["email_lookup"])
    op.create_index("ix_bans_ip_lookup", "bans", ["ip_lookup"])
    op.create_index("ix_bans_ip_near", "bans", ["ip_near"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("waited", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name="fk_decisions_actor_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["blog_id"], ["blogs.id"], name="fk_decisions_blog_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["users.id"], name="fk_decisions_undone_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_actor_id", "decisions", ["actor_id"])
    op.create_index("ix_decisions_batch", "decisions", ["batch"])
    op.create_index("ix_decisions_blog_id_created_at", "decisions", ["blog_id", "created_at"])
    op.create_index("ix_decisions_item_uid", "decisions", ["item_uid"])
    op.create_table(
        "moderation_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("publishes_first", sa.Boolean(), nullable=False),
        sa.Column("links_allowed", sa.Integer(), nullable=False),
        sa.Column("report_threshold", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blog_id"], ["blogs.id"], name="fk_moderation_rules_blog_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["users.id"], name="fk_moderation_rules_changed_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_rules"),
        sa.UniqueConstraint("blog_id", name="uq_moderation_rules_blog_id"),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("item_uid", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["blog_id"], ["blogs.id"], name="fk_notes_blog_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name="fk_notes_created_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.UniqueConstraint("uid", name="uq_notes_uid"),
    )
    op.create_index("ix_notes_blog_id", "notes", ["blog_id"])
    op.create_index("ix_notes_item_uid", "notes", ["item_uid"])
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.Uuid(), nullable=False),
        sa.Column("complaint", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_lookup", sa.LargeBinary(length=32), nullable=True),
        sa.Column("ip", sa.LargeBinary(), nullable=True),
        sa.Column("ip_lookup", sa.LargeBinary(length=32), nullable=True),
        sa.Column("ip_near", sa.LargeBinary(length=32), nullable=True),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["blog_id"], ["blogs.id"], name="fk_reports_blog_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name="fk_reports_decided_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("uid", name="uq_reports_uid"),
    )
    op.create_index("ix_reports_blog_id_outcome", "reports", ["blog_id", "outcome"])
    op.create_index("ix_reports_email_lookup", "reports", ["email_lookup"])
    op.create_index("ix_reports_ip_lookup", "reports", ["ip_lookup"])
    op.create_index("ix_reports_ip_near", "reports", ["ip_near"])
    op.create_index("ix_reports_item_uid", "reports", ["item_uid"])
    op.create_table(
        "saved_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blog_id"], ["blogs.id"], name="fk_saved_replies_blog_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_replies"),
        sa.UniqueConstraint("blog_id", "title", name="uq_saved_replies_blog_id_title"),
    )
    op.create_index("ix_saved_replies_blog_id", "saved_replies", ["blog_id"])
    op.create_table(
        "traces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.Uuid(), nullable=False),
        sa.Column("is_text", sa.Boolean(), nullable=False),
        sa.Column("print", sa.LargeBinary(length=16), nullable=False),
        sa.Column("is_strange", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["blog_id"], ["blogs.id"], name="fk_traces_blog_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_traces"),
    )
    op.create_index("ix_traces_blog_id_created_at", "traces", ["blog_id", "created_at"])
    op.create_index("ix_traces_item_uid", "traces", ["item_uid"])
    op.create_index("ix_traces_print", "traces", ["print"])
    op.create_table(
        "trust",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_lookup", sa.LargeBinary(length=32), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("item_uid", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["blog_id"], ["blogs.id"], name="fk_trust_blog_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name="fk_trust_created_by", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["users.id"], name="fk_trust_revoked_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_trust"),
        sa.UniqueConstraint("uid", name="uq_trust_uid"),
    )
    op.create_index("ix_trust_blog_id", "trust", ["blog_id"])
    op.create_index("ix_trust_email_lookup", "trust", ["email_lookup"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("trust")
    op.drop_table("traces")
    op.drop_table("saved_replies")
    op.drop_table("reports")
    op.drop_table("notes")
    op.drop_table("moderation_rules")
    op.drop_table("decisions")
    op.drop_table("bans")
