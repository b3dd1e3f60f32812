"""What changed: the list, every word between two versions, and the feed."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import make_member, sign_in

pytestmark = pytest.mark.database


def test_words_that_went_and_came_are_marked_by_words(client: FlaskClient, published: Any) -> None:
    published(2, "## Comments\n\n[c5] An address is never kept.")
    page = client.get("/privacy/changes/1..2/").text
    assert "<del>" in page
    assert "removed:" in page
    assert "<ins>" in page
    assert "added:" in page
    assert "unchanged paragraphs" in page


@pytest.mark.parametrize("pair", ["1..9", "8..9", "1..1", "0..1"])
def test_unknown_versions_are_no_page(client: FlaskClient, published: Any, pair: str) -> None:
    assert client.get(f"/privacy/changes/{pair}/").status_code == 404


def test_a_pair_the_wrong_way_round_leads_to_the_right_one(
    client: FlaskClient, published: Any
) -> None:
    published(2, "[c5] New words.")
    answer = client.get("/privacy/changes/2..1/")
    assert (answer.status_code, answer.location) == (301, "/privacy/changes/1..2/")


def test_the_feed_has_every_version(client: FlaskClient, published: Any) -> None:
    published(2, "[c5] New words.")
    feed = client.get("/privacy/changes/feed.xml").text
    assert feed.count("<entry>") == 2
    assert "/privacy/v/2/" in feed
    assert "News number 2." in feed


def test_pages_of_the_policy_take_few_statements(
    client: FlaskClient, published: Any, statements: list[str]
) -> None:
    published(2, "[c5] New words.")
    client.get("/")
    for address in ("/privacy/", "/privacy/v/1/", "/privacy/changes/", "/privacy/changes/1..2/"):
        statements.clear()
        assert client.get(address).status_code == 200
        reading = [each for each in statements if each.lstrip().upper().startswith("SELECT")]
        assert len(reading) <= 4, reading


def test_a_member_is_told_until_they_have_looked(app: Flask, published: Any) -> None:
    with app.app_context():
        make_member("bo")
    browser = sign_in(app, "bo")
    line = "The privacy policy has changed"
    assert line not in browser.get("/account/").text
    published(2, "[c5] New words.")
    page = browser.get("/account/").text
    assert line in page
    token = page.split('name="csrf_token" type="hidden" value="')[-1].split('"')[0]
    if len(token) > 200:
        token = page.split('name="csrf_token" value="')[-1].split('"')[0]
    answer = browser.post("/account/policy/", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/privacy/changes/1..2/")
    assert line not in browser.get("/account/").text
