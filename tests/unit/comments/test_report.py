"""Reporting a comment."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from app.core.database import db, transaction
from app.moderation import Complaint, Report, Rules
from tests.cast import GARDEN
from tests.factories import make_comment
from tests.people import blog_id
from tests.unit.comments.conftest import OURS, TULIPS

pytestmark = pytest.mark.database

FORM = "/comments/1/report/"


@pytest.fixture
def said(app: Flask, tulips: str) -> None:
    """A comment that is shown, one that is held."""
    with app.app_context():
        make_comment(text="Buy my bulbs!")
        make_comment(text="Held.", state=State.HELD)


@pytest.fixture
def reports(app: Flask) -> Any:
    """A function that answers every report."""

    def stored() -> list[Report]:
        with app.app_context():
            return list(db.session.scalars(sa.select(Report).order_by(Report.id)))

    return stored


def send(client: FlaskClient, *, place: str = "203.0.113.8", **fields: str) -> Any:
    place_of = {"REMOTE_ADDR": place}
    return client.post(FORM, data=fields, headers=OURS, environ_overrides=place_of)


@pytest.mark.usefixtures("said")
def test_the_form_shows_the_comment_and_asks_nobody_who_they_are(client: FlaskClient) -> None:
    page = client.get(FORM).text
    assert "Buy my bulbs!" in page
    assert "against the law" in page
    asked = page.partition('action="#problems"')[2].partition("</form>")[0]
    assert asked.count(" required") == len(Complaint)
    assert asked.count("(optional)") == 2


@pytest.mark.usefixtures("said")
def test_a_report_is_taken_with_a_number(client: FlaskClient, reports: Any) -> None:
    answer = send(client, complaint="spam", text="Three times today.")
    assert answer.status_code == 201
    (report,) = reports()
    assert f"Its number is {report.reference}" in answer.text
    assert (report.complaint, report.text) == ("spam", "Three times today.")


@pytest.mark.usefixtures("said")
def test_a_second_report_from_the_same_place_is_the_first(
    client: FlaskClient, reports: Any
) -> None:
    send(client, complaint="spam")
    send(client, complaint="abuse")
    assert len(reports()) == 1


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(
    "fields", [{}, {"complaint": "nonsense"}, {"complaint": "spam", "text": "x" * 1_001}]
)
def test_what_is_no_report_comes_back(
    client: FlaskClient, fields: dict[str, str], reports: Any
) -> None:
    answer = send(client, **fields)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (422, "no-store")
    assert "<title>Error:" in answer.text
    assert fields.get("text", "") in answer.text
    assert reports() == []


@pytest.mark.usefixtures("said")
def test_enough_reports_take_the_comment_out_of_sight(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        session.add(Rules(blog_id=blog_id(GARDEN), report_threshold=2))
    send(client, complaint="spam", place="203.0.113.8")
    assert "Buy my bulbs!" in client.get(TULIPS).text
    send(client, complaint="spam", place="198.51.100.8")
    assert "Buy my bulbs!" not in client.get(TULIPS).text


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize("number", ["2", "999", "0", "9" * 30])
def test_what_cannot_be_read_cannot_be_reported(client: FlaskClient, number: str) -> None:
    assert client.get(f"/comments/{number}/report/").status_code == 404
    answer = client.post(f"/comments/{number}/report/", data={"complaint": "spam"}, headers=OURS)
    assert answer.status_code in (404, 405)
