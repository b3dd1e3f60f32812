"""The audit chain and its details, and values that tell one key from another."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_privacy"
down_revision = "2026_11_24_accounts"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

#: Rows that may go once their time is over, and not before.
DETAILS = ("audit_details", "looks")
REFUSED = "the audit chain is append-only"
EARLY = "audit details are kept until their time is over"
WITHOUT_PROMISE = "a look needs an agreement"

# "INSERT OR REPLACE" deletes the old row without asking a trigger for deletions.
APPEND_ONLY_SQLITE = (
    *(
        f"""
        CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
        """
        for table in ("audit_chain", *DETAILS)
    ),
    *(
        f"""
        CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE id = new.id)
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
        """
        for table in ("audit_chain", *DETAILS)
    ),
    f"""
    CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_chain
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """,
    *(
        f"""
        CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
        WHEN NOT EXISTS (
            SELECT 1 FROM audit_chain
            WHERE id = old.id AND detail_until <= strftime('%Y-%m-%d %H:%M:%f', 'now')
        )
        BEGIN SELECT RAISE(ABORT, '{EARLY}'); END
        """
        for table in DETAILS
    ),
    f"""
    CREATE TRIGGER audit_details_promise BEFORE INSERT ON audit_details
    WHEN EXISTS (SELECT 1 FROM audit_chain WHERE id = new.id AND kind = 'look')
        AND NOT EXISTS (SELECT 1 FROM looks WHERE id = new.id)
    BEGIN SELECT RAISE(ABORT, '{WITHOUT_PROMISE}'); END
    """,
)
APPEND_ONLY_POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{REFUSED}';
    END $$
    """,
    f"""
    CREATE FUNCTION audit_detail_is_due() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (
            SELECT 1 FROM audit_chain WHERE id = old.id AND detail_until <= clock_timestamp()
        ) THEN
            RAISE EXCEPTION '{EARLY}';
        END IF;
        RETURN old;
    END $$
    """,
    f"""
    CREATE FUNCTION audit_look_has_promise() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM audit_chain WHERE id = new.id AND kind = 'look')
            AND NOT EXISTS (SELECT 1 FROM looks WHERE id = new.id)
        THEN
            RAISE EXCEPTION '{WITHOUT_PROMISE}';
        END IF;
        RETURN new;
    END $$
    """,
    """
    CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE ON audit_chain
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()
    """,
    *(
        f"""
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
        """
        for table in ("audit_chain", *DETAILS)
    ),
    *(
        f"""
        CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
        FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()
        """
        for table in DETAILS
    ),
    *(
        f"""
        CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION audit_detail_is_due()
        """
        for table in DETAILS
    ),
    """
    CREATE TRIGGER audit_details_promise BEFORE INSERT ON audit_details
    FOR EACH ROW EXECUTE FUNCTION audit_look_has_promise()
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
        "looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["audit_chain.id"], name="fk_looks_id"),
        sa.ForeignKeyConstraint(["agreement_id"], ["acceptances.id"], name="fk_looks_agreement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_looks"),
    )
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
    op.drop_table("looks")
    op.drop_table("audit_details")
    op.drop_table("audit_chain")
    if op.get_context().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_look_has_promise")
        op.execute("DROP FUNCTION audit_detail_is_due")
        op.execute("DROP FUNCTION audit_is_append_only")
