"""Writing mail down: whole with its cause or not at all, sealed, and never a second header."""

import sqlite3
from typing import Any

import pytest
import sqlalchemy as sa
from email_validator import EmailNotValidError
from flask import Flask

from app.core.database import db, transaction
from app.core.mail import OutgoingMail, enqueue
from app.core.privacy import seal
from tests.mailbox import Mailbox, html_of, links_in, text_of

pytestmark = pytest.mark.database

ENDS_OF_LINES = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029")


def waiting(app: Flask) -> int:
    with app.app_context():
        query = sa.select(sa.func.count()).select_from(OutgoingMail)
        return db.session.scalar(query) or 0


def test_a_mail_says_the_same_in_both_parts(write: Any, outbox: Mailbox) -> None:
    write(name="Ada & <Bo>")
    letter = outbox[0]
    assert letter["Subject"] == "Hello Ada & <Bo>"
    assert "A word for Ada & <Bo>." in text_of(letter)
    assert "A word for Ada &amp; &lt;Bo&gt;." in html_of(letter)
    assert links_in(letter)[0] == "http://127.0.0.1:8000/go/on/"


def test_a_mail_has_the_headers_of_a_machine(write: Any, outbox: Mailbox) -> None:
    write()
    letter = outbox[0]
    assert letter["To"] == "ada@example.org"
    assert letter["From"].endswith("<no-reply@127.0.0.1>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"]
    assert letter["Date"]
    assert letter["List-Unsubscribe"] is None


def test_what_one_may_stop_has_the_one_click_headers(write: Any, outbox: Mailbox) -> None:
    path = "/comments/mail/" + "x" * 86 + "/stop/"
    write(unsubscribe=path)
    letter = outbox[0]
    assert letter["List-Unsubscribe"] == f"<http://127.0.0.1:8000{path}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"http://127.0.0.1:8000{path}" in links_in(letter)


def test_a_cause_that_fails_takes_its_mail_along(app: Flask) -> None:
    def fail() -> None:
        with transaction():
            enqueue("tests/hello", to="ada@example.org", name="Ada")
            raise RuntimeError

    with app.app_context(), pytest.raises(RuntimeError):
        fail()
    assert waiting(app) == 0


def test_the_database_alone_tells_neither_who_nor_what(write: Any, app: Flask) -> None:
    write(name="a-word-in-the-mail")
    with app.app_context():
        rows = db.session.execute(sa.text("SELECT * FROM outbox")).all()
    told = repr(rows).encode()
    if db_file(app):
        told += db_file(app)
    for word in (b"ada@example.org", b"a-word-in-the-mail"):
        assert word not in told


def db_file(app: Flask) -> bytes:
    """The raw bytes of an embedded database."""
    address = app.config["SQLALCHEMY_DATABASE_URI"]
    if not address.startswith("sqlite:///"):
        return b""
    name = address.removeprefix("sqlite:///")
    with sqlite3.connect(name) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with open(name, "rb") as file:
        return file.read()


@pytest.mark.parametrize("end", ENDS_OF_LINES, ids=ascii)
def test_a_fact_cannot_begin_another_header(write: Any, outbox: Mailbox, end: str) -> None:
    write(name=f"Ada{end}Bcc: bo@example.org{end}{end}<p>body")
    letter = outbox[0]
    assert letter["Bcc"] is None
    assert sorted(set(letter.keys())) == sorted(letter.keys())
    assert "Hello Ada Bcc: bo@example.org" in letter["Subject"]


@pytest.mark.parametrize("end", ENDS_OF_LINES, ids=ascii)
def test_a_recipient_cannot_begin_another_header(write: Any, app: Flask, end: str) -> None:
    with pytest.raises(EmailNotValidError):
        write(to=f"ada@example.org{end}Bcc: bo@example.org")
    assert waiting(app) == 0


@pytest.mark.parametrize(
    "address", ["", "ada", "ada@", "a@b@example.org", "ada@example.org, bo@example.org", "<a@b.c>"]
)
def test_what_is_no_address_is_refused(write: Any, app: Flask, address: str) -> None:
    with pytest.raises(EmailNotValidError):
        write(to=address)
    assert waiting(app) == 0


def test_a_name_in_other_letters_arrives(write: Any, outbox: Mailbox) -> None:
    write(name="عادة ليلى", to="ada@bücher.example.org")
    letter = outbox[0]
    assert letter["Subject"] == "Hello عادة ليلى"
    assert letter["To"] == "ada@xn--bcher-kva.example.org"
    assert "عادة ليلى" in text_of(letter)


def test_a_long_subject_is_cut(write: Any, outbox: Mailbox) -> None:
    write(name="Ada " * 40)
    assert len(outbox[0]["Subject"]) <= 60


def test_a_sealed_fact_is_refused(write: Any) -> None:
    with pytest.raises(TypeError, match="name is sealed"):
        write(name=seal("bo@example.org"))


def test_an_address_goes_from_row_to_row_without_leaving_the_vault(
    app: Flask, write: Any, outbox: Mailbox
) -> None:
    write()
    with app.app_context(), transaction() as session:
        first = session.scalars(sa.select(OutgoingMail)).one()
        enqueue("tests/hello", to=(first, "recipient"), name="Bo")
    assert [letter["To"] for letter in outbox] == ["ada@example.org"] * 2


def test_nobody_is_written_to_when_the_address_is_gone(app: Flask, write: Any) -> None:
    write()
    with app.app_context(), transaction() as session:
        first = session.scalars(sa.select(OutgoingMail)).one()
        first.recipient = None
        enqueue("tests/hello", to=(first, "recipient"), name="Bo")
    assert waiting(app) == 1
