"""Who is looking at a comment: said by a button, shown to the others, and in nobody's way."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from app.core.database import db
from app.moderation import Claim
from app.moderation.claims import drop_claims
from tests.factories import make_comment
from tests.unit.comments.desk.conftest import LIST, comment, press, send

pytestmark = pytest.mark.database


@pytest.fixture
def waits(blogs: Flask) -> int:
    """A comment that waits."""
    with blogs.app_context():
        return make_comment(state=State.HELD).id


def take(client: FlaskClient, number: int, what: str = "take") -> str:
    """Press the button on the page of a comment; the page it leads to."""
    page = client.get(f"{LIST}{number}/")
    assert f'name="claim" value="{what}"' in page.text
    answer = send(client, f"{LIST}{number}/claim/", page, claim=what)
    assert answer.status_code == 303
    return str(client.get(answer.location).text)


def test_the_others_read_who_is_looking_and_since_when(
    waits: int, mira: FlaskClient, max_: FlaskClient, later: Callable[[int], None]
) -> None:
    assert "You are looking at this" in take(mira, waits)
    assert "mira is looking at this" in max_.get(LIST).text
    later(125)
    assert "mira has been looking at this for 2 minutes" in max_.get(LIST).text
    page = max_.get(f"{LIST}{waits}/").text
    assert "mira has been looking at this for 2 minutes. You can decide all the same." in page


def test_opening_a_page_claims_nothing(blogs: Flask, waits: int, mira: FlaskClient) -> None:
    mira.get(f"{LIST}{waits}/")
    with blogs.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Claim.id))) == 0


def test_a_claim_keeps_nobody_from_deciding(
    blogs: Flask, waits: int, mira: FlaskClient, max_: FlaskClient
) -> None:
    take(mira, waits)
    assert press(max_, "approve", waits).status_code == 303
    assert comment(blogs, waits).state is State.SHOWN
    assert "looking at this" not in mira.get(f"{LIST}{waits}/").text


def test_a_claim_ends_by_itself(
    blogs: Flask, waits: int, mira: FlaskClient, max_: FlaskClient, later: Callable[[int], None]
) -> None:
    take(mira, waits)
    later(601)
    assert "looking at this" not in max_.get(LIST).text
    with blogs.app_context():
        assert drop_claims() == 1


def test_a_claim_can_be_let_go_and_taken_over(
    waits: int, mira: FlaskClient, max_: FlaskClient
) -> None:
    take(mira, waits)
    assert "Take it over" in max_.get(f"{LIST}{waits}/").text
    take(max_, waits)
    assert "max is looking at this" in mira.get(LIST).text
    take(max_, waits, "go")
    assert "looking at this" not in mira.get(LIST).text


def test_only_the_own_word_can_be_taken_back(
    waits: int, mira: FlaskClient, max_: FlaskClient
) -> None:
    take(mira, waits)
    page = max_.get(f"{LIST}{waits}/")
    send(max_, f"{LIST}{waits}/claim/", page, claim="go")
    assert "mira is looking at this" in max_.get(LIST).text


def test_who_moderates_alone_has_nobody_to_tell(blogs: Flask, noor: FlaskClient) -> None:
    with blogs.app_context():
        number = make_comment("chairs", blog="workshop", state=State.HELD).id
    assert 'name="claim" value="take"' not in noor.get(f"{LIST}{number}/").text


def test_a_comment_of_another_blog_cannot_be_claimed(waits: int, noor: FlaskClient) -> None:
    page = noor.get(LIST)
    assert send(noor, f"{LIST}{waits}/claim/", page, claim="take").status_code == 404
