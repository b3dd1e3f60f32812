"""Correcting the name over what one wrote, everywhere at once and nowhere else."""

from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment
from app.core.database import db
from app.feedback.models import Feedback
from app.rights.wishes import Wish
from tests.people import make_member, token_in
from tests.unit.rights.conftest import LinkFor, words


def names(app: Flask) -> list[str | None]:
    with app.app_context():
        said = db.session.scalars(sa.select(Comment.author_name).order_by(Comment.id)).all()
        return [*said, *db.session.scalars(sa.select(Feedback.sender_name))]


def test_one_name_takes_the_place_of_all(
    app: Flask, client: FlaskClient, link_for: LinkFor, press: Any
) -> None:
    link = link_for(Wish.CORRECT)
    assert "“Bo” , “Bo Berg”" in words(client.get(link))
    told = words(press(link, name="  Beau\u202e Berg "))
    assert "stands in 3 places" in told
    assert names(app) == ["Beau Berg", "Beau Berg", "Ada", "Beau Berg"]
    assert "Beau Berg" in client.get("/garden/tulips/").text
    assert press(link, name="Bo").status_code == 410


def test_a_name_that_is_none_comes_back_and_the_link_stays(
    app: Flask, client: FlaskClient, link_for: LinkFor, press: Any
) -> None:
    link = link_for(Wish.CORRECT)
    for wrong in ("", "\u200b", "x" * 81, "https://example.com/cheap"):
        page = press(link, name=wrong)
        assert page.status_code == 422
        assert 'id="problems"' in page.text
        assert client.get(link).status_code == 200
    assert names(app) == ["Bo", "Bo", "Ada", "Bo Berg"]


def test_members_correct_it_at_once(app: Flask, said: None, signed_in: Any) -> None:
    with app.app_context():
        make_member("bo")
        db.session.remove()
    bo, page = signed_in("bo"), "/account/privacy/correct/"
    data = {"csrf_token": token_in(bo.get(page)), "name": "Beau"}
    assert bo.post(page, data=data).status_code == 303
    assert names(app) == ["Beau", "Beau", "Ada", "Beau"]
