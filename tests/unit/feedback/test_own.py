"""The private page: what became of it, and every act behind one link, without login."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.feedback.answering import answer_officially
from app.feedback.asking import ask_permission
from app.feedback.models import Feedback, State
from app.feedback.records import Answer, Ask, Credit, Grant, Reply, Wording
from app.feedback.seals import hash_of
from tests.factories import publish_feedback
from tests.mailbox import Mailbox
from tests.unit.feedback.conftest import OURS, Own

pytestmark = pytest.mark.database


@pytest.fixture
def public(app: Flask, stored: Any, proved: dict[str, Any]) -> int:
    """A feedback of Bo's that is public under his first name, and on the home page."""
    number = int(stored(text="It just works.", **proved).id)
    with app.app_context():
        feedback = db.session.get_one(Feedback, number)
        publish_feedback(feedback, credit=Credit.FIRST, on_home=True)
        db.session.remove()
    return number


def places(client: FlaskClient, number: int) -> list[str]:
    """Everywhere the words could be read now."""
    addresses = ("/feedback/", f"/feedback/{number}/", "/feedback/feed.xml", "/feedback/feed.json")
    more = ("/", "/search/?q=works", "/feedback/praise/", "/sitemap.xml")
    return [
        address
        for address in (*addresses, *more)
        if "It just works." in (page := client.get(address)).text
        or (page.status_code == 200 and f"/feedback/{number}/" in page.text)
    ]


def act(client: FlaskClient, address: str, **fields: str) -> Any:
    return client.post(address, data=fields, headers=OURS)


def test_a_public_feedback_says_so_and_what_was_agreed_to(
    client: FlaskClient, own: Own, public: int
) -> None:
    page = client.get(own(public)).text
    assert "<h1>Public</h1>" in page
    assert "The home page may quote it." in page
    assert f"Receipt number {public}" in page


def test_asking_before_taking_back_changes_nothing(
    client: FlaskClient, own: Own, public: int
) -> None:
    before = places(client, public)
    page = client.get(own(public) + "withdraw/").text
    assert "Opening this page has changed nothing." in page
    assert places(client, public) == before != []


def test_taken_back_it_is_gone_from_everywhere_on_the_next_request(
    client: FlaskClient, own: Own, public: int
) -> None:
    address = own(public)
    for _ in range(2):
        assert act(client, address + "withdraw/").location == address
        assert places(client, public) == []
        gone = client.get(f"/feedback/{public}/")
        assert (gone.status_code, "<bdi>Bo" in gone.text) == (410, False)
    assert "Nothing is public" in client.get(address + "withdraw/").text


def test_the_receipt_is_a_file_with_a_signature(
    app: Flask, client: FlaskClient, own: Own, public: int, tmp_path: Any
) -> None:
    answer = client.get(own(public) + "receipt.json")
    assert 'filename="receipt-1.json"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    receipt = answer.json
    assert receipt["agreed"]["text_sha256"] == hash_of("It just works.").hex()
    assert "bo@" not in answer.text
    file = tmp_path / "receipt.json"
    file.write_bytes(answer.data)
    command = ["feedback", "verify", "--receipt", str(file)]
    assert app.test_cli_runner().invoke(args=command).exit_code == 0


def test_a_receipt_before_any_agreement_says_that_there_is_none(
    client: FlaskClient, stored: Any, own: Own
) -> None:
    stored()
    assert client.get(own(1) + "receipt.json").json["agreed"] is None


def test_everything_can_be_taken_along(
    app: Flask, client: FlaskClient, own: Own, public: int
) -> None:
    with app.app_context():
        answer_officially(public, "Thank you.", by=None)
        db.session.remove()
    copy = client.get(own(public) + "everything.json").json
    assert (copy["text"], copy["name"], copy["email"]) == (
        "It just works.",
        "Bo Berg",
        "b•••@e•••.org",
    )
    assert [grant["signed_as"] for grant in copy["grants"]] == ["Bo"]
    assert [said["text"] for said in copy["answers"]] == ["Thank you."]
    assert json.dumps(copy).count("203.0.113.7") == 0


