"""Accounts: people, roles, sessions, links and second factors."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_accounts"
down_revision = "2026_11_24_comments"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _id() -> sa.Column:
    return sa.Column("id", sa.Integer(), nullable=False)


def _user(table: str, *, on_delete: str | None = "CASCADE", column: str = "user_id") -> tuple:
    nullable = on_delete == "SET NULL"
    return (
        sa.Column(column, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint(
            [column], ["users.id"], name=f"fk_{table}_{column}", ondelete=on_delete
        ),
    )


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "users",
        _id(),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("username_folded", sa.String(length=60), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_lookup", sa.LargeBinary(length=32), nullable=True),
        sa.Column("new_email", sa.LargeBinary(), nullable=True),
        sa.Column("new_email_at", MOMENT, nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("is_owner", sa.Boolean(), nullable=False),
        sa.Column("email_proved_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.Column("last_seen_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("uid", name="uq_users_uid"),
        sa.UniqueConstraint("username_folded", name="uq_users_username_folded"),
    )
    op.create_index(
        "uq_users_proved_email",
        "users",
        ["email_lookup"],
        unique=True,
        sqlite_where=sa.text("email_proved_at IS NOT NULL"),
        postgresql_where=sa.text("email_proved_at IS NOT NULL"),
    )
    op.create_index("ix_users_email_lookup", "users", ["email_lookup"])
    _create_roles()
    _create_entries()
    _create_factors()


def _create_roles() -> None:
    op.create_table(
        "memberships",
        _id(),
        *_user("memberships"),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["blog_id"], ["blogs.id"], name="fk_memberships_blog_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_memberships"),
        sa.UniqueConstraint("user_id", "blog_id", name="uq_memberships_user_id_blog_id"),
    )
    op.create_index("ix_memberships_blog_id", "memberships", ["blog_id"])
    op.create_table(
        "invitations",
        _id(),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("blog_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_lookup", sa.LargeBinary(length=32), nullable=True),
        *_user("invitations", on_delete="SET NULL", column="invited_by"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["blog_id"], ["blogs.id"], name="fk_invitations_blog_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("uid", name="uq_invitations_uid"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
    )
    op.create_index("ix_invitations_blog_id", "invitations", ["blog_id"])
    op.create_index("ix_invitations_email_lookup", "invitations", ["email_lookup"])
    op.create_table(
        "acceptances",
        _id(),
        *_user("acceptances", on_delete=None),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("typed_name", sa.String(length=120), nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_acceptances"),
    )
    op.create_index("ix_acceptances_user_id", "acceptances", ["user_id"])


def _create_entries() -> None:
    op.create_table(
        "sessions",
        _id(),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        *_user("sessions"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.Column("stays", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("ip", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("uid", name="uq_sessions_uid"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "links",
        _id(),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_links_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("token_hash", name="uq_links_token_hash"),
    )
    op.create_index("ix_links_user_id", "links", ["user_id"])
    op.create_index("ix_links_expires_at", "links", ["expires_at"])
    op.create_table(
        "throttles",
        _id(),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("forgotten_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_throttles"),
        sa.UniqueConstraint("key", name="uq_throttles_key"),
    )
    op.create_index("ix_throttles_forgotten_at", "throttles", ["forgotten_at"])


def _create_factors() -> None:
    op.create_table(
        "totp",
        _id(),
        sa.Column("uid", sa.Uuid(), nullable=False),
        *_user("totp"),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_counter", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_totp"),
        sa.UniqueConstraint("uid", name="uq_totp_uid"),
        sa.UniqueConstraint("user_id", name="uq_totp_user_id"),
    )
    op.create_table(
        "recovery_codes",
        _id(),
        *_user("recovery_codes"),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
        sa.UniqueConstraint("code_hash", name="uq_recovery_codes_code_hash"),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])
    op.create_table(
        "passkeys",
        _id(),
        *_user("passkeys"),
        sa.Column("credential_id", sa.LargeBinary(length=1_023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=2_048), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("is_synced", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.UniqueConstraint("credential_id", name="uq_passkeys_credential_id"),
    )
    op.create_index("ix_passkeys_user_id", "passkeys", ["user_id"])
    op.create_table(
        "known_devices",
        _id(),
        *_user("known_devices"),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_known_devices"),
        sa.UniqueConstraint("token_hash", name="uq_known_devices_token_hash"),
    )
    op.create_index("ix_known_devices_user_id", "known_devices", ["user_id"])


def downgrade() -> None:
    """Take it back."""
    for table in (
        *("known_devices", "passkeys", "recovery_codes", "totp"),
        *("throttles", "links", "sessions"),
        *("acceptances", "invitations", "memberships", "users"),
    ):
        op.drop_table(table)
