"""Erasing in two steps: it says what goes and what stays, does it once, and forgets the address."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment
from app.core.database import db
from app.core.mail.outbox import OutgoingMail
from app.core.privacy import holds_anything, person_of
from app.rights.models import RightsLink
from app.rights.tidying import tidy
from app.rights.totals import tallies
from app.rights.wishes import Wish
from tests.mailbox import Mailbox, text_of
from tests.people import confirm_second_factor, make_member
from tests.unit.rights.conftest import ADA, BO, LinkFor, words

TULIPS = "/garden/tulips/"


def names(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Comment.author_name).order_by(Comment.id)))


def test_the_first_press_only_says_what_would_happen(
    app: Flask, client: FlaskClient, link_for: LinkFor, press: Any
) -> None:
    link = link_for(Wish.ERASE)
    assert press(link).status_code == 422
    assert press(link, scope="the moon").status_code == 422
    told = words(press(link, scope="everything"))
    assert "There is no undo" in told
    assert "Comments: 2" in told
    assert "Feedback and messages: 1" in told
    assert "Keyed hashes of your address, for 30 days" in told
    # A forged second step for another amount than the page has shown is a first one.
    assert "There is no undo" in words(press(link, scope="everything", sure="address"))
    assert client.get(link).status_code == 200
    assert "Bo’s tulips." in client.get(TULIPS).text


@pytest.mark.promise("erase-everywhere")
def test_everything_goes_at_once_and_the_page_says_what_stays(
    app: Flask, client: FlaskClient, link_for: LinkFor, press: Any, outbox: Mailbox
) -> None:
    link = link_for(Wish.ERASE)
    page = press(link, scope="everything", sure="everything")
    assert page.status_code == 200
    told = words(page)
    assert "It is erased" in told
    assert "Comments: 2" in told
    assert "keyed hashes of your address" in told.lower()
    assert "Backups hold it until" in told
    with app.app_context():
        assert not holds_anything(person_of(BO))
        assert holds_anything(person_of(ADA))
    shown = client.get(TULIPS).text
    assert "Bo’s" not in shown
    assert "Ada’s secret tulips." in shown
    assert press(link, scope="everything", sure="everything").status_code == 410
    last = outbox.to(BO)[-1]
    assert "This is the last mail to this address" in text_of(last)
    assert "Comments, 2" in text_of(last)
    assert ADA not in last.as_string()


def test_then_the_address_itself_is_forgotten(
    app: Flask, link_for: LinkFor, press: Any, outbox: Mailbox
) -> None:
    press(link_for(Wish.ERASE), scope="everything", sure="everything")
    assert len(outbox.to(BO)) >= 1
    with app.app_context():
        tidy()
        db.session.remove()
        left = db.session.scalars(
            sa.select(OutgoingMail.id).where(OutgoingMail.recipient.is_not(None))
        )
        assert list(left) == []
        assert db.session.scalar(sa.select(sa.func.count()).select_from(RightsLink)) == 0
        assert [(tally.what, tally.count) for tally in tallies()] == [("erasures", 1)]


def test_with_the_address_alone_the_words_stay_and_nobody_signs_them(
    app: Flask, client: FlaskClient, link_for: LinkFor, press: Any
) -> None:
    link = link_for(Wish.ERASE)
    assert "signed “Anonymous”" in words(press(link, scope="address"))
    press(link, scope="address", sure="address")
    shown = client.get(TULIPS).text
    assert "Bo’s tulips." in shown
    assert names(app) == ["Anonymous", "Anonymous", "Ada"]
    with app.app_context():
        assert not holds_anything(person_of(BO))


def test_erasing_twice_is_no_error_and_finds_nothing(
    client: FlaskClient, link_for: LinkFor, press: Any, ask: Any, answer: Callable[[], int],
    outbox: Mailbox,
) -> None:  # fmt: skip
    press(link_for(Wish.ERASE), scope="everything", sure="everything")
    ask(BO, Wish.ERASE)
    answer()
    assert "We hold nothing" in text_of(outbox.to(BO)[-1])


def test_an_account_with_a_second_factor_does_not_end_by_a_mailbox_alone(
    app: Flask, client: FlaskClient, link_for: LinkFor, press: Any
) -> None:
    with app.app_context():
        make_member("bo")
        confirm_second_factor("bo")
        db.session.remove()
    link = link_for(Wish.ERASE)
    assert "Sign in to erase it" in client.get(link).text
    refused = press(link, scope="everything", sure="everything")
    assert refused.status_code == 409
    assert "Sign in first" in refused.text
    assert client.get(link).status_code == 200


def test_the_only_owner_is_told_why_not_and_keeps_the_link(
    app: Flask, client: FlaskClient, link_for: LinkFor, press: Any
) -> None:
    with app.app_context():
        make_member("bo", owner=True)
        db.session.remove()
    link = link_for(Wish.ERASE)
    refused = press(link, scope="everything", sure="everything")
    assert refused.status_code == 409
    assert "only owner" in refused.text
    assert client.get(link).status_code == 200


def test_stopping_mail_stops_it_for_this_person_alone(
    app: Flask, link_for: LinkFor, press: Any
) -> None:
    with app.app_context():
        db.session.rollback()
        from app.core.database import transaction

        with transaction() as session:
            session.execute(sa.update(Comment).values(wants_replies=True))
    told = words(press(link_for(Wish.STOP)))
    assert "These mails have stopped" in told
    with app.app_context():
        wished = db.session.scalars(sa.select(Comment.wants_replies).order_by(Comment.id))
        assert list(wished) == [False, False, True]
