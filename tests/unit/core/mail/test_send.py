"""Sending: one mail for one cause, under one id, in its time, and nothing lost (F16)."""

import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.database import db, transaction
from app.core.mail import MailState, OutgoingMail, enqueue, send_due, sending, tidy
from app.core.mail import transport as ways
from tests.mailbox import Mailbox
from tests.postman import Postman, postman

pytestmark = pytest.mark.database

DAY = 24 * 60


@pytest.fixture
def app_of(make_app: Any, with_template: Any) -> Any:
    """A function that makes an app for a mail server."""

    def make(server: Postman | str, **changes: Any) -> Flask:
        address = server if isinstance(server, str) else server.address
        sender = "Garden <garden@example.org>"
        return with_template(make_app(SMTP_URL=address, MAIL_FROM=sender, **changes))

    return make


def states(app: Flask) -> list[MailState]:
    with app.app_context():
        return list(db.session.scalars(sa.select(OutgoingMail.state).order_by(OutgoingMail.id)))


def only(app: Flask) -> OutgoingMail:
    with app.app_context():
        return db.session.scalars(sa.select(OutgoingMail)).one()


def put(app: Flask, *addresses: str) -> None:
    with app.app_context(), transaction():
        for address in addresses:
            enqueue("tests/hello", to=address, name="Ada")


def work(app: Flask) -> int:
    with app.app_context():
        return send_due()


