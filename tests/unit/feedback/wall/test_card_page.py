"""The page of one card."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.feedback.models import Kind
from tests.factories import make_feedback

pytestmark = pytest.mark.database

NEUTRAL = "Whoever wrote it decides whether it is"


def facts_of(page: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return next(facts for facts in map(json.loads, found) if "datePublished" in facts)


def test_a_card_has_a_page_with_its_facts(client: FlaskClient, publish: Any) -> None:
    number = publish(text="It *just* works.\n\nEvery day.", credit="Bo Berg")
    page = client.get(f"/feedback/{number}/").text
    assert "<title>It just works. Every day. · Feedback · Green Street</title>" in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/feedback/{number}/">' in page
    assert '<meta property="og:type" content="article">' in page
    facts = facts_of(page)
    assert facts["@type"] == "Review"
    assert facts["author"]["name"] == "Bo Berg"
    assert facts["itemReviewed"]["name"] == "Green Street"


def test_an_idea_is_no_review(client: FlaskClient, publish: Any) -> None:
    number = publish(text="Make it blue.", kind=Kind.IDEA)
    facts = facts_of(client.get(f"/feedback/{number}/").text)
    assert (facts["@type"], facts["text"]) == ("Comment", "Make it blue.")


def test_what_never_was_public_looks_like_what_never_was(
    app: Flask, client: FlaskClient, read: Any
) -> None:
    read()
    with app.app_context():
        number = make_feedback(text="For your eyes only.").id
    private, absent = f"/feedback/{number}/", "/feedback/987654/"
    answers = client.get(private), client.get(absent)
    assert [answer.status_code for answer in answers] == [404, 404]
    # The question about cookies names the page it stands on.
    assert answers[0].text.replace(private, "") == answers[1].text.replace(absent, "")


def test_what_was_taken_back_is_gone_and_nobody_is_told_by_whom(
    client: FlaskClient, publish: Any, take_back: Any
) -> None:
    number = publish(text="Said in haste.", credit="Bo Berg")
    take_back(number)
    page = client.get(f"/feedback/{number}/")
    assert page.status_code == 410
    assert NEUTRAL in page.text
    assert "haste" not in page.text
    assert "Bo Berg" not in page.text


def test_a_grant_that_is_over_unpublishes_by_itself(client: FlaskClient, publish: Any) -> None:
    at = clock.now() - timedelta(days=800)
    number = publish(text="Long ago.", at=at, ends_at=clock.now() - timedelta(seconds=1))
    assert client.get(f"/feedback/{number}/").status_code == 410
    assert "Long ago." not in client.get("/feedback/").text
    assert "<strong>0</strong> agreed to be public" in client.get("/feedback/").text
    assert "<strong>0</strong> published" in client.get("/feedback/").text


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "1" * 40])
def test_numbers_that_no_card_has(client: FlaskClient, read: Any, number: str) -> None:
    read()
    assert client.get(f"/feedback/{number}/").status_code == 404
    assert client.get(f"/feedback/before/{number}/").status_code == 404
