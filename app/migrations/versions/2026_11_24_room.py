"""A room for feedback: a row among the blogs that no reader ever meets as one."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_room"
down_revision = "2026_11_24_notices"
branch_labels = None
depends_on = None

#: Behind every blog, whose own order ends at 1,000.
LAST = 1_001


def upgrade() -> None:
    """Tell rooms from blogs, and make the one that feedback is kept in."""
    op.add_column(
        "blogs",
        sa.Column("is_room", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    room = {
        "slug": "feedback",
        "source": "",
        "title": "Feedback",
        "description": "",
        "rank": LAST,
        "per_page": 20,
        "comments_open": False,
        "is_room": True,
    }
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in room]
    op.bulk_insert(sa.table("blogs", *columns), [room])


def downgrade() -> None:
    """Take the room away, with the roles and the rules that were given in it."""
    op.execute(sa.text("DELETE FROM blogs WHERE is_room"))
    op.drop_column("blogs", "is_room")
