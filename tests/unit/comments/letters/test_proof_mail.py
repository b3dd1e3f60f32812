"""Proving an address: one mail with nothing in it that a stranger typed, and one button."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.blog import Post
from app.comments import Comment
from app.comments.posting import Draft, post_comment
from app.core.database import db
from tests.mailbox import Mailbox, html_of, links_in, text_of

pytestmark = pytest.mark.database

HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def say(app: Flask) -> Any:
    """A function that posts a comment."""

    def say(
        text: str = "Tulips at last.",
        *,
        email: str | None = "bo@example.org",
        name: str = "Bo",
        slug: str = "tulips",
        **more: Any,
    ) -> None:
        with app.app_context():
            post = db.session.scalars(sa.select(Post).where(Post.slug == slug)).one()
            post_comment(post, Draft(name, email, text, **more), "203.0.113.7")

    return say


def proved(app: Flask) -> list[bool]:
    """Of each comment, in their order, whether its address is proved."""
    with app.app_context():
        found = db.session.scalars(sa.select(Comment.proved_at).order_by(Comment.id))
        return [moment is not None for moment in found]


def path_in(outbox: Mailbox) -> str:
    """The path of the link to confirm."""
    return links_in(outbox[0])[0].removeprefix("http://127.0.0.1:8000")


def test_a_first_comment_asks_its_address(say: Any, outbox: Mailbox) -> None:
    say()
    (letter,) = outbox
    assert letter["To"] == "bo@example.org"
    assert letter["Subject"] == "Confirm your address for Garden"
    assert "/comments/proof/" in links_in(letter)[0]


def test_the_mail_holds_nothing_that_its_sender_typed(say: Any, outbox: Mailbox) -> None:
    say("Buy at http://spam.example.org", name="Cheap bulbs")
    letter = outbox[0]
    for part in (letter["Subject"], text_of(letter), html_of(letter)):
        assert "spam" not in part
        assert "Cheap" not in part


def test_an_address_that_does_not_answer_is_not_asked_again(
    say: Any, outbox: Mailbox, at: Any
) -> None:
    say()
    say("Once more.")
    say("On another blog.", slug="saws")
    assert len(outbox) == 1
    at(60 * 24 * 30)
    say("A month later, in capitals.", email="BO@example.org")
    assert len(outbox) == 1


def test_a_comment_without_an_address_asks_nobody(say: Any, outbox: Mailbox) -> None:
    say(email=None)
    assert len(outbox) == 0


def test_looking_at_the_page_changes_nothing(
    app: Flask, say: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    say()
    for _ in range(3):
        page = client.get(path_in(outbox))
        assert page.status_code == 200
        assert "<form" in page.text
    client.head(path_in(outbox))
    assert proved(app) == [False]


def test_the_button_proves_every_comment_of_the_address_on_that_blog(
    app: Flask, say: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    say()
    say("Mine too.", email="Bo@example.org")
    say("Not mine.", email="cleo@example.org")
    say("Mine elsewhere.", slug="saws")
    answer = client.post(path_in(outbox), headers=HERE)
    assert answer.status_code == 303
    assert "is confirmed" in client.get(answer.location).text
    assert proved(app) == [True, True, False, False]


def test_pressing_twice_is_no_error(say: Any, outbox: Mailbox, client: FlaskClient) -> None:
    say()
    path = path_in(outbox)
    assert [client.post(path, headers=HERE).status_code for _ in range(2)] == [303, 303]


def test_what_a_proved_address_says_later_is_proved_and_not_asked(
    app: Flask, say: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    say()
    client.post(path_in(outbox), headers=HERE)
    say("Later.")
    assert proved(app) == [True, True]
    assert len(outbox) == 1


def test_an_address_proved_on_one_blog_is_asked_once_on_another(
    app: Flask, say: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    say()
    client.post(path_in(outbox), headers=HERE)
    say("Elsewhere.", slug="saws")
    say("Elsewhere again.", slug="saws")
    assert [letter["Subject"] for letter in outbox] == [
        "Confirm your address for Garden",
        "Confirm your address for Workshop",
    ]
    assert proved(app) == [True, False, False]


def test_a_link_ends_after_a_week(say: Any, outbox: Mailbox, client: FlaskClient, at: Any) -> None:
    say()
    path = path_in(outbox)
    at(60 * 24 * 8)
    page = client.get(path)
    assert page.status_code == 410
    assert "does not depend on it" in page.text
    assert client.post(path, headers=HERE).status_code == 410


@pytest.mark.parametrize("how", ["cut", "changed", "of another use", "no token", "strange"])
def test_a_link_that_is_not_ours_says_so(
    app: Flask, say: Any, outbox: Mailbox, client: FlaskClient, how: str
) -> None:
    say()
    path = path_in(outbox)
    token = path.split("/")[-2]
    swapped = ("B" if token[5] == "A" else "A").join((token[:5], token[6:]))
    path = {
        "cut": path.replace(token, token[:-4]),
        "changed": path.replace(token, swapped),
        "of another use": path.replace("proof", "replies"),
        "no token": "/comments/proof/x/",
        "strange": "/comments/proof/%F0%9F%8C%B7/",
    }[how]
    assert client.get(path).status_code == 410
    assert client.post(path, headers=HERE).status_code == 410
    assert proved(app) == [False]


def test_another_sites_page_cannot_press_the_button(
    app: Flask, say: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    say()
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.org"}
    assert client.post(path_in(outbox), headers=foreign).status_code == 403
    assert proved(app) == [False]


def test_the_page_is_kept_nowhere_and_sets_nothing(
    say: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    say()
    page = client.get(path_in(outbox))
    assert "no-store" in page.headers["Cache-Control"]
    assert "Set-Cookie" not in page.headers
    assert re.search("noindex", page.headers.get("X-Robots-Tag", "") + page.text)
