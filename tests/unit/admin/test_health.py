"""The owner sees what the last look at the site's health found, and nothing is asked for it."""

import pytest
from flask import Flask

from app.core.doctor import look_and_store
from tests.people import make_member, sign_in

pytestmark = pytest.mark.database


@pytest.fixture
def site(app: Flask) -> Flask:
    with app.app_context():
        make_member("otto", owner=True)
    return app


def test_nothing_is_asked_by_opening_the_page(site: Flask) -> None:
    assert "Nobody has asked yet" in sign_in(site, "otto").get("/admin/health/").text


def test_each_finding_is_told_with_what_helps(site: Flask, statements: list[str]) -> None:
    with site.app_context():
        look_and_store()
    client = sign_in(site, "otto")
    statements.clear()
    page = client.get("/admin/health/").text
    assert "<code>flask jobs run --forever</code>" in page
    assert '<th scope="row">key file</th>' in page
    assert len([each for each in statements if "findings" in each]) == 1


def test_what_failed_is_a_figure_of_the_overview(site: Flask) -> None:
    with site.app_context():
        look_and_store()
    assert 'figure--alarm"><a href="/admin/health/">' in sign_in(site, "otto").get("/admin/").text