def test_a_letter_is_kept_as_a_file_of_the_sites_own_user(
    app: Flask, write: Any, send: Any
) -> None:
    write()
    assert send() == 1
    folder = Path(app.instance_path) / "outbox"
    (file,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    assert "ada" not in file.name
    assert states(app) == [MailState.KEPT]


def test_a_mail_is_sent_once(write: Any, send: Any, outbox: Mailbox) -> None:
    write()
    assert [send(), send()] == [1, 0]
    assert len(outbox) == 1


def test_what_was_sent_leaves_no_words_behind(app: Flask, write: Any, send: Any) -> None:
    write()
    send()
    assert only(app).words is None


def test_the_server_gets_the_letter(app_of: Any) -> None:
    with postman() as server:
        app = app_of(server)
        put(app, "ada@example.org")
        assert work(app) == 1
    (letter,) = server.taken
    assert (letter["From"], letter["To"]) == ("Garden <garden@example.org>", "ada@example.org")
    assert letter["Message-ID"].endswith("@example.org>")


def test_one_connection_serves_many_letters(app_of: Any) -> None:
    with postman() as server:
        app = app_of(server)
        put(app, *(f"reader{number}@example.org" for number in range(7)))
        assert work(app) == 7
    assert (len(server.taken), server.calls) == (7, 1)


def test_a_server_that_hangs_up_after_each_gets_each_once(app_of: Any) -> None:
    with postman("hangs up after each") as server:
        app = app_of(server)
        put(app, *(f"reader{number}@example.org" for number in range(3)))
        assert work(app) == 3
    assert len({letter["Message-ID"] for letter in server.taken}) == len(server.taken) == 3


@pytest.mark.parametrize("way", ["refuses", "greylists", "drops"])
def test_a_mail_waits_for_a_server_that_fails(app_of: Any, at: Any, way: str) -> None:
    with postman(way) as server:
        app = app_of(server)
        put(app, "ada@example.org")
        assert work(app) == 0
        assert only(app).state is MailState.WAITING
        assert "ada" not in (only(app).problem or "ada")
        at(3)
        server.way = None
        assert work(app) == 1
    assert len(server.taken) == 1


def test_a_server_that_takes_and_says_nothing_gets_the_same_letter_again(
    app_of: Any, at: Any
) -> None:
    with postman("takes and drops") as server:
        app = app_of(server)
        put(app, "ada@example.org")
        assert work(app) == 0
        at(3)
        server.way = None
        assert work(app) == 1
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert (first["Date"], first.as_string()) == (second["Date"], second.as_string())


def test_a_server_that_is_down_keeps_everything_and_is_asked_once(app_of: Any, at: Any) -> None:
    with postman() as gone:
        pass
    app = app_of(gone)
    put(app, "ada@example.org", "bo@example.org")
    assert work(app) == 0
    with app.app_context():
        tried = db.session.scalars(sa.select(OutgoingMail.attempts)).all()
    assert sorted(tried) == [0, 1]
    assert work(app) == 0


def test_a_server_that_trickles_is_hung_up_on(app_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "SECONDS_FOR_ONE", 0.3)
    with postman("trickles") as server:
        app = app_of(server)
        put(app, "ada@example.org")
        assert work(app) == 0
    assert only(app).state is MailState.WAITING


def test_pauses_grow_from_a_minute_to_a_day_and_then_it_is_given_up(app_of: Any, at: Any) -> None:
    minutes, pauses = 0.0, []
    with postman("refuses") as server:
        app = app_of(server)
        put(app, "ada@example.org")
        while only(app).state is MailState.WAITING:
            at(minutes)
            work(app)
            pause = (only(app).due_at - clock.now()).total_seconds() / 60
            if only(app).state is MailState.WAITING:
                pauses.append(pause)
                minutes += pause
    assert only(app).state is MailState.GIVEN_UP
    assert 0.8 <= pauses[0] <= 1.25
    assert max(pauses) <= DAY
    assert pauses[-1] > DAY / 2
    assert 5 * DAY <= minutes <= 6 * DAY
    assert server.taken == []
    assert "(550)" in (only(app).problem or "")


def test_what_was_given_up_can_begin_again(app_of: Any, at: Any) -> None:
    with postman("refuses") as server:
        app = app_of(server)
        put(app, "ada@example.org")
        work(app)
        at(6 * DAY)
        work(app)
        assert states(app) == [MailState.GIVEN_UP]
        server.way = None
        with app.app_context(), transaction() as session:
            session.scalars(sa.select(OutgoingMail)).one().begin_again(clock.now())
        assert work(app) == 1


def test_one_person_gets_five_an_hour_and_the_rest_later(
    write: Any, send: Any, outbox: Mailbox, at: Any
) -> None:
    write(times=7)
    write(to="bo@example.org")
    write(to="ADA@example.org")
    assert send() == 6
    at(59)
    assert send() == 0
    at(61)
    assert send() == 3
    assert len(outbox.to("ada@example.org")) == 7


def test_the_whole_site_has_a_ceiling_an_hour(make_app: Any, with_template: Any, at: Any) -> None:
    app = with_template(make_app(MAIL_PER_HOUR=2))
    put(app, *(f"reader{number}@example.org" for number in range(3)))
    assert work(app) == 2
    at(30)
    assert work(app) == 0
    at(61)
    assert work(app) == 1


def test_a_flood_of_patient_mail_leaves_room_for_what_somebody_waits_for(
    make_app: Any, with_template: Any, at: Any
) -> None:
    app = with_template(make_app(MAIL_PER_HOUR=10))
    with app.app_context(), transaction():
        for number in range(20):
            address = f"reader{number}@example.org"
            enqueue("tests/hello", to=address, gives_way=True, name="Ada")
        enqueue("tests/hello", to="mira@example.org", name="Mira")
    assert work(app) == 8
    assert states(app)[-1] is MailState.KEPT
    put(app, "noor@example.org", "otto@example.org", "bo@example.org")
    assert work(app) == 2
    at(61)
    assert work(app) == 8


def test_a_claim_runs_out_when_its_worker_died(app: Flask, write: Any, send: Any, at: Any) -> None:
    write()
    with app.app_context():
        assert sending._claim_next()
    at(5)
    assert send() == 0
    at(11)
    assert send() == 1


def test_two_workers_never_send_the_same(app_of: Any) -> None:
    with postman() as server:
        app = app_of(server)
        put(app, *(f"reader{number}@example.org" for number in range(12)))
        workers = [threading.Thread(target=work, args=(app,)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert len(server.taken) == 12
    assert len({letter["To"] for letter in server.taken}) == 12


def test_a_mail_whose_key_is_gone_stops_no_other(
    app: Flask, write: Any, send: Any, outbox: Mailbox
) -> None:
    write(times=2)
    with app.app_context(), transaction() as session:
        first, second = session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id))
        # Sealed for another row, it opens nowhere else.
        session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.id == first.id)
            .values(recipient=second.recipient)
        )
    assert send() == 1
    assert states(app) == [MailState.GIVEN_UP, MailState.KEPT]


def test_finished_mail_and_kept_files_are_deleted_after_their_time(
    app: Flask, write: Any, send: Any, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    send()
    write(to="bo@example.org")
    with app.app_context():
        at(6 * DAY)
        assert tidy() == 0
        at(10_000 * DAY)
        assert tidy() == 1
    assert list((Path(app.instance_path) / "outbox").iterdir()) == []
    assert states(app) == [MailState.WAITING]
