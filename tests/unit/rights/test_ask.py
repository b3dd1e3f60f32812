"""Asking tells nobody whether an address is known: same answer, same work, one row."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.rights.models import Request, RightsLink
from app.rights.wishes import Wish
from tests.mailbox import Mailbox, links_in, text_of
from tests.unit.comments.conftest import Clock
from tests.unit.rights.conftest import ADA, BO, EVE, HOME, OURS, Ask

KNOWN, UNKNOWN = BO, EVE


def waiting(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Request)) or 0


@pytest.mark.promise("same-answer")
@pytest.mark.usefixtures("said")
def test_known_and_unknown_addresses_get_the_very_same_answer(ask: Ask) -> None:
    answers = [ask(email, wish) for wish in Wish for email in (KNOWN, UNKNOWN)]
    shapes = {(a.status_code, str(sorted(a.headers)), a.data) for a in answers}
    assert len(shapes) == 1
    assert answers[0].status_code == 202
    assert "Set-Cookie" not in answers[0].headers
    assert answers[0].headers["Cache-Control"] == "no-store"


@pytest.mark.promise("same-answer")
@pytest.mark.usefixtures("said")
def test_asking_costs_the_same_statements_and_looks_nobody_up(
    app: Flask, ask: Ask, statements: list[str], outbox: Mailbox
) -> None:
    ask("warm@example.org")
    sent = []
    for email in (KNOWN, UNKNOWN):
        statements.clear()
        ask(email)
        sent.append(list(statements))
    assert sent[0] == sent[1]
    asked = " ".join(sent[0])
    assert [name for name in ("comments", "users", "outbox") if f"FROM {name}" in asked] == []
    assert waiting(app) == 3
    assert len(outbox) == 0


@pytest.mark.promise("same-answer")
@pytest.mark.usefixtures("said")
def test_a_request_over_the_limit_gets_that_answer_and_is_let_go(
    app: Flask, client: FlaskClient, ask: Ask, stopped: Clock
) -> None:
    app.config["LIMITED"] = True
    first = ask(KNOWN)
    answers = [ask(f"{number}@example.org") for number in range(12)]
    assert {(a.status_code, a.data) for a in answers} == {(first.status_code, first.data)}
    assert waiting(app) == 10
    ask(KNOWN, ip="198.51.100.4")
    assert waiting(app) == 11
    stopped.advance(hours=1, minutes=1)
    ask(KNOWN)
    assert waiting(app) == 12


@pytest.mark.usefixtures("said")
def test_only_the_owner_of_a_mailbox_learns_what_there_is(
    ask: Ask, answer: Callable[[], int], outbox: Mailbox, app: Flask
) -> None:
    ask(KNOWN)
    ask(UNKNOWN)
    assert answer() == 2
    [known], [unknown] = outbox.to(KNOWN), outbox.to(UNKNOWN)
    assert links_in(known)[0].startswith(f"http://127.0.0.1:8000{HOME}")
    assert "We hold nothing" in text_of(unknown)
    assert waiting(app) == 0


@pytest.mark.usefixtures("said")
def test_a_stranger_is_told_once_a_week_that_nothing_is_held(
    ask: Ask, answer: Callable[[], int], outbox: Mailbox, stopped: Clock
) -> None:
    for days in (0, 2, 4, 1.1):
        stopped.advance(days=days)
        ask(UNKNOWN)
        answer()
        outbox.all()
    assert len(outbox.to(UNKNOWN)) == 2


@pytest.mark.usefixtures("said")
def test_one_address_gets_three_links_a_day_however_it_is_typed(
    ask: Ask, answer: Callable[[], int], outbox: Mailbox, stopped: Clock
) -> None:
    for email in (KNOWN, "Bo@Example.org", "BO@example.org", KNOWN, KNOWN):
        ask(email)
    ask(ADA)
    answer()
    assert len([letter for letter in outbox if letter["To"].lower() == KNOWN]) == 3
    assert len(outbox.to(ADA)) == 1
    stopped.advance(days=1, minutes=1)
    ask(KNOWN)
    answer()
    assert len([letter for letter in outbox if letter["To"].lower() == KNOWN]) == 4


@pytest.mark.usefixtures("said")
def test_a_request_that_fails_waits_and_costs_no_other_its_answer(
    app: Flask, ask: Ask, answer: Any, outbox: Mailbox, stopped: Clock, monkeypatch: Any
) -> None:
    from app.rights import answering

    healthy = answering.person_of

    def broken(email: str) -> Any:
        if email == KNOWN:
            raise RuntimeError("the first one fails")
        return healthy(email)

    monkeypatch.setattr(answering, "person_of", broken)
    ask(KNOWN)
    ask(ADA)
    assert answer() == 1
    assert len(outbox.to(ADA)) == 1
    monkeypatch.undo()
    monkeypatch.setattr("app.core.clock.now", stopped.now)
    assert answer() == 0
    stopped.advance(minutes=6)
    assert answer() == 1
    assert len(outbox.to(KNOWN)) == 1


@pytest.mark.usefixtures("said")
def test_what_was_typed_comes_back_with_a_sentence(client: FlaskClient) -> None:
    for typed in ("bo(at)example.org", "", "x" * 300 + "@example.org"):
        page = client.post(HOME, data={"email": typed, "wish": "dance"}, headers=OURS)
        assert page.status_code == 422
        assert 'id="problems"' in page.text
        assert f'value="{typed}"' in page.text
    assert client.get(HOME).status_code == 200
    assert "Set-Cookie" not in client.get(HOME).headers


@pytest.mark.usefixtures("said")
def test_neither_who_asked_nor_the_secret_is_stored(
    app: Flask, ask: Ask, answer: Callable[[], int], outbox: Mailbox
) -> None:
    ask(KNOWN, ip="192.0.2.77")
    with app.app_context():
        columns = {column.name for column in Request.__table__.columns}
        assert not {name for name in columns if "ip" in name}
    answer()
    token = links_in(outbox.to(KNOWN)[0])[0].rstrip("/").rpartition("/")[2]
    with app.app_context():
        [link] = db.session.scalars(sa.select(RightsLink))
        assert token.encode() not in link.token_hash
        assert len(token) >= 43


def test_a_form_of_another_site_is_refused(client: FlaskClient, read: Any) -> None:
    read()
    data = {"email": KNOWN, "wish": "see"}
    page = client.post(HOME, data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
