"""The overview tells each what waits and what is wrong, every number with a link."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.database import transaction
from app.core.jobs import JobTurn, run_due
from app.core.mail import enqueue
from app.core.privacy.heads import heads_folder
from tests.folder import ContentFolder
from tests.people import make_member, sign_in

pytestmark = pytest.mark.database

FIGURE = re.compile(
    r'<a href="([^"]+)"><span class="figure__value">([^<]+)</span>'
    r'<span class="figure__label">([^<]+)</span>'
)


@pytest.fixture
def site(app: Flask, read: Any) -> Flask:
    read()
    with app.app_context():
        make_member("mira", role="administrator", blog="garden")
        make_member("mo", role="moderator", blog="garden")
        make_member("bo")
        make_member("otto", owner=True)
    return app


def figures(app: Flask, who: str) -> dict[str, str]:
    text = sign_in(app, who).get("/admin/").text
    return {label: value for _address, value, label in FIGURE.findall(text)}


def test_a_moderator_is_told_nothing_of_the_machinery(site: Flask) -> None:
    assert "Checks that fail" not in figures(site, "mo")
    assert sign_in(site, "mo").get("/admin/").status_code == 200


def test_whoever_keeps_nothing_has_no_overview(site: Flask) -> None:
    assert sign_in(site, "bo").get("/admin/").status_code == 404


@pytest.mark.parametrize("who", ["mira", "otto"])
def test_every_number_is_a_link_that_leads_somewhere(site: Flask, who: str) -> None:
    client = sign_in(site, who)
    page = client.get("/admin/").text
    found = FIGURE.findall(page)
    assert len(found) >= 4
    assert page.count("figure__value") == len(found)
    for address, _value, _label in found:
        if address.startswith("#"):
            assert f'id="{address[1:]}"' in page
        else:
            assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_a_job_that_never_ran_failed_or_is_late_is_told(site: Flask) -> None:
    assert "has not run yet" in sign_in(site, "otto").get("/admin/").text
    with site.app_context():
        run_due()
    assert figures(site, "otto")["Checks that fail"] == "0"
    with site.app_context(), transaction() as session:
        failed = sa.update(JobTurn).where(JobTurn.name == "limits.tidy").values(failures=3)
        session.execute(failed)
        late = sa.update(JobTurn).where(JobTurn.name == "mail.send")
        session.execute(late.values(due_at=clock.now() - timedelta(hours=1)))
    text = sign_in(site, "otto").get("/admin/").text
    assert "failed 3 times in a row" in text
    assert "is late" in text
    assert figures(site, "otto")["Checks that fail"] == "2"


def test_a_broken_audit_chain_is_told_to_whoever_keeps_the_site(site: Flask) -> None:
    with site.app_context():
        run_due()
        folder = heads_folder()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "problem").write_text("Entry 7 was changed.")
    for who in ("mira", "otto"):
        assert "Entry 7 was changed." in sign_in(site, who).get("/admin/").text
        assert figures(site, who)["Check that fails"] == "1"
    assert "Entry 7" not in sign_in(site, "mo").get("/admin/").text


def test_broken_content_is_told_with_file_line_and_reason(
    site: Flask, content: ContentFolder, read: Any
) -> None:
    content.write("blogs/garden/posts/odd.md", "---\ntitle: Odd\ndate: never\n---\nText\n")
    read()
    text = sign_in(site, "mira").get("/admin/").text
    assert "blogs/garden/posts/odd.md" in text
    assert '<td data-name="Line">3</td>' in text
    assert figures(site, "mira")["Content file with a problem"] == "1"


def test_waiting_mail_is_counted(site: Flask) -> None:
    with site.app_context(), transaction():
        enqueue(
            "accounts/security_changed", to="mira@example.org", username="mira", what="A thing."
        )
    assert figures(site, "otto")["Mail on its way"] == "1"
    assert "the oldest since" in sign_in(site, "otto").get("/admin/").text


def test_the_overview_takes_few_statements(site: Flask, statements: list[str]) -> None:
    """Besides the three that ask who is looking, and the one that asks for changed settings."""
    client = sign_in(site, "mira")
    client.get("/admin/")
    statements.clear()
    client.get("/admin/")
    assert len(statements) <= 4 + 6, statements
