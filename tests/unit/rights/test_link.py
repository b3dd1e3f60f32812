"""A mailed link does one thing, for one person, once, within a day; looking at it does nothing."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db, transaction
from app.rights.links import LinkOver, take_link
from app.rights.models import RightsLink
from app.rights.tidying import tidy
from app.rights.totals import totals
from app.rights.wishes import Wish
from tests.mailbox import Mailbox, links_in
from tests.unit.comments.conftest import Clock
from tests.unit.rights.conftest import ADA, BO, HOME, OURS, LinkFor, words


def links(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(RightsLink)) or 0


def test_looking_changes_nothing_and_tells_how_much_there_is(
    app: Flask, client: FlaskClient, link_for: LinkFor, statements: list[str]
) -> None:
    for wish in (Wish.SEE, Wish.EXPORT, Wish.ERASE):
        link = link_for(wish)
        statements.clear()
        pages = [client.get(link) for _time in range(3)]
        assert [page.status_code for page in pages] == [200] * 3
        assert not [sql for sql in statements if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert "Comments: 2" in words(pages[0])
        assert "tulips" not in words(pages[0])
        assert BO not in pages[0].text
        assert pages[0].headers["Cache-Control"] == "no-store"
        assert pages[0].headers["X-Robots-Tag"] == "noindex"
        # `no-referrer` would take the origin from the page's own form.
        assert pages[0].headers["Referrer-Policy"] == "same-origin"
        assert "Set-Cookie" not in pages[0].headers
    assert links(app) == 3


def test_a_link_works_once(link_for: LinkFor, press: Any, client: FlaskClient) -> None:
    link = link_for(Wish.SEE)
    assert press(link).status_code == 200
    again = press(link)
    assert again.status_code == 410
    assert "tulips" not in again.text
    assert client.get(link).status_code == 410


def test_a_link_lasts_a_day_and_is_forgotten_then(
    app: Flask, link_for: LinkFor, press: Any, stopped: Clock
) -> None:
    link = link_for(Wish.SEE)
    stopped.advance(hours=24)
    assert press(link).status_code == 410
    with app.app_context():
        tidy()
    assert links(app) == 0


def test_a_newer_link_for_the_same_thing_voids_the_older_and_no_other(
    link_for: LinkFor, client: FlaskClient
) -> None:
    older, other, of_ada = link_for(Wish.SEE), link_for(Wish.EXPORT), link_for(Wish.SEE, ADA)
    newer = link_for(Wish.SEE)
    seen = [client.get(link).status_code for link in (older, other, of_ada, newer)]
    assert seen == [410, 200, 200, 200]


def test_a_link_does_nothing_else_than_what_it_was_mailed_for(
    app: Flask, link_for: LinkFor
) -> None:
    token = link_for(Wish.SEE).rstrip("/").rpartition("/")[2]
    with app.app_context(), pytest.raises(LinkOver), transaction() as session:
        take_link(session, token, Wish.ERASE)
    assert links(app) == 1


def test_a_changed_or_made_up_secret_opens_nothing(
    link_for: LinkFor, client: FlaskClient, press: Any
) -> None:
    link = link_for(Wish.SEE)
    token = link.rstrip("/").rpartition("/")[2]
    other = "A" if token[0] != "A" else "B"
    for wrong in (other + token[1:], token[:-1], token.upper(), "x" * 500, "ä", ".."):
        assert client.get(f"{HOME}{wrong}/").status_code in (404, 410)
        assert press(f"{HOME}{wrong}/").status_code in (404, 410)
    assert press(link).status_code == 200


def test_of_two_who_press_at_once_one_is_served(app: Flask, link_for: LinkFor) -> None:
    token = link_for(Wish.SEE).rstrip("/").rpartition("/")[2]
    with app.app_context():
        with transaction() as session:
            assert take_link(session, token, Wish.SEE) == BO
        with pytest.raises(LinkOver), transaction() as session:
            take_link(session, token, Wish.SEE)


def test_the_mail_holds_nothing_but_the_link(link_for: LinkFor, outbox: Mailbox) -> None:
    link_for(Wish.SEE)
    [letter] = outbox.to(BO)
    assert ADA not in letter.as_string()
    assert "tulips" not in letter.as_string()
    assert links_in(letter)[0].startswith("http://127.0.0.1:8000")


def test_the_address_of_the_site_comes_from_its_settings(
    said: None, client: FlaskClient, answer: Callable[[], int], outbox: Mailbox
) -> None:
    client.post(HOME, data={"email": BO, "wish": "see"}, headers=OURS | {"Host": "localhost"})
    answer()
    assert links_in(outbox.to(BO)[0])[0].startswith("http://127.0.0.1:8000")


def test_to_whom_the_answer_went_is_forgotten_soon(
    app: Flask, link_for: LinkFor, outbox: Mailbox
) -> None:
    link_for(Wish.SEE)
    assert len(outbox) == 1
    with app.app_context():
        tidy()
        db.session.remove()
        rows = db.session.execute(sa.text("SELECT recipient, recipient_lookup FROM outbox"))
        assert {tuple(row) for row in rows} == {(None, None)}


def test_what_was_done_is_counted_by_the_month_and_names_nobody(
    app: Flask, link_for: LinkFor, press: Any, stopped: Clock
) -> None:
    press(link_for(Wish.SEE))
    press(link_for(Wish.EXPORT))
    press(link_for(Wish.EXPORT))
    month = stopped.at.date().replace(day=1)
    with app.app_context():
        assert list(totals()) == [(month, Wish.EXPORT, 2), (month, Wish.SEE, 1)]
