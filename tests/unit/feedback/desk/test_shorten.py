"""Administrators cut with visible marks or black out; the server takes nothing else."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.feedback.desk.moderated import items
from app.feedback.redaction import CUT
from app.moderation import BLACK
from tests.factories import make_feedback
from tests.unit.feedback.desk.conftest import LIST, fields_of, item, mark_in, send
from tests.unit.feedback.desk.test_approve import agreed, approve, is_public

pytestmark = pytest.mark.database

TEXT = "Bo here. The gate is fine. Call me at +49 30 901820."


@pytest.fixture
def number(room: Flask) -> int:
    """One whose sender lets it be public, with a phone number in it."""
    return agreed(room, TEXT)


def shorten(client: FlaskClient, number: int, text: str, **more: Any) -> TestResponse:
    """Send the page for shortening with a text in its field."""
    address = f"{LIST}{number}/shorten/"
    page = client.get(address)
    fields = {"words": fields_of(page, "words")[0], "drawn": TEXT, "text": text, "do": "keep"}
    return send(client, address, page, **fields | more)


def draft_of(page: TestResponse) -> str:
    """What stands in the field of the page."""
    field = page.text[page.text.index("<textarea") :]
    return field[field.index(">") + 1 : field.index("</textarea>")].strip()


def approve_shortened(client: FlaskClient, number: int) -> TestResponse:
    """Approve the shortened wording, which stands below the granted one."""
    page = client.get(f"{LIST}{number}/")
    fields = {"mark": mark_in(page, number), "words": fields_of(page, "words")[-1]}
    return send(client, f"{LIST}{number}/approve/", page, **fields)


def test_ticked_sentences_are_cut_with_a_visible_mark(number: int, fay: FlaskClient) -> None:
    page = fay.get(f"{LIST}{number}/shorten/")
    spans = fields_of(page, "cut")
    assert next(TEXT[slice(*map(int, span.split("-")))] for span in spans) == "Bo here."
    answer = shorten(fay, number, TEXT, do="cut", cut=[spans[0]])
    assert draft_of(answer) == f"{CUT} The gate is fine. Call me at +49 30 901820."


def test_what_looks_personal_is_blacked_out_with_one_button(number: int, fay: FlaskClient) -> None:
    page = fay.get(f"{LIST}{number}/shorten/")
    (mask,) = fields_of(page, "mask")
    answer = shorten(fay, number, TEXT, mask=mask, do="")
    assert draft_of(answer) == f"Bo here. The gate is fine. Call me at {BLACK}."


def test_a_shortened_wording_is_public_once_it_is_approved_and_the_rest_is_nowhere(
    room: Flask, number: int, fay: FlaskClient
) -> None:
    short = f"{CUT} The gate is fine. Call me at {BLACK}."
    assert shorten(fay, number, short).status_code == 303
    assert not is_public(room, number)
    assert approve_shortened(fay, number).status_code == 303
    public = room.test_client()
    for address in (f"/feedback/{number}/", "/feedback/", "/feedback/feed.xml"):
        page = public.get(address).text
        assert "The gate is fine." in page, address
        assert "901820" not in page, address
        assert "Bo here" not in page, address
    assert "shortened" in public.get(f"/feedback/{number}/").text


@pytest.mark.parametrize(
    "text",
    [
        "The gate is great.",
        "Bo here. The gate is fine.",
        f"{CUT} The gate is very fine. {CUT}",
        TEXT,
        CUT,
        "",
    ],
)
def test_any_other_words_are_refused_and_come_back(
    room: Flask, number: int, fay: FlaskClient, text: str
) -> None:
    answer = shorten(fay, number, text)
    assert answer.status_code == 422
    assert "That changes the words" in answer.text
    assert draft_of(answer) == text
    assert "Shortened, not approved" not in fay.get(f"{LIST}{number}/").text


def test_a_shortened_wording_can_be_shortened_further(
    room: Flask, number: int, fay: FlaskClient
) -> None:
    shorten(fay, number, f"Bo here. The gate is fine. {CUT}")
    approve_shortened(fay, number)
    page = fay.get(f"{LIST}{number}/shorten/")
    assert draft_of(page) == f"Bo here. The gate is fine. {CUT}"
    shorten(fay, number, f"{CUT} The gate is fine. {CUT}", drawn="")
    approve_shortened(fay, number)
    public = room.test_client().get(f"/feedback/{number}/").text
    assert "The gate is fine." in public
    assert "Bo here" not in public


def test_moderators_of_the_room_read_what_is_public_and_no_longer_what_was_cut(
    room: Flask, number: int, fay: FlaskClient, finn: FlaskClient
) -> None:
    assert "Bo here" in finn.get(f"{LIST}{number}/").text
    shorten(fay, number, f"{CUT} The gate is fine. {CUT}")
    approve_shortened(fay, number)
    for address in (f"{LIST}{number}/", f"{LIST}?list=public"):
        assert "Bo here" not in finn.get(address).text
        assert "The gate is fine." in finn.get(address).text
        assert "Bo here" in fay.get(address).text
    with room.test_request_context():
        line = next(iter(items([item(room, number).uid]).values()))
    assert line.excerpt == f"{CUT} The gate is fine. {CUT}"
    assert 'class="item"' not in finn.get(f"{LIST}?list=public&text=Bo+here").text


def test_without_a_word_of_the_sender_there_is_nothing_to_shorten(
    room: Flask, fay: FlaskClient
) -> None:
    with room.app_context():
        number = make_feedback().id
    assert fay.get(f"{LIST}{number}/shorten/").status_code == 404


def test_a_moderator_shortens_nothing(number: int, finn: FlaskClient) -> None:
    assert finn.get(f"{LIST}{number}/shorten/").status_code == 404


def test_the_whole_text_can_still_be_approved_beside_the_short_one(
    room: Flask, fay: FlaskClient
) -> None:
    number = agreed(room, "One. Two.")
    address = f"{LIST}{number}/shorten/"
    page = fay.get(address)
    fields = {"words": fields_of(page, "words")[0], "text": "One. […]", "do": "keep"}
    send(fay, address, page, **fields)
    approve(fay, number)
    assert "Two." in room.test_client().get(f"/feedback/{number}/").text
