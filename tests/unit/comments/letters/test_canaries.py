"""Nobody's address is in anybody else's mail, whatever kind it is (M5)."""

import itertools
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import viewer_for
from app.blog import Post
from app.comments import Comment
from app.comments.desk.acts import Act
from app.comments.desk.deciding import decide
from app.comments.posting import Draft, post_comment
from app.core import clock
from app.core.database import db, transaction
from app.desk import Mark
from tests.mailbox import Mailbox, html_of, text_of
from tests.people import make_member

pytestmark = pytest.mark.database

READERS = {
    "Bo": ("canary-bo@example.org", "203.0.113.71"),
    "Cleo": ("canary-cleo@example.org", "198.51.100.72"),
    "Dora": ("canary-dora@example.org", "2001:db8:7::73"),
}
MEMBERS = {"mira": "canary-mira@example.org", "noor": "canary-noor@example.org"}
#: Every kind of mail about comments.
KINDS = {"Confirm", "replied", "is published", "not published", "wait"}


def say(name: str, text: str, parent: int | None = None) -> int:
    email, ip = READERS[name]
    post = db.session.scalars(sa.select(Post).where(Post.slug == "tulips")).one()
    draft = Draft(name, email, text, wants_replies=True, parent_id=parent)
    return post_comment(post, draft, ip).id


def act(who: str, number: int, what: Act, told: str | None = None) -> None:
    revision = db.session.get_one(Comment, number).revision
    decide(viewer_for(make_member(who)), what, [Mark(number, revision)], told=told)


@pytest.fixture
def busy(app: Flask, at: Any, tell: Any, digest: Any, outbox: Mailbox) -> list[Any]:
    """All letters of a day on which everything happens that mail is written about."""
    with app.app_context():
        for name, email in MEMBERS.items():
            make_member(name, email, role="administrator", blog="garden")
        first = say("Bo", "Does anybody know when to plant them?")
        with transaction() as session:
            session.execute(sa.update(Comment).values(proved_at=clock.now()))
        act("mira", first, Act.APPROVE)
        at(1)
        reply = say("Cleo", "In October. Write to canary-dora@example.org, she knows.", first)
        act("noor", reply, Act.APPROVE)
        refused = say("Dora", "I do not.")
        act("mira", refused, Act.REJECT, told="This adds nothing.")
        say("Dora", "My address is 198.51.100.72, come over.")
        with transaction() as session:
            session.execute(sa.update(Comment).values(proved_at=clock.now()))
        db.session.remove()
    assert digest()
    at(30)
    assert tell()
    return outbox.all()


def test_every_kind_of_mail_was_written(busy: list[Any]) -> None:
    subjects = " / ".join(letter["Subject"] for letter in busy)
    assert {kind for kind in KINDS if kind in subjects} == KINDS


def test_no_letter_holds_what_is_not_its_readers(busy: list[Any]) -> None:
    secrets = {word for pair in READERS.values() for word in pair} | set(MEMBERS.values())
    found = []
    for letter in busy:
        headers = "\n".join(f"{name}: {value}" for name, value in letter.items())
        told = f"{headers}\n{text_of(letter)}\n{html_of(letter)}\n{letter.as_string()}"
        others = secrets - {letter["To"]}
        found += [(letter["Subject"], secret) for secret in others if secret in told]
    assert found == []


def test_one_letter_goes_to_one_reader(busy: list[Any]) -> None:
    for letter in busy:
        assert letter["To"].count("@") == 1
        assert letter["Cc"] is None
        assert letter["Bcc"] is None


def test_no_two_letters_share_an_id(busy: list[Any]) -> None:
    ids = [letter["Message-ID"] for letter in busy]
    assert all(first != second for first, second in itertools.combinations(ids, 2))


def test_a_comment_says_nothing_of_its_mail_to_others(app: Flask, busy: list[Any]) -> None:
    page = app.test_client().get("/garden/tulips/").text
    assert "In October." in page
    for email, ip in READERS.values():
        assert ip not in page
        # What Cleo typed into her public comment is Cleo's to say.
        assert email not in page or email == READERS["Dora"][0]
