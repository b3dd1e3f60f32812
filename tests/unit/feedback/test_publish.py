"""The second act: its sender sees the very card, chooses, agrees; nothing is ticked before."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.database import db
from app.feedback.approving import approve
from app.feedback.asking import propose
from app.feedback.models import Feedback, State
from app.feedback.records import Ask, Credit, Grant, Reply, Wording
from app.feedback.seals import hash_of
from tests.unit.feedback.conftest import OURS, Own

pytestmark = pytest.mark.database

_CARD = re.compile(r'<article class="quote".*?</article>', re.DOTALL)
_SEEN = re.compile(r'name="seen" value="([^"]+)"')


@pytest.fixture
def agree(client: FlaskClient, own: Own) -> Callable[..., TestResponse]:
    """A function that fills the second form in as its sender does, and presses the button."""

    def agree(number: int = 1, **fields: str) -> TestResponse:
        page = own(number) + "publish/"
        chosen = {"credit": "anonymous", "on_wall": "y", "text": text_in(client.get(page).text)}
        given = chosen | fields
        shown = client.post(page, data=given | {"preview": "1"}, headers=OURS)
        seen = {"seen": _SEEN.search(shown.text)[1]} if shown.status_code == 200 else {}  # type: ignore[index]
        return client.post(page, data=seen | given, headers=OURS)

    return agree


def text_in(page: str) -> str:
    found = re.search(r'<textarea[^>]*name="text"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
    assert found, page
    return found[1]


def card_in(page: str) -> str:
    found = _CARD.findall(page)
    assert len(found) == 1, page
    return found[0]


def grants(app: Flask) -> list[Grant]:
    with app.app_context():
        found = list(db.session.scalars(sa.select(Grant).order_by(Grant.id)))
        db.session.expunge_all()
        db.session.remove()
    return found


def test_nothing_is_ticked_or_chosen_beforehand(client: FlaskClient, stored: Any, own: Own) -> None:
    stored()
    page = client.get(own(1) + "publish/").text
    main = page.partition("<main")[2].partition("</main>")[0]
    assert " checked" not in main
    choices = re.findall(r'name="credit"[^>]*value="([a-z]+)"', main)
    assert choices[0] == "anonymous"
    assert set(choices) == {credit.value for credit in Credit}


def test_agreeing_leads_to_the_receipt_and_publishes_nothing_yet(
    app: Flask, client: FlaskClient, stored: Any, own: Own, agree: Any
) -> None:
    stored()
    assert agree().location == own(1)
    page = client.get(own(1)).text
    assert "Waiting for an administrator" in page
    (grant,) = grants(app)
    assert grant.sentence in page
    assert "It just works." not in client.get("/feedback/").text


@pytest.mark.parametrize(
    ("credit", "shown"),
    [
        ("anonymous", "Anonymous"),
        ("first", "Bo"),
        ("full", "Bo Berg"),
        ("initials", "B. B."),
        ("role", "Gardener"),
    ],
)
def test_the_card_shown_before_is_byte_for_byte_the_one_on_the_wall(
    app: Flask, client: FlaskClient, stored: Any, own: Own, agree: Any, *, credit: str, shown: str
) -> None:
    stored(text="It *just* works. 5 > 4 & <b>so</b> on")
    fields = {"credit": credit, "name": "Bo Berg", "role": "Gardener", "preview": "1"}
    text = {"text": "It *just* works. 5 > 4 & <b>so</b> on"}
    preview = client.post(own(1) + "publish/", data=fields | text, headers=OURS)
    agree(**{name: fields[name] for name in ("credit", "name", "role")} | text)
    with app.app_context():
        approve(1, hash_of(text["text"]), by=None)
        db.session.remove()
    cards = {
        card_in(client.get(address).text) for address in ("/feedback/", "/feedback/1/", own(1))
    }
    assert cards == {card_in(preview.text)}
    assert f"<bdi>{shown}</bdi>" in card_in(preview.text)


def test_without_the_tick_nothing_is_agreed_to(app: Flask, stored: Any, agree: Any) -> None:
    stored()
    answer = agree(on_wall="")
    assert answer.status_code == 422
    assert "Tick that you agree." in answer.text
    assert grants(app) == []


def test_without_a_choice_of_credit_nothing_is_agreed_to(
    app: Flask, client: FlaskClient, stored: Any, own: Own
) -> None:
    stored()
    answer = client.post(
        own(1) + "publish/", data={"text": "It just works.", "on_wall": "y"}, headers=OURS
    )
    assert answer.status_code == 422
    assert "Choose how it is signed." in answer.text
    assert grants(app) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"credit": "first", "name": ""}, "write your name below"),
        ({"credit": "role", "role": ""}, "write what you do below"),
        ({"credit": "full", "name": "bo@example.org"}, "without an email address or number"),
        ({"credit": "role", "role": "Call +41 44 668 18 00"}, "without an email address or number"),
    ],
)
def test_a_signature_needs_what_it_is_made_of_and_no_more(
    app: Flask, stored: Any, agree: Any, fields: dict[str, str], sentence: str
) -> None:
    stored()
    answer = agree(**fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "It just works." in answer.text
    assert grants(app) == []


def test_a_card_that_changed_since_it_was_shown_is_shown_again(
    app: Flask, client: FlaskClient, stored: Any, own: Own
) -> None:
    stored()
    fields = {"text": "It just works.", "credit": "full", "name": "Bo Berg", "on_wall": "y"}
    first = _SEEN.search(client.get(own(1) + "publish/").text)
    assert first
    answer = client.post(own(1) + "publish/", data=fields | {"seen": first[1]}, headers=OURS)
    assert answer.status_code == 200
    assert "The card is another now" in answer.text
    assert "<bdi>Bo Berg</bdi>" in card_in(answer.text)
    assert grants(app) == []


def test_what_looks_personal_is_marked_and_blocks_until_it_is_dealt_with(
    app: Flask, client: FlaskClient, stored: Any, own: Own, agree: Any
) -> None:
    text = "Write to bo@example.org, please."
    stored(text=text)
    page = client.get(own(1) + "publish/").text
    assert "This looks personal" in page
    assert agree(text=text).status_code == 422
    assert grants(app) == []
    masked = client.post(
        own(1) + "publish/", data={"text": text, "mask": "all", "credit": "first"}, headers=OURS
    )
    assert text_in(masked.text) == "Write to █████, please."
    assert agree(text="Write to █████, please.").status_code == 303


def test_what_looks_personal_may_be_meant(app: Flask, stored: Any, agree: Any) -> None:
    stored(text="Write to info@example.org, please.")
    assert agree(text="Write to info@example.org, please.", leaks_are_meant="y").status_code == 303
    assert len(grants(app)) == 1


def test_the_home_page_is_a_choice_of_its_own(app: Flask, stored: Any, agree: Any) -> None:
    stored()
    agree()
    agree(on_home="y")
    assert [grant.on_home for grant in grants(app)] == [False, True]


def test_the_page_says_what_is_never_public(client: FlaskClient, stored: Any, own: Own) -> None:
    stored()
    assert "Never public: your email, your network address" in client.get(own(1) + "publish/").text


def test_other_words_of_its_sender_are_what_is_granted(
    app: Flask, client: FlaskClient, stored: Any, agree: Any
) -> None:
    stored(text="It just works. My boss hates it.")
    agree(text="It just works.")
    assert grants(app)[0].text_hash == hash_of("It just works.")


def test_proposed_words_are_shown_as_changes_and_can_be_agreed_to(
    app: Flask, client: FlaskClient, stored: Any, own: Own, agree: Any, proved: dict[str, Any]
) -> None:
    stored(text="It just works, mostly.", **proved)
    with app.app_context():
        propose(1, "It works, mostly.", by=None)
        db.session.remove()
    assert "We have a question" in client.get(own(1)).text
    page = client.get(own(1) + "publish/").text
    assert re.search(r"<del>.*just", page)
    assert text_in(page) == "It works, mostly."
    agree(text="It works, mostly.")
    with app.app_context():
        assert db.session.scalar(sa.select(Ask.reply)) is Reply.AGREED
        assert {w.text for w in db.session.scalars(sa.select(Wording))} == {
            "It just works, mostly.",
            "It works, mostly.",
        }


@pytest.mark.parametrize("state", [State.DECLINED, State.SPAM])
def test_what_was_decided_against_is_not_granted(
    app: Flask, stored: Any, agree: Any, state: State
) -> None:
    stored(state=state)
    assert agree().status_code == 409
    assert grants(app) == []


def test_nobody_publishes_for_another(app: Flask, client: FlaskClient, stored: Any) -> None:
    stored()
    assert client.get("/feedback/mine/none/publish/").status_code == 404
    answer = client.post("/feedback/mine/none/publish/", data={"on_wall": "y"}, headers=OURS)
    assert answer.status_code == 404


def test_another_site_publishes_nothing(
    app: Flask, client: FlaskClient, stored: Any, own: Own
) -> None:
    stored()
    fields = {"text": "It just works.", "credit": "anonymous", "on_wall": "y"}
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://example.net"}
    assert client.post(own(1) + "publish/", data=fields, headers=headers).status_code == 403
    assert grants(app) == []


def test_a_feedback_that_is_gone_has_no_second_act(
    app: Flask, client: FlaskClient, stored: Any, own: Own
) -> None:
    stored()
    address = own(1)
    client.post(address + "erase/", headers=OURS)
    assert client.get(address + "publish/").status_code == 404
    with app.app_context():
        assert db.session.scalar(sa.select(Feedback.state)) is State.REMOVED
