"""An entry of the audit log is written whole: link, promise and detail by one statement."""

from alembic import op

revision = "2026_11_24_entries"
down_revision = "2026_11_24_feedback_wall"
branch_labels = None
depends_on = None

LINK = ("at", "kind", "key_id", "detail_until", "commitment", "mac")
DETAIL = ("salt", "actor_id", "blog_id", "subject_uid", "field", "reason", "facts")

#: The promise comes before the detail: a trigger refuses the detail of a look without one.
PARTS = f"""
    INSERT INTO audit_chain (id, {", ".join(LINK)})
        VALUES (new.id, {", ".join(f"new.{name}" for name in LINK)});
    INSERT INTO looks (id, agreement_id)
        SELECT new.id, new.agreement_id WHERE new.agreement_id IS NOT NULL;
    INSERT INTO audit_details (id, {", ".join(DETAIL)})
        VALUES (new.id, {", ".join(f"new.{name}" for name in DETAIL)});
"""
VIEW = f"""
    CREATE VIEW audit_entries AS
    SELECT link.id AS id, {", ".join(f"link.{name} AS {name}" for name in LINK)},
        {", ".join(f"detail.{name} AS {name}" for name in DETAIL)},
        promise.agreement_id AS agreement_id
    FROM audit_chain AS link
    LEFT JOIN audit_details AS detail ON detail.id = link.id
    LEFT JOIN looks AS promise ON promise.id = link.id
"""
SQLITE = (
    VIEW,
    f"CREATE TRIGGER audit_entries_insert INSTEAD OF INSERT ON audit_entries BEGIN {PARTS} END",
)
#: `audit_tail` sees what was committed while it waited, which a plain SELECT would not.
POSTGRESQL = (
    VIEW,
    f"""
    CREATE FUNCTION audit_entry_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {PARTS} RETURN new; END $$
    """,
    """
    CREATE TRIGGER audit_entries_insert INSTEAD OF INSERT ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_whole()
    """,
    """
    CREATE FUNCTION audit_tail(lock_number bigint) RETURNS TABLE (id integer, mac bytea)
    LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(lock_number);
        RETURN QUERY
            SELECT link.id, link.mac FROM audit_chain AS link ORDER BY link.id DESC LIMIT 1;
    END $$
    """,
)


def upgrade() -> None:
    """Add a view that takes entries, and on PostgreSQL the way to the end of the chain."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP VIEW audit_entries")
    if op.get_context().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_tail")
        op.execute("DROP FUNCTION audit_entry_is_whole")
