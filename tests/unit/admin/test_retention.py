"""The owner sees what is held, due and overdue, and what a run would take."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.admin.words import HELD
from app.comments import Comment
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import Due, standing, sweep
from app.core.privacy.retention import GRACE
from tests.factories import make_comment
from tests.folder import ContentFolder
from tests.people import make_member, sign_in, token_in

pytestmark = pytest.mark.database

LONG_AGO = timedelta(days=90) + GRACE


@pytest.fixture
def site(app: Flask, content: ContentFolder, read: Any) -> Flask:
    content.post("tulips")
    with app.app_context():
        read()
        make_member("otto", owner=True)
        make_comment(slug="tulips", ip="203.0.113.9")
        db.session.remove()
    return app


def row_of(page: str, title: str) -> str:
    return next(row for row in page.split("<tr>") if f">{title}<" in row)


def test_nothing_is_counted_by_opening_the_page(site: Flask) -> None:
    page = sign_in(site, "otto").get("/admin/retention/").text
    assert "Nothing was counted yet" in page


def test_the_dry_run_names_what_would_go_and_erases_nothing(site: Flask) -> None:
    with time_machine.travel(clock.now() + LONG_AGO + timedelta(hours=1)):
        client = sign_in(site, "otto")
        token = token_in(client.get("/admin/retention/"))
        page = client.post("/admin/retention/count", data={"csrf_token": token}).text
        assert "<code>comments.author_ip</code>: 1" in page
        assert "Nothing was erased yet" in page
        assert "1 value is overdue" in page
        again = client.get("/admin/retention/").text
        assert 'class="duebar__late" width="100.0"' in again
    with site.app_context():
        assert db.session.scalar(sa.select(Comment.author_ip)) is not None


def test_a_run_is_told_with_what_it_took(site: Flask) -> None:
    with time_machine.travel(clock.now() + LONG_AGO):
        with site.app_context():
            sweep()
        page = sign_in(site, "otto").get("/admin/retention/").text
    found = [row for row in page.split("<tr>") if "IP address" in row and ">Comments<" in row]
    assert 'data-name="Last run took" class="records__number">1<' in found[0]
    assert "overdue" not in page


def test_the_numbers_are_metrics(site: Flask) -> None:
    with site.app_context():
        sweep()
    text = site.test_client().get("/metrics").text
    assert 'clientflow_retention_held{column="comments.author_ip"} 1' in text
    assert 'clientflow_retention_overdue{column="comments.author_ip"} 0' in text
    assert 'clientflow_retention_due{column="accounts.unused"} 0' in text


def test_what_is_overdue_is_an_alarm_on_the_overview(site: Flask) -> None:
    with time_machine.travel(clock.now() + LONG_AGO + timedelta(hours=1)):
        client = sign_in(site, "otto")
        token = token_in(client.get("/admin/retention/"))
        client.post("/admin/retention/count", data={"csrf_token": token})
        page = client.get("/admin/").text
    assert re.search(r'figure--alarm"><a href="/admin/retention/">', page)


def test_the_page_takes_few_statements(site: Flask, statements: list[str]) -> None:
    with site.app_context():
        sweep()
    client = sign_in(site, "otto")
    client.get("/admin/retention/")
    statements.clear()
    client.get("/admin/retention/")
    assert len([each for each in statements if "retention_counts" in each]) == 1
    assert len([each for each in statements if "job_turns" in each]) == 1


def test_everything_that_has_a_period_has_a_name(site: Flask) -> None:
    with site.app_context(), transaction():
        tables = {due.entry.table for due in standing() if isinstance(due, Due)}
    assert tables - HELD.keys() == set()
