"""An administrator approves exactly what the sender agreed to, and nothing becomes public else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.feedback.credits import signature
from app.feedback.granting import Terms, let_be_public, withdraw
from app.feedback.models import Kind, State
from app.feedback.records import Credit
from app.moderation import notes_of
from tests.factories import make_feedback
from tests.unit.feedback.desk.conftest import LIST, fields_of, item, mark_in, press, send

pytestmark = pytest.mark.database

ANONYMOUS = Terms(signature=signature(Credit.ANONYMOUS))
FULL = Terms(signature=signature(Credit.FULL, name="Bo Berg"))


def agreed(app: Flask, text: str = "It just works.", **values: object) -> int:
    """A feedback whose sender lets it be public."""
    with app.app_context():
        number = make_feedback(text=text, **values).id  # type: ignore[arg-type]
        let_be_public(number, ANONYMOUS)
        db.session.remove()
    return number


def approve(client: FlaskClient, number: int, **more: str) -> object:
    """Press the button under the card."""
    page = client.get(f"{LIST}{number}/")
    fields = {"mark": mark_in(page, number), "words": fields_of(page, "words")[0]} | more
    return send(client, f"{LIST}{number}/approve/", page, **fields)


def is_public(app: Flask, number: int) -> bool:
    return app.test_client().get(f"/feedback/{number}/").status_code == 200


def test_what_is_agreed_to_waits_first_in_the_list(room: Flask, fay: FlaskClient) -> None:
    with room.app_context():
        make_feedback(text="Held since long.", state=State.HELD)
    number = agreed(room, "Agreed to.")
    page = fay.get(LIST).text
    assert page.index("Agreed to.") < page.index("Held since long.")
    assert f'href="{number}/#public"' in page


def test_the_page_shows_the_card_that_will_be_public(room: Flask, fay: FlaskClient) -> None:
    number = agreed(room)
    before = fay.get(f"{LIST}{number}/").text
    approve(fay, number)
    public = room.test_client().get(f"/feedback/{number}/").text
    card = before[before.index('<article class="quote"') : before.index("</article>")]
    assert card in public


def test_nothing_is_public_without_the_senders_word(room: Flask, fay: FlaskClient) -> None:
    with room.app_context():
        number = make_feedback().id
    page = fay.get(f"{LIST}{number}/")
    assert "Its sender has not agreed to publish it" in page.text
    assert "Approve exactly this" not in page.text
    words = "0" * 64 + ".1"
    fields = {"mark": f"{number}.0", "words": words}
    assert send(fay, f"{LIST}{number}/approve/", page, **fields).status_code == 409
    assert not is_public(room, number)


def test_one_press_publishes_exactly_these_words(room: Flask, fay: FlaskClient) -> None:
    number = agreed(room)
    answer = approve(fay, number)
    assert answer.status_code == 303  # type: ignore[attr-defined]
    assert is_public(room, number)
    assert "Public now" in fay.get(f"{LIST}{number}/").text
    assert item(room, number).state is State.OPEN
    assert ">1</b>" in fay.get(f"{LIST}?list=public").text


def test_when_the_sender_changed_how_meanwhile_nothing_is_published(
    room: Flask, fay: FlaskClient
) -> None:
    number = agreed(room)
    page = fay.get(f"{LIST}{number}/")
    fields = {"mark": mark_in(page, number), "words": fields_of(page, "words")[0]}
    with room.app_context():
        let_be_public(number, FULL)
        db.session.remove()
    answer = send(fay, f"{LIST}{number}/approve/", page, **fields)
    assert answer.status_code == 409
    assert "The sender has changed this meanwhile" in answer.text
    assert not is_public(room, number)


def test_when_the_sender_took_the_word_back_nothing_is_published(
    room: Flask, fay: FlaskClient
) -> None:
    number = agreed(room)
    page = fay.get(f"{LIST}{number}/")
    fields = {"mark": mark_in(page, number), "words": fields_of(page, "words")[0]}
    with room.app_context():
        withdraw(number)
        db.session.remove()
    assert send(fay, f"{LIST}{number}/approve/", page, **fields).status_code == 409
    assert not is_public(room, number)


def test_a_moderator_approves_nothing(room: Flask, finn: FlaskClient, fay: FlaskClient) -> None:
    number = agreed(room)
    page = fay.get(f"{LIST}{number}/")
    fields = {"mark": mark_in(page, number), "words": fields_of(page, "words")[0]}
    own = finn.get(f"{LIST}{number}/")
    assert "Approve exactly this" not in own.text
    assert send(finn, f"{LIST}{number}/approve/", own, **fields).status_code == 404
    assert not is_public(room, number)


def test_what_looks_personal_is_answered_for_or_not_published(
    room: Flask, fay: FlaskClient
) -> None:
    number = agreed(room, "Write to bo@example.org for more.")
    answer = approve(fay, number)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert not is_public(room, number)
    page = fay.get(f"{LIST}{number}/")
    (field,) = {name for name in fields_names(page.text) if name.startswith("why-")}
    approve(fay, number, **{field: "It is the address of our fair."})
    assert is_public(room, number)
    with room.app_context():
        notes = [note.text for note in notes_of(item(room, number).uid)]
    assert notes == [
        "Public although it looks like an email address: It is the address of our fair."
    ]


def test_taking_it_down_works_at_once_and_leaves_the_senders_word(
    room: Flask, fay: FlaskClient
) -> None:
    number = agreed(room)
    approve(fay, number)
    page = fay.get(f"{LIST}{number}/")
    answer = send(fay, f"{LIST}{number}/take-down/", page, mark=mark_in(page, number))
    assert answer.status_code == 303
    assert room.test_client().get(f"/feedback/{number}/").status_code == 410
    page = fay.get(f"{LIST}{number}/")
    assert "Agreed to, not approved" in page.text
    assert page.text.index("That approval ended") < page.text.index("Approved by fay")
    approve(fay, number)
    assert is_public(room, number)


def test_what_is_public_cannot_be_declined_before_it_is_taken_down(
    room: Flask, fay: FlaskClient
) -> None:
    number = agreed(room)
    approve(fay, number)
    page = fay.get(f"{LIST}?list=public")
    do = f"decline.{mark_in(page, number)}"
    assert send(fay, f"{LIST}decide/", page, do=do).status_code == 409
    assert is_public(room, number)


def test_a_message_to_the_site_cannot_become_public(room: Flask, fay: FlaskClient) -> None:
    with room.app_context():
        number = make_feedback(kind=Kind.MESSAGE).id
    assert "It cannot become public" in fay.get(f"{LIST}{number}/").text


def test_a_declined_one_is_no_longer_offered(room: Flask, fay: FlaskClient) -> None:
    number = agreed(room)
    press(fay, "decline", number)
    page = fay.get(f"{LIST}{number}/").text
    assert "Approve exactly this" not in page
    assert not is_public(room, number)


def fields_names(page: str) -> list[str]:
    """The names of all fields of a page."""
    return [part.split('"')[0] for part in page.split('name="')[1:]]
