"""Drafts and versions of the policy, who was told of which, and who has opened it."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_policy"
down_revision = "2026_11_24_periods"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
REFUSED = "a published policy stays as it is"

SQLITE = (
    f"""
    CREATE TRIGGER policy_versions_no_update BEFORE UPDATE ON policy_versions
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """,
    f"""
    CREATE TRIGGER policy_versions_no_delete BEFORE DELETE ON policy_versions
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """,
    # "INSERT OR REPLACE" deletes the old row without asking a trigger for deletions.
    f"""
    CREATE TRIGGER policy_versions_no_replace BEFORE INSERT ON policy_versions
    WHEN EXISTS (SELECT 1 FROM policy_versions WHERE id = new.id OR number = new.number)
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """,
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION policy_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{REFUSED}';
    END $$
    """,
    """
    CREATE TRIGGER policy_versions_stay BEFORE UPDATE OR DELETE ON policy_versions
    FOR EACH ROW EXECUTE FUNCTION policy_version_stays()
    """,
    """
    CREATE TRIGGER policy_versions_no_truncate BEFORE TRUNCATE ON policy_versions
    FOR EACH STATEMENT EXECUTE FUNCTION policy_version_stays()
    """,
)


def upgrade() -> None:
    """Make the change."""
    _add_texts()
    op.create_table(
        "policy_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_policy_notices_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_policy_notices"),
        sa.UniqueConstraint("number", "user_id", name="uq_policy_notices_number_user_id"),
    )
    op.create_index("ix_policy_notices_user_id", "policy_notices", ["user_id"])
    op.create_table(
        "policy_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_policy_openings_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_policy_openings"),
        sa.UniqueConstraint("user_id", name="uq_policy_openings_user_id"),
    )
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("policy_openings")
    op.drop_table("policy_notices")
    op.drop_table("policy_versions")
    op.drop_table("policy_drafts")
    if op.get_context().dialect.name != "sqlite":
        op.execute("DROP FUNCTION policy_version_stays")


def _add_texts() -> None:
    op.create_table(
        "policy_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        *_said(),
        sa.Column("source", sa.String(length=1_000), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policy_drafts"),
        sa.UniqueConstraint("number", name="uq_policy_drafts_number"),
    )
    op.create_table(
        "policy_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        *_said(),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("html_sha256", sa.String(length=64), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("audit_salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_chain.id"], name="fk_policy_versions_audit_id_audit_chain"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_policy_versions"),
        sa.UniqueConstraint("number", name="uq_policy_versions_number"),
    )


def _said() -> list[sa.Column]:
    """What a file says of its version."""
    return [
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("is_material", sa.Boolean(), nullable=False),
        sa.Column("cookie_revision", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
    ]
