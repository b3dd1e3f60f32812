"""An address asked for can be found, so that it goes with everything else of its person."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_subjects"
down_revision = "2026_11_24_rights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the keyed hash of an address that an account has asked for."""
    op.add_column("users", sa.Column("new_email_lookup", sa.LargeBinary(32), nullable=True))
    op.create_index("ix_users_new_email_lookup", "users", ["new_email_lookup"])


def downgrade() -> None:
    """Forget those hashes."""
    op.drop_index("ix_users_new_email_lookup", "users")
    op.drop_column("users", "new_email_lookup")