def test_an_official_answer_is_told_and_can_be_answered_once(
    app: Flask, client: FlaskClient, own: Own, public: int, outbox: Mailbox
) -> None:
    with app.app_context():
        answer_officially(public, "Thank you. *Really.*", by=None)
        db.session.remove()
    assert "An answer to your feedback" in outbox[-1]["Subject"]
    assert "Thank you" not in str(outbox[-1])
    address = own(public)
    assert "<em>Really.</em>" in client.get(address).text
    assert act(client, address + "answer/", text=" ").status_code == 422
    assert act(client, address + "answer/", text="You are welcome.").status_code == 303
    assert act(client, address + "answer/", text="You are welcome.").status_code == 303
    again = act(client, address + "answer/", text="And another thing.")
    assert again.status_code == 409
    assert "And another thing." in again.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 2
    assert "You are welcome." not in client.get("/feedback/").text


def test_nothing_is_answered_that_nobody_said(client: FlaskClient, stored: Any, own: Own) -> None:
    stored()
    assert act(client, own(1) + "answer/", text="Hello?").status_code == 409


def test_a_question_can_be_declined(
    app: Flask, client: FlaskClient, stored: Any, own: Own, proved: dict[str, Any]
) -> None:
    stored(**proved)
    with app.app_context():
        ask_permission(1, by=None)
        db.session.remove()
    assert "We have a question" in client.get(own(1)).text
    for _ in range(2):
        assert act(client, own(1) + "decline/").status_code == 303
    assert "We have a question" not in client.get(own(1)).text
    with app.app_context():
        assert db.session.scalar(sa.select(Ask.reply)) is Reply.DECLINED


def test_erased_it_leaves_nothing_but_fingerprints(
    app: Flask, client: FlaskClient, own: Own, public: int
) -> None:
    address = own(public)
    assert "Nobody can bring them back" in client.get(address + "erase/").text
    for _ in range(2):
        assert act(client, address + "erase/").status_code == 303
    assert places(client, public) == []
    assert client.get(f"/feedback/{public}/").status_code == 410
    page = client.get(address)
    assert "Erased" in page.text
    assert "It just works." not in page.text
    for name in ("receipt.json", "everything.json", "publish/"):
        assert client.get(address + name).status_code == 404
    with app.app_context():
        feedback = db.session.get_one(Feedback, public)
        assert feedback.state is State.REMOVED
        assert (feedback.text, feedback.html, feedback.sender_name) == ("", "", None)
        assert (feedback.sender_email, feedback.sender_email_lookup) == (None, None)
        assert (feedback.sender_ip, feedback.sender_ip_lookup) == (None, None)
        wording = db.session.scalars(sa.select(Wording)).one()
        assert (wording.text, wording.html) == ("", "")
        assert wording.text_hash == hash_of("It just works.")
        assert list(db.session.scalars(sa.select(Grant.credit_line))) == [""]


def test_a_stranger_finds_no_private_page(client: FlaskClient, read: Any) -> None:
    read()
    for token in ("none", "a" * 43, "…"):
        assert client.get(f"/feedback/mine/{token}/").status_code == 404


def test_no_private_page_may_be_found_by_search_or_kept(
    client: FlaskClient, own: Own, public: int
) -> None:
    address = own(public)
    for name in ("", "publish/", "withdraw/", "erase/"):
        page = client.get(address + name)
        assert page.headers["Cache-Control"] == "no-store"
        assert 'name="robots" content="noindex"' in page.text


def test_the_private_page_takes_few_statements(
    client: FlaskClient, own: Own, public: int, statements: list[str]
) -> None:
    address = own(public)
    client.get(address)
    statements.clear()
    client.get(address)
    assert len([each for each in statements if each.startswith("SELECT")]) <= 9
