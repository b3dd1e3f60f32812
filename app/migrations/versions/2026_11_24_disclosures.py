"""The register of legal demands, and counting the looks of a quarter."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_disclosures"
down_revision = "2026_11_24_promises"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=20)
HASH = sa.LargeBinary(length=32)
TERMS = ["disclosure_id", "terms"]


def upgrade() -> None:
    """Add the entries, whom they name, who approved them, and what came of them."""
    _entries()
    _subjects()
    _approvals()
    _outcomes()
    op.create_index("ix_audit_chain_kind_at", "audit_chain", ["kind", "at"])


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_audit_chain_kind_at", "audit_chain")
    for table in ("disclosure_outcomes", "disclosure_approvals", "disclosure_subjects"):
        op.drop_table(table)
    op.drop_table("disclosures")


def _entries() -> None:
    op.create_table(
        "disclosures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("parts", sa.String(length=120), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("document_hash", HASH, nullable=True),
        sa.Column("terms", HASH, nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("barred_until", sa.Date(), nullable=True),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        _account("disclosures", "entered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_disclosures"),
        sa.UniqueConstraint("uid", name="uq_disclosures_uid"),
        sa.UniqueConstraint("id", "terms", name="uq_disclosures_id_terms"),
        sa.CheckConstraint(
            "kind = 'good_faith' OR document_hash IS NOT NULL", name="ck_disclosures_document"
        ),
        sa.CheckConstraint(
            "kind <> 'good_faith' OR reason IS NOT NULL OR done_at IS NOT NULL",
            name="ck_disclosures_reason",
        ),
        sa.CheckConstraint("accounts > 0", name="ck_disclosures_accounts"),
    )
    op.create_index("ix_disclosures_received_on", "disclosures", ["received_on", "kind"])
    op.create_index("ix_disclosures_done_at", "disclosures", ["done_at"])


def _subjects() -> None:
    op.create_table(
        "disclosure_subjects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_lookup", HASH, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["disclosure_id"],
            ["disclosures.id"],
            name="fk_disclosure_subjects_disclosure_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_disclosure_subjects"),
        sa.UniqueConstraint("uid", name="uq_disclosure_subjects_uid"),
        sa.UniqueConstraint(
            "disclosure_id",
            "email_lookup",
            name="uq_disclosure_subjects_disclosure_id_email_lookup",
        ),
    )
    for column in ("email_lookup", "done_at"):
        op.create_index(f"ix_disclosure_subjects_{column}", "disclosure_subjects", [column])


def _approvals() -> None:
    table = "disclosure_approvals"
    op.create_table(
        table,
        *_of_terms(),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", MOMENT, nullable=False),
        sa.Column("mac", HASH, nullable=False),
        _account(table, "user_id"),
        *_keys(table),
        sa.UniqueConstraint("disclosure_id", "user_id", name=f"uq_{table}_disclosure_id_user_id"),
        sa.UniqueConstraint(*TERMS, "user_id", name=f"uq_{table}_disclosure_id_terms_user_id"),
    )


def _outcomes() -> None:
    table = "disclosure_outcomes"
    op.create_table(
        table,
        *_of_terms(),
        sa.Column("outcome", WORD, nullable=False),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("second_by", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("file_hash", HASH, nullable=True),
        _account(table, "decided_by"),
        *_keys(table),
        sa.UniqueConstraint("disclosure_id", name=f"uq_{table}_disclosure_id"),
        # Only what two different accounts approved, in these very terms, can have been given.
        *(
            sa.ForeignKeyConstraint(
                [*TERMS, column],
                [f"disclosure_approvals.{name}" for name in (*TERMS, "user_id")],
                name=f"fk_{table}_{column}",
            )
            for column in ("first_by", "second_by")
        ),
        sa.CheckConstraint(
            "outcome = 'rejected' OR (first_by IS NOT NULL AND second_by IS NOT NULL"
            " AND first_by < second_by)",
            name=f"ck_{table}_two_approvals",
        ),
    )


def _of_terms() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("terms", HASH, nullable=False),
    )


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            TERMS,
            ["disclosures.id", "disclosures.terms"],
            name=f"fk_{table}_disclosure_id_terms",
        ),
    )


def _account(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], name=f"fk_{table}_{column}")
