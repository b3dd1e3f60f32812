"""Only that blog's administrators can see a commenter's email and address: hunted everywhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment, State
from app.comments.digest import write_digests
from app.comments.placing import change_states
from app.comments.telling import tell_owed
from app.core import clock
from app.core.content import sync
from app.core.database import db, transaction
from tests.cast import GARDEN, WORKSHOP
from tests.crawl import crawl
from tests.folder import ContentFolder
from tests.mailbox import Mailbox
from tests.people import make_member, make_trusted, sign_in, token_in

EMAIL, ADDRESS = "canary.finch@example.org", "198.51.100.77"
#: Whole, in parts that no mask shows, and as other programs write them.
CANARIES = (
    EMAIL,
    "canary.finch",
    "canary%2Efinch",
    "canary.finch%40",
    ADDRESS,
    "113.77",
    "cb00714d",
)

POST = f"/{GARDEN}/tulips/"
_HIDDEN = re.compile(r'name="(stamp|check)"[^>]*value="([^"]*)"')


@pytest.fixture
def app(make_app: Any, content: ContentFolder) -> Flask:
    """A site with two blogs, each with an administrator, a moderator and the site's owner."""
    content.post("tulips")
    content.post("saws", blog=WORKSHOP)
    app: Flask = make_app(LIMITED=False)
    with app.app_context():
        sync()
        make_member("mira", role="administrator", blog=GARDEN)
        make_member("lena", role="moderator", blog=GARDEN)
        make_member("noor", role="administrator", blog=WORKSHOP)
        make_member("otto", owner=True)
        for username in ("mira", "noor", "otto"):
            make_trusted(username)
        db.session.remove()
    return app


@pytest.fixture
def comment_id(app: Flask) -> int:
    """A comment that Bo left through the real form, and that was shown."""
    bo = app.test_client()
    bo.environ_base |= {"REMOTE_ADDR": ADDRESS, "HTTP_SEC_FETCH_SITE": "same-origin"}
    words = {"name": "Bo", "email": EMAIL, "text": "Tulips like sun.", "wants_replies": "y"}
    page = bo.get(POST)
    for _attempt in range(2):
        if page.status_code == 303:
            break
        # Whoever is faster than a person is asked to look again.
        page = bo.post(f"{POST}comments", data=words | dict(_HIDDEN.findall(page.text)))
    assert page.status_code == 303, page.text
    with app.app_context():
        (number,) = db.session.scalars(db.select(Comment.id)).all()
        write_digests()
        with transaction() as session:
            change_states(session, {number: State.SHOWN}, at=clock.now())
        tell_owed()
        db.session.remove()
    return number


def hits(text: str | bytes) -> list[str]:
    """The canaries in a text."""
    raw = text.encode() if isinstance(text, str) else text
    return [canary for canary in CANARIES if canary.encode() in raw]


def private_pages(app: Flask, number: int) -> Iterator[str]:
    """Every private address that can be read, those of the comment among them."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.rule.startswith(("/admin/", "/account/")):
            continue
        if not rule.arguments:
            yield rule.rule
        elif set(rule.arguments) <= {"comment_id", "number", "id"} and "comments" in rule.rule:
            yield re.sub(r"<[^>]+>", str(number), rule.rule)
    yield from (f"/admin/comments/?q={word}" for word in (EMAIL[:6], "Tulips", ADDRESS[:7]))


def answers(app: Flask, client: FlaskClient, number: int) -> Iterator[tuple[str, str]]:
    """What a member gets at each of them, beside what they typed themselves."""
    for address in private_pages(app, number):
        answer = client.get(address)
        assert answer.status_code < 500, address
        yield address, answer.text


def test_no_public_page_feed_or_search_answer_has_them(app: Flask, comment_id: int) -> None:
    visited = crawl(app)
    assert "Tulips like sun." in visited[POST].answer.text
    for address, visit in visited.items():
        assert hits(visit.answer.data) == [], address
        assert hits(str(visit.answer.headers)) == [], address
    assert hits(app.test_client().get("/search/?q=finch").data) == []


@pytest.mark.parametrize("username", ["mira", "lena", "noor", "otto"])
def test_no_private_page_shows_them_unasked(app: Flask, comment_id: int, username: str) -> None:
    client = sign_in(app, username)
    for address, text in answers(app, client, comment_id):
        assert hits(text) == [], address


def test_masks_are_for_those_who_decide_and_parts_of_an_address_for_administrators(
    app: Flask, comment_id: int
) -> None:
    shown = {
        username: "".join(
            text for _address, text in answers(app, sign_in(app, username), comment_id)
        )
        for username in ("mira", "lena", "noor")
    }
    for mask, readers in (("c•••@e•••.org", {"mira", "lena"}), ("198.51.•.•", {"mira"})):
        assert {username for username, text in shown.items() if mask in text} == readers
    assert "198.51" not in shown["lena"].replace(f"q={ADDRESS[:7]}", "").replace(
        f'value="{ADDRESS[:7]}"', ""
    )


@pytest.mark.parametrize("username", ["lena", "noor", "otto"])
@pytest.mark.parametrize("field", ["email", "ip"])
def test_nobody_else_can_ask_for_them(
    app: Flask, comment_id: int, username: str, field: str
) -> None:
    client = sign_in(app, username)
    token = token_in(client.get("/account/"))
    answer = client.post(
        f"/admin/comments/{comment_id}/",
        data={"csrf_token": token, "field": field, "reason": "moderation"},
    )
    assert answer.status_code == 404
    assert hits(answer.data) == []


def test_an_administrator_of_the_blog_sees_one_once(app: Flask, comment_id: int) -> None:
    mira = sign_in(app, "mira")
    case = f"/admin/comments/{comment_id}/"
    token = token_in(mira.get(case))
    seen = mira.post(case, data={"csrf_token": token, "field": "email", "reason": "moderation"})
    assert EMAIL in seen.text
    assert ADDRESS not in seen.text
    assert "no-store" in seen.headers["Cache-Control"]
    assert hits(mira.get(case).data) == []


def test_no_mail_to_anybody_else_has_them(app: Flask, comment_id: int) -> None:
    messages = Mailbox(app).all()
    others = [message for message in messages if EMAIL not in str(message["To"])]
    assert others, "moderators are told"
    assert len(messages) > len(others), "its author is asked whether the address is theirs"
    for message in others:
        assert hits(message.as_bytes()) == [], message["Subject"]


def test_no_log_line_and_no_file_has_them(
    app: Flask, comment_id: int, capfd: pytest.CaptureFixture[str]
) -> None:
    folder: Path = app.config["INSTANCE"]
    assert hits("".join(capfd.readouterr())) == []
    for file in folder.rglob("*"):
        if file.is_file():
            assert hits(file.read_bytes()) == [], file
