"""Feedback, and what publishing it rests on."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_feedback"
down_revision = "2026_11_24_sorting"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=16)
HASH = sa.LargeBinary(length=32)
#: A live card needs a live grant and a live approval of the same text, and follows both.
CARD_STANDS_ON = (("grant", "feedback_grants"), ("approval", "feedback_approvals"))


def upgrade() -> None:
    """Add the item, its wordings, and the three rows that make one of them public."""
    _feedback()
    op.create_table(
        "feedback_wordings",
        *_about(),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("html_version", sa.Integer(), nullable=False),
        sa.Column("how", WORD, nullable=False),
        sa.Column("made_by", WORD, nullable=False),
        sa.Column("made_from", HASH, nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        *_keys("feedback_wordings", unique=("feedback_id", "text_hash")),
    )
    op.create_index("ix_feedback_wordings_text_hash", "feedback_wordings", ["text_hash"])
    _agreed()
    op.create_table(
        "feedback_cards",
        *_about(),
        sa.Column("live", sa.Boolean(), nullable=True),
        sa.Column("published_at", MOMENT, nullable=False),
        *_keys("feedback_cards", unique=("feedback_id",), is_live=True),
        *(
            sa.ForeignKeyConstraint(
                ["feedback_id", "text_hash", "live"],
                [f"{table}.feedback_id", f"{table}.text_hash", f"{table}.live"],
                name=f"fk_feedback_cards_{name}",
                onupdate="CASCADE",
                ondelete="CASCADE",
            )
            for name, table in CARD_STANDS_ON
        ),
    )
    columns = ["live", "published_at", "feedback_id"]
    op.create_index("ix_feedback_cards_public", "feedback_cards", columns)
    _talk()


def downgrade() -> None:
    """Take them back."""
    for table in ("answers", "asks", "cards", "approvals", "grants", "wordings"):
        op.drop_table(f"feedback_{table}")
    op.drop_table("feedback")


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("channel", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("quiet_from", MOMENT, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("html_version", sa.Integer(), nullable=False),
        sa.Column("sender_name", sa.String(length=80), nullable=True),
        sa.Column("sender_email", sa.LargeBinary(), nullable=True),
        sa.Column("sender_email_lookup", HASH, nullable=True),
        sa.Column("sender_ip", sa.LargeBinary(), nullable=True),
        sa.Column("sender_ip_lookup", HASH, nullable=True),
        sa.Column("sender_ip_near", HASH, nullable=True),
        sa.Column("proved_at", MOMENT, nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("link_token_hash", HASH, nullable=False),
        sa.Column("confirmation", HASH, nullable=True),
        sa.ForeignKeyConstraint(["blog_id"], ["blogs.id"], name="fk_feedback_blog_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        *(
            sa.UniqueConstraint(name, name=f"uq_feedback_{name}")
            for name in ("uid", "link_token_hash", "confirmation")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_queue", "feedback", ["blog_id", "state", "created_at", "id"])
    for name, column in (
        ("sender", "sender_email_lookup"),
        ("address", "sender_ip_lookup"),
        ("near", "sender_ip_near"),
    ):
        columns = [column, "blog_id", "state", "created_at"]
        op.create_index(f"ix_feedback_{name}", "feedback", columns)
    op.create_index("ix_feedback_quiet_from", "feedback", ["quiet_from"])


def _agreed() -> None:
    op.create_table(
        "feedback_grants",
        sa.Column("uid", sa.Uuid(), nullable=False),
        *_about(),
        sa.Column("live", sa.Boolean(), nullable=True),
        sa.Column("credit", WORD, nullable=False),
        sa.Column("credit_line", sa.String(length=120), nullable=False),
        sa.Column("on_home", sa.Boolean(), nullable=False),
        sa.Column("sentence_version", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("channel", WORD, nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended", WORD, nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("mac", HASH, nullable=False),
        *_live_keys("feedback_grants"),
    )
    op.create_index("ix_feedback_grants_ends", "feedback_grants", ["live", "ends_at"])
    op.create_table(
        "feedback_approvals",
        sa.Column("uid", sa.Uuid(), nullable=False),
        *_about(),
        sa.Column("live", sa.Boolean(), nullable=True),
        sa.Column("widest", WORD, nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("mac", HASH, nullable=False),
        *_live_keys("feedback_approvals"),
    )


def _talk() -> None:
    op.create_table(
        "feedback_asks",
        *_about(),
        sa.Column("about", WORD, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("reply", WORD, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_asks"),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name="fk_feedback_asks_feedback_id",
            ondelete="CASCADE",
        ),
        _of_wording("feedback_asks"),
    )
    op.create_index("ix_feedback_asks_open", "feedback_asks", ["feedback_id", "asked_at"])
    op.create_table(
        "feedback_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", WORD, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("html_version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        *_keys("feedback_answers", unique=("feedback_id", "number")),
    )


def _about() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("text_hash", HASH, nullable=False),
    )


def _keys(table: str, *, unique: tuple[str, ...], is_live: bool = False) -> list[sa.Constraint]:
    """The keys that nearly every table has."""
    keys: list[sa.Constraint] = [
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint(*unique, name=f"uq_{table}_{'_'.join(unique)}"),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=f"fk_{table}_feedback_id", ondelete="CASCADE"
        ),
    ]
    if is_live:
        keys.append(sa.CheckConstraint("live IS NOT FALSE", name=op.f(f"ck_{table}_live")))
    return keys


def _live_keys(table: str) -> list[sa.Constraint]:
    unique = ("feedback_id", "text_hash", "live")
    keys = _keys(table, unique=unique, is_live=True)
    return [*keys, sa.UniqueConstraint("uid", name=f"uq_{table}_uid"), _of_wording(table)]


def _of_wording(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["feedback_id", "text_hash"],
        ["feedback_wordings.feedback_id", "feedback_wordings.text_hash"],
        name=f"fk_{table}_feedback_id_text_hash",
        ondelete="CASCADE",
    )
