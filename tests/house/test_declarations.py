"""Every column says what it holds about people, and the database has no column that does not."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.database import Model, db
from app.core.privacy import Personal, by_parent
from app.core.privacy.belonging import bad_links, linked_models, personal_columns, unlinked
from app.core.privacy.columns import Lookup, inventory, undeclared
from app.core.privacy.sealed import SealedBytes
from app.moderation import Note

pytestmark = pytest.mark.database

#: What search and Alembic keep beside the tables of the models.
BESIDE = ("search_words", "search_titles", "alembic_version")
BESIDE_COLUMNS = {"search_entries.words", "search_entries.words_of_title"}

KINDS = set("account choice content device email ip name row secret status time".split())
ON_EXPIRY = {"null", "delete_row", "coarsen", "tombstone", "keep"}
ON_ERASURE = {"null", "delete_row", "tombstone", "keep"}

#: Columns that could hold any text and hold nothing personal. Read each line before adding one.
REVIEWED = {
    *("acceptances.text_hash", "links.purpose", "links.facts"),
    *("audit_chain.kind", "audit_details.field", "key_checks.name"),
    *("blogs.slug", "blogs.source", "blogs.title", "blogs.description", "authors.source"),
    *("content_files.path", "content_files.kind", "content_files.digest", "content_files.reader"),
    *(
        "content_files.needs",
        "content_files.problem",
        "content_state.settings",
        "content_state.notes",
        "job_turns.name",
    ),
    *("posts.slug", "posts.source", "posts.digest", "posts.title", "posts.summary", "posts.plain"),
    *("posts.body_html", "posts.contents", "posts.tags", "posts.cover", "posts.canonical"),
    *("posts.series_slug", "posts.series_name", "post_aliases.slug", "listings.shelf"),
    *("search_entries.source", "search_entries.digest", "search_entries.address"),
    *("search_entries.section", "search_entries.title", "search_entries.summary"),
    *("search_entries.body", "page_aliases.path", "site_pages.path", "site_pages.source"),
    *("site_pages.digest", "site_pages.title", "site_pages.description", "site_pages.sections"),
    *("site_pages.plain",),
    *("findings.machine", "findings.name", "findings.state", "findings.sentence", "findings.fix"),
    *("key_holders.machine", "key_holders.keys", "key_holders.current"),
    *("retention_counts.name",),
    *("moderation_rules.words", "decisions.kind", "decisions.from_state", "decisions.to_state"),
    *("decisions.before", "decisions.rules", "decisions.reason", "reports.kind", "notes.kind"),
    *("saved_replies.title", "saved_replies.text", "sorter_guesses.places"),
    *("comment_counts.slot", "moderator_keys.chosen"),
    *("disclosures.authority", "disclosures.country", "disclosures.parts"),
    *("erasures.scope", "outbox.template", "outbox.message_id", "outbox.problem"),
    *("limit_counters.key", "challenges.purpose", "comments.reasons"),
    *("feedback.reasons", "feedback_grants.sentence", "feedback_grants.locale"),
    *("trend_days.value", "trend_years.value", "trend_reports.text", "trend_reports.digest"),
    *("trend_files.digest",),
    *("promise_lists.promises", "promise_lists.unguarded", "promise_results.promise"),
    *("promise_results.figure", "promise_results.problem"),
    *("policy_drafts.source", "policy_drafts.digest", "policy_drafts.changes"),
    *("policy_drafts.settings", "policy_drafts.body", "policy_drafts.contents"),
    *("policy_versions.digest", "policy_versions.changes", "policy_versions.html"),
    *("policy_versions.html_sha256", "policy_versions.contents", "policy_versions.plain"),
    *("policy_versions.figures", "policy_versions.fingerprint", "policy_versions.seal"),
    *("choice_receipts.number", "choice_receipts.wording_hash", "choice_receipts.version"),
}


def columns(metadata: sa.MetaData = Model.metadata) -> Iterator[tuple[str, sa.Column]]:
    """Every column of the models, with its full name."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            yield f"{table.name}.{column.name}", column


def unreviewed(metadata: sa.MetaData = Model.metadata) -> list[str]:
    """Columns for any text that are said to be not personal, and that nobody has looked at."""
    return [
        name
        for name, column in columns(metadata)
        if isinstance(column.info.get("privacy"), str)
        and isinstance(column.type, sa.String | sa.JSON)
        and not isinstance(column.type, sa.Enum)
        and name not in REVIEWED
    ]


