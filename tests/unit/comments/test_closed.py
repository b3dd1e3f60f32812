"""Posts that take no comments, or no longer."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from app.comments.placing import change_states
from app.core import clock
from app.core.database import transaction
from tests.factories import make_comment
from tests.folder import ContentFolder
from tests.unit.comments.conftest import own_page

pytestmark = pytest.mark.database

Say = Callable[..., Any]
BLOG = 'title = "Garden"\ndescription = "All about it."\n'


@pytest.fixture
def close(content: ContentFolder, read: Any) -> Callable[[str], None]:
    """A function that closes the tulips in one of the ways there are."""

    def closed(way: str) -> None:
        if way == "the post":
            content.post("tulips", comments="closed")
        elif way == "a date":
            content.post("tulips", comments={"until": "2026-03-09"})
        elif way == "the blog":
            content.write("blogs/garden/blog.toml", BLOG + 'comments = "closed"\n')
        else:
            content.write("blogs/garden/blog.toml", BLOG + "comments_days = 30\n")
        assert not read().problems

    return closed


REASONS = {
    "the post": "This post takes no comments.",
    "a date": "Comments on this post were closed on",
    "the blog": "Garden takes no comments.",
    "its age": "Comments on this post were closed on",
}


@pytest.mark.parametrize("way", REASONS)
def test_the_reason_stands_instead_of_the_form(
    app: Flask, client: FlaskClient, tulips: str, close: Any, way: str
) -> None:
    with app.app_context():
        make_comment(text="Said in time.")
    close(way)
    page = client.get(f"{tulips}?reply=1").text
    assert REASONS[way] in page
    assert "<textarea" not in page
    assert "Said in time." in page
    assert ">Reply</a>" not in page
    assert "/comments/1/report/" in page


@pytest.mark.parametrize("way", REASONS)
def test_what_comes_too_late_is_given_back_with_the_reason(
    say: Say, close: Any, comments: Any, way: str
) -> None:
    close(way)
    answer = say(text="I *missed* it.")
    assert answer.status_code == 409
    assert REASONS[way] in answer.text
    assert "I *missed* it.</textarea>" in answer.text
    assert comments() == []


def test_a_date_of_the_post_comes_before_the_days_of_the_blog(
    client: FlaskClient, content: ContentFolder, read: Any, tulips: str, close: Any
) -> None:
    content.post("tulips", comments={"until": "2126-03-09"})
    close("its age")
    assert "Write a comment" in client.get(tulips).text


def test_what_waits_can_still_be_decided_on(
    app: Flask, client: FlaskClient, say: Say, close: Any, tulips: str
) -> None:
    page = own_page(say())
    close("the post")
    with app.app_context(), transaction() as session:
        change_states(session, {1: State.SHOWN}, at=clock.now())
    assert "<em>snow</em>" in client.get(tulips).text
    assert "Published" in client.get(page).text
