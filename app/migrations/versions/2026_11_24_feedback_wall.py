"""The numbers of the wall, and search that forgets a card in the transaction that takes it back.

Safe for running code: everything here is new.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_feedback_wall"
down_revision = "2026_11_24_consent"

#: What counts as received: everything that could become public and is not spam.
COUNTS = "({0}.kind <> 'message' AND {0}.state <> 'spam')"
SEVERAL = (
    "SELECT 1 FROM feedback_grants AS other WHERE other.feedback_id = {0}.feedback_id "
    "AND other.live AND other.id <> {0}.id"
)
MORE = "UPDATE feedback_figures SET {0} = {0} + 1"
LESS = "UPDATE feedback_figures SET {0} = {0} - 1"
#: Of several wordings that one sender lets be public, one counts. SQLite looks row by row.
AGREED = MORE.format("agreed") + f" WHERE NOT EXISTS ({SEVERAL.format('NEW')})"
ENDED = LESS.format("agreed") + f" WHERE NOT EXISTS ({SEVERAL.format('OLD')})"
#: PostgreSQL looks when a statement is over: who agreed before it, and who does now.
NOBODY = "{} AS (SELECT * FROM feedback_grants WHERE false)"
CHANGED = """
    WITH {nobody}, touched AS (
        SELECT feedback_id FROM added UNION SELECT feedback_id FROM gone
    ), changes AS (
        SELECT COALESCE(sum(
            EXISTS (SELECT 1 FROM feedback_grants AS now
                    WHERE now.feedback_id = touched.feedback_id AND now.live)::int
            - (EXISTS (SELECT 1 FROM gone
                       WHERE gone.feedback_id = touched.feedback_id AND gone.live)
               OR EXISTS (SELECT 1 FROM feedback_grants AS other
                          WHERE other.feedback_id = touched.feedback_id AND other.live
                            AND other.id NOT IN (SELECT id FROM added)))::int
        ), 0) AS change FROM touched
    )
    UPDATE feedback_figures SET agreed = agreed + changes.change
    FROM changes WHERE changes.change <> 0
"""
#: Event, the rows it names, and those it has none of.
EVENTS = (
    ("insert", "NEW TABLE AS added", "gone"),
    ("update", "OLD TABLE AS gone NEW TABLE AS added", "neither"),
    ("delete", "OLD TABLE AS gone", "added"),
)
FORGET = (
    "DELETE FROM search_entries WHERE source = 'feedback.cards' AND source_id = OLD.feedback_id"
)
CAME = "OLD.live IS NULL AND NEW.live IS NOT NULL"
WENT = "OLD.live IS NOT NULL AND NEW.live IS NULL"
JUDGED = "{} AND NOT {}"

#: Name, table, event, condition, statements.
TRIGGERS = (
    ("sent", "feedback", "INSERT", COUNTS.format("NEW"), [MORE.format("received")]),
    (
        *("unspammed", "feedback", "UPDATE"),
        JUDGED.format(COUNTS.format("NEW"), COUNTS.format("OLD")),
        [MORE.format("received")],
    ),
    (
        *("spammed", "feedback", "UPDATE"),
        JUDGED.format(COUNTS.format("OLD"), COUNTS.format("NEW")),
        [LESS.format("received")],
    ),
    ("hung", "feedback_cards", "INSERT", "NEW.live IS NOT NULL", [MORE.format("published")]),
    ("rehung", "feedback_cards", "UPDATE", CAME, [MORE.format("published")]),
    ("taken", "feedback_cards", "UPDATE", WENT, [LESS.format("published"), FORGET]),
    (
        *("removed", "feedback_cards", "DELETE", "OLD.live IS NOT NULL"),
        [LESS.format("published"), FORGET],
    ),
)
#: The same for agreeing, on SQLite.
OF_GRANTS = (
    ("granted", "feedback_grants", "INSERT", "NEW.live IS NOT NULL", [AGREED]),
    ("renewed", "feedback_grants", "UPDATE", CAME, [AGREED]),
    ("ended", "feedback_grants", "UPDATE", WENT, [ENDED]),
    ("erased", "feedback_grants", "DELETE", "OLD.live IS NOT NULL", [ENDED]),
)


def upgrade() -> None:
    """Make them, with the numbers of what is there."""
    op.create_index(
        "ix_feedback_grants_home", "feedback_grants", ["on_home", "live", "given_at", "id"]
    )
    op.create_table(
        "feedback_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_figures"),
    )
    op.execute(
        "INSERT INTO feedback_figures (id, received, agreed, published) SELECT 1, "
        f"(SELECT count(*) FROM feedback WHERE {COUNTS.format('feedback')}), "
        "(SELECT count(DISTINCT feedback_id) FROM feedback_grants WHERE live IS NOT NULL), "
        "(SELECT count(*) FROM feedback_cards WHERE live IS NOT NULL)"
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, table, event, condition, statements in (*TRIGGERS, *OF_GRANTS):
            head = f"CREATE TRIGGER feedback_{name} AFTER {event} ON {table} FOR EACH ROW"
            op.execute(f"{head} WHEN {condition} BEGIN {'; '.join(statements)}; END")
        return
    for name, table, event, condition, statements in TRIGGERS:
        when = f"FOR EACH ROW WHEN ({condition})"
        _trigger(name, f"AFTER {event} ON {table} {when}", "; ".join(statements))
    for event, named, missing in EVENTS:
        when = f"AFTER {event.upper()} ON feedback_grants REFERENCING {named} FOR EACH STATEMENT"
        _trigger(f"agreed_{event}", when, CHANGED.format(nobody=NOBODY.format(missing)))


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        for name, *_ in (*TRIGGERS, *OF_GRANTS):
            op.execute(f"DROP TRIGGER feedback_{name}")
    else:
        of_grants = [(f"agreed_{event}", "feedback_grants") for event, *_ in EVENTS]
        for name, table in [*((row[0], row[1]) for row in TRIGGERS), *of_grants]:
            op.execute(f"DROP TRIGGER feedback_{name} ON {table}")
            op.execute(f"DROP FUNCTION feedback_{name}()")
    op.drop_table("feedback_figures")
    op.drop_index("ix_feedback_grants_home", "feedback_grants")


def _trigger(name: str, when: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION feedback_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body}; RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER feedback_{name} {when} EXECUTE FUNCTION feedback_{name}()")
