"""Which digests a moderator wants is theirs to say, and for their own blogs only."""

from typing import Any

import pytest
from flask import Flask

from app.comments import State
from app.core import clock
from app.core.database import db
from tests.cast import GARDEN, WORKSHOP
from tests.factories import make_comment
from tests.mailbox import Mailbox
from tests.people import blog_id, make_member, sign_in, token_in

pytestmark = pytest.mark.database

PAGE = "/account/mail/"


@pytest.fixture(autouse=True)
def people(app: Flask) -> None:
    """Mira moderates the garden blog, Noor the workshop blog; Bo has an account."""
    with app.app_context():
        make_member("mira", role="moderator", blog=GARDEN)
        make_member("noor", role="moderator", blog=WORKSHOP)
        make_member("bo")
        db.session.remove()


def choose(app: Flask, who: str, *, blog: Any, **form: Any) -> int:
    """Send the form; `blog` is a blog's slug, or what stands in the place of its number."""
    with app.app_context():
        number = blog_id(blog) if blog in (GARDEN, WORKSHOP) else blog
        db.session.remove()
    client = sign_in(app, who)
    sent = {"csrf_token": token_in(client.get(PAGE)), "blog": number, **form}
    return client.post(PAGE, data=sent).status_code


def hold(app: Flask) -> None:
    with app.app_context():
        make_comment(state=State.HELD, created_at=clock.now())
        db.session.remove()


def test_the_page_lists_ones_own_blogs(app: Flask) -> None:
    page = sign_in(app, "mira").get(PAGE).text
    assert "Garden" in page
    assert "Workshop" not in page


def test_whoever_moderates_nothing_has_no_such_page(app: Flask) -> None:
    assert sign_in(app, "bo").get(PAGE).status_code == 404


def test_a_digest_can_be_stopped_and_had_again(
    app: Flask, digest: Any, at: Any, outbox: Mailbox
) -> None:
    assert choose(app, "mira", blog=GARDEN) == 303
    assert "Send it again" in sign_in(app, "mira").get(PAGE).text
    hold(app)
    assert digest() == 0
    assert choose(app, "mira", blog=GARDEN) == 303
    assert choose(app, "mira", blog=GARDEN, wanted="yes") == 303
    at(120)
    hold(app)
    assert digest() == 1


@pytest.mark.parametrize("blog", [WORKSHOP, 99, "x", ""])
def test_nobody_chooses_for_a_blog_that_is_not_theirs(app: Flask, blog: Any) -> None:
    assert choose(app, "mira", blog=blog) == 404


def test_nothing_is_chosen_without_the_forms_token(app: Flask) -> None:
    client = sign_in(app, "mira")
    assert client.post(PAGE, data={"blog": 1}).status_code == 403
    assert "Send it again" not in client.get(PAGE).text
