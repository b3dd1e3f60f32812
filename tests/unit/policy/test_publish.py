"""Publishing: the first by the start, the others by a person, each for good."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.content import sync
from app.core.database import db, transaction
from app.core.privacy import verify
from app.policy.drift import tampering
from app.policy.models import PolicyVersion
from app.policy.publishing import NotPublished, publish
from app.policy.queries import today, version
from tests.folder import ContentFolder

pytestmark = pytest.mark.database


@pytest.mark.promise("policy-frozen")
def test_an_edited_file_is_an_error_and_the_version_stays(
    app: Flask, content: ContentFolder, client: FlaskClient, published: Any
) -> None:
    before = client.get("/privacy/v/1/").text
    content.policy(1, "[c5] We keep everything for good.")
    with app.app_context():
        (problem,) = sync().problems
    assert "was published" in problem.problem
    assert "0002.md" in problem.problem
    assert client.get("/privacy/v/1/").text == before
    result = app.test_cli_runner().invoke(args=["policy", "check"])
    assert result.exit_code == 1
    assert "policy/0001.md" in result.output


@pytest.mark.promise("policy-frozen")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policy_versions SET html = 'We keep everything.'",
        "DELETE FROM policy_versions",
    ],
)
def test_the_database_refuses_to_change_a_version(
    app: Flask, published: Any, statement: str
) -> None:
    with app.app_context(), pytest.raises(sa.exc.DBAPIError), transaction() as session:
        session.execute(sa.text(statement))


@pytest.mark.promise("policy-frozen")
@pytest.mark.parametrize("changed", ["html", "changes", "figures", "seal"])
def test_a_version_changed_behind_the_triggers_is_told(
    app: Flask, published: Any, changed: str
) -> None:
    values = {"html": "x", "changes": ["x"], "figures": {}, "seal": "0" * 64}
    with app.app_context():
        found = version(1)
        assert tampering(found) is None
        db.session.expunge(found)
        setattr(found, changed, values[changed])
        assert tampering(found)


def test_the_chain_holds_the_seal_of_a_version(app: Flask, published: Any) -> None:
    with app.app_context():
        found = version(1)
        assert found.audit_id
        assert verify().bad is None


def test_a_later_version_waits_for_a_person(
    app: Flask, content: ContentFolder, client: FlaskClient, published: Any
) -> None:
    content.policy(2, "[c5] New words.")
    with app.app_context():
        assert not sync().problems
    assert client.get("/privacy/v/2/").status_code == 404


@pytest.mark.promise("notice-before-change")
def test_a_material_version_that_holds_too_soon_is_refused(
    app: Flask, content: ContentFolder, published: Any
) -> None:
    with app.app_context():
        soon = today() + timedelta(days=29)
        content.policy(
            2, announced_on=today().isoformat(), effective_from=soon.isoformat(), material=True
        )
        (problem,) = sync().problems
    assert "at least 30 days" in problem.problem


@pytest.mark.promise("notice-before-change")
def test_an_announcement_that_lies_in_the_past_is_refused(
    app: Flask, content: ContentFolder, published: Any
) -> None:
    with app.app_context():
        content.policy(2, announced_on="2026-01-01", effective_from=today().isoformat())
        sync()
        with pytest.raises(NotPublished, match="set announced_on"):
            publish()


@pytest.mark.promise("notice-before-change")
def test_until_it_holds_a_material_version_is_announced_at_the_foot_of_every_page(
    client: FlaskClient, app: Flask, published: Any
) -> None:
    assert "A new privacy policy" not in client.get("/").text
    with app.app_context():
        later = today() + timedelta(days=30)
    published(2, "[c5] New words.", material=True, effective_from=later.isoformat())
    assert "A new privacy policy" in client.get("/").text
    page = client.get("/privacy/").text
    assert "Version 2 is announced" in page
    assert "New words." not in page
    assert page.count('id="everything-we-hold"') == 1
    assert "not in force yet" in client.get("/privacy/v/2/").text


def test_a_policy_alone_asks_nobody_about_cookies_again(
    client: FlaskClient, published: Any
) -> None:
    client.set_cookie("choice", "1.1.p0m0")
    before = 'aria-label="Cookies on' in client.get("/").text
    published(2, "[c5] New words.")
    assert ('aria-label="Cookies on' in client.get("/").text) is before


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        *((f"It goes after {period}.", "is a period") for period in (
            "30 days", "a month", "twenty-four hours", "several weeks", "an hour", "30-day",
            "a fortnight", "half a year", "two more months", "24 hours")),
        ("{{ policy.keep.nothing }}", "is not known"),
        ("{{ config.KEYS }}", "is no {{ policy"),
        ("{% if 1 %}", "is no {{ policy"),
        ("Inline {{ policy.tables.cookies }}", "in a paragraph alone"),
        ("[c5] One.\n\n[c5] Two.", "two clauses"),
        ("> [c5] Quoted.\n\n[c6] Two.", "must begin a paragraph"),
    ],
)  # fmt: skip
def test_a_text_that_says_what_it_may_not_is_an_error(
    app: Flask, content: ContentFolder, words: str, reason: str
) -> None:
    content.policy(1, words)
    with app.app_context():
        (problem,) = sync().problems
        assert reason in problem.problem
        assert db.session.scalar(sa.select(sa.func.count(PolicyVersion.id))) == 0


def test_dates_and_the_month_of_something_are_no_periods(
    app: Flask, content: ContentFolder
) -> None:
    content.policy(1, "From 24 November 2026 the key of the month opens it, on the same day.")
    with app.app_context():
        assert not sync().problems


def test_the_foot_of_every_page_leads_to_what_was_published_by_the_start(
    app: Flask, content: ContentFolder, read: Any
) -> None:
    content.policy()
    with app.app_context():
        read()
    assert 'href="/privacy/"' in app.test_client().get("/search/").text