def unknown_to_the_models(engine: sa.Engine) -> list[str]:
    """Columns of the database that no model has."""
    inspector = sa.inspect(engine)
    found = {
        f"{table}.{column['name']}"
        for table in inspector.get_table_names()
        if not table.startswith(BESIDE)
        for column in inspector.get_columns(table)
    }
    return sorted(found - {name for name, _column in columns()} - BESIDE_COLUMNS)


def copy_with(column: sa.Column) -> sa.MetaData:
    """The models with one more column, in a copy."""
    copy = sa.MetaData()
    for table in Model.metadata.sorted_tables:
        table.to_metadata(copy)
    copy.tables["blogs"].append_column(column)
    return copy


@pytest.mark.promise("every-column-declared")
def test_every_column_is_declared() -> None:
    assert undeclared() == []


def test_a_planted_undeclared_column_is_seen() -> None:
    planted = copy_with(sa.Column("visitor", sa.Integer))
    assert undeclared(planted) == ["blogs.visitor"]


def test_every_column_for_any_text_that_is_not_personal_was_looked_at() -> None:
    assert unreviewed() == []
    assert {name for name, _column in columns()} >= REVIEWED


def test_a_planted_column_for_any_text_is_seen() -> None:
    planted = copy_with(sa.Column("note", sa.Text, info={"privacy": "nothing at all"}))
    assert unreviewed(planted) == ["blogs.note"]


@pytest.mark.promise("every-column-declared")
def test_the_database_has_no_column_that_no_model_has(app: Flask) -> None:
    with app.app_context():
        assert unknown_to_the_models(db.engine) == []


def test_a_column_and_a_table_planted_by_sql_are_seen(app: Flask) -> None:
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE blogs ADD COLUMN visitor VARCHAR(80)"))
            connection.execute(sa.text("CREATE TABLE visitors (ip VARCHAR(80))"))
        assert unknown_to_the_models(db.engine) == ["blogs.visitor", "visitors.ip"]


def test_every_declaration_uses_known_words() -> None:
    for entry in inventory():
        told = entry.declared
        assert told.kind in KINDS, entry
        assert told.on_expiry in ON_EXPIRY, entry
        assert told.on_erasure in ON_ERASURE, entry


def test_emails_addresses_and_secrets_are_sealed() -> None:
    assert [
        e for e in inventory() if e.declared.kind in "email ip secret" and not e.declared.seal
    ] == []


def test_every_sealed_column_holds_bytes_under_a_name_of_its_own() -> None:
    sealed = [entry for entry in inventory() if entry.declared.seal]
    assert len({entry.declared.seal for entry in sealed}) == len(sealed)
    for entry in sealed:
        table = Model.metadata.tables[entry.table]
        assert isinstance(table.columns[entry.column].type, SealedBytes), entry
        assert "uid" in table.columns, f"{entry.table} needs a name for its rows"


def test_every_period_is_counted_from_a_column_that_exists() -> None:
    known = {name for name, _column in columns()}
    for entry in inventory():
        told = entry.declared
        clock = told.clock if "." in told.clock else f"{entry.table}.{told.clock}"
        assert told.keep is None or clock in known, entry


def test_every_keyed_hash_has_a_sealed_sibling() -> None:
    for name, column in columns():
        lookup = column.info["privacy"]
        if isinstance(lookup, Lookup):
            declared = column.table.columns[lookup.of].info["privacy"]
            assert isinstance(declared, Personal), name
            assert declared.seal, name


def test_every_row_with_personal_columns_says_whose_it_is() -> None:
    assert unlinked() == []


def test_every_link_leads_to_somebody() -> None:
    assert bad_links() == []


def test_a_link_that_is_planted_wrong_or_missing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Note, "__belongs__", by_parent("item_uid", "nothing"))
    assert [problem.partition(":")[0] for problem in bad_links()] == ["notes"]
    monkeypatch.delattr(Note, "__belongs__")
    assert unlinked() == ["notes.text"]


def test_what_an_erasure_keeps_says_why() -> None:
    linked = [(model.__table__, link) for model, links in linked_models() for link in links]
    assert [
        f"{table.name}.{name}"
        for table, link in linked
        for name, declared in personal_columns(table, link).items()
        if declared.on_erasure == "keep" and not declared.kept_why
    ] == []
