"""The audit chain and its details, and values that tell one key from another."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_privacy"
down_revision = "2026_11_24_accounts"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# "INSERT OR REPLACE" deletes the old row without asking a trigger for deletions.
APPEND_ONLY_SQLITE = (
    """
    CREATE TRIGGER audit_chain_no_update BEFORE UPDATE ON audit_chain
    BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END
    """,
    """
    CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_chain
    BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END
    """,
    """
    CREATE TRIGGER audit_chain_no_replace BEFORE INSERT ON audit_chain
    WHEN EXISTS (SELECT 1 FROM audit_chain WHERE id = new.id)
    BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END
    """,
    """
    CREATE TRIGGER audit_details_no_update BEFORE UPDATE ON audit_details
    BEGIN SELECT RAISE(ABORT, 'audit details are append-only'); END
    """,
    """
    CREATE TRIGGER audit_details_no_delete BEFORE DELETE ON audit_details
    WHEN NOT EXISTS (
        SELECT 1 FROM audit_chain
        WHERE id = old.id AND detail_until <= strftime('%Y-%m-%d %H:%M:%f', 'now')
    )
    BEGIN SELECT RAISE(ABORT, 'audit details are kept until their time is over'); END
    """,
    """
    CREATE TRIGGER audit_details_no_replace BEFORE INSERT ON audit_details
    WHEN EXISTS (SELECT 1 FROM audit_details WHERE id = new.id)
    BEGIN SELECT RAISE(ABORT, 'audit details are append-only'); END
    """,
)
APPEND_ONLY_POSTGRESQL = (
    """
    CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit chain is append-only';
    END $$
    """,
    """
    CREATE FUNCTION audit_detail_is_due() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (
            SELECT 1 FROM audit_chain WHERE id = old.id AND detail_until <= clock_timestamp()
        ) THEN
            RAISE EXCEPTION 'audit details are kept until their time is over';
        END IF;
        RETURN old;
    END $$
    """,
    """
    CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE ON audit_chain
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()
    """,
    """
    CREATE TRIGGER audit_chain_no_truncate BEFORE TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
    """,
    """
    CREATE TRIGGER audit_details_no_update BEFORE UPDATE ON audit_details
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()
    """,
    """
    CREATE TRIGGER audit_details_no_delete BEFORE DELETE ON audit_details
    FOR EACH ROW EXECUTE FUNCTION audit_detail_is_due()
    """,
    """
    CREATE TRIGGER audit_details_no_truncate BEFORE TRUNCATE ON audit_details
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
    """,
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("detail_until", MOMENT, nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_chain"),
    )
    op.create_table(
        "audit_details",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("blog_id", sa.Integer(), nullable=True),
        sa.Column("subject_uid", sa.Uuid(), nullable=True),
        sa.Column("field", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["audit_chain.id"], name="fk_audit_details_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_details"),
    )
    for column in ("actor_id", "blog_id", "subject_uid"):
        op.create_index(f"ix_audit_details_{column}", "audit_details", [column])
    op.create_table(
        "key_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=8), nullable=False),
        sa.Column("value", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key_checks"),
        sa.UniqueConstraint("name", name="uq_key_checks_name"),
    )
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for statement in APPEND_ONLY_SQLITE if is_sqlite else APPEND_ONLY_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("key_checks")
    op.drop_table("audit_details")
    op.drop_table("audit_chain")
    if op.get_context().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_detail_is_due")
        op.execute("DROP FUNCTION audit_is_append_only")
