"""What every page needs of a feature rides along with the state of the content."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_site_notes"
down_revision = "2026_11_24_policy"


def upgrade() -> None:
    """Make room for the notes."""
    op.add_column("content_state", sa.Column("notes", sa.Text, nullable=True))


def downgrade() -> None:
    """Forget them."""
    op.drop_column("content_state", "notes")
