"""The way to a mail server: encrypted where it says so, and to nobody who cannot prove its name."""

import base64
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.database import db, transaction
from app.core.mail import OutgoingMail, enqueue, send_due
from tests.folder import ContentFolder
from tests.postman import certificate, postman

SENDER = "Garden <garden@example.org>"


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def trusted(papers: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate, which this process trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(papers))
    return papers


@pytest.fixture
def post(make_app: Any, with_template: Any) -> Any:
    """A function that sends one mail to the server of an address; what went wrong, if anything."""

    def post(address: str) -> str | None:
        app: Flask = with_template(make_app(SMTP_URL=address, MAIL_FROM=SENDER))
        with app.app_context():
            with transaction():
                enqueue("tests/hello", to="ada@example.org", name="Ada")
            send_due()
            return db.session.scalar(sa.select(OutgoingMail.problem))

    return post


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_letter_goes_over_an_encrypted_line(post: Any, trusted: Path, scheme: str) -> None:
    with postman(scheme=scheme, tls=trusted) as server:
        assert post(server.with_login("us%40example.org", "p%3Aword")) is None
    assert len(server.taken) == 1
    (login,) = [word for word in server.words if word.startswith("AUTH")]
    assert base64.b64decode(login.split()[-1]) == b"\0us@example.org\0p:word"


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_that_cannot_prove_its_name_gets_nothing(
    post: Any, papers: Path, scheme: str
) -> None:
    with postman(scheme=scheme, tls=papers) as server:
        told = post(server.with_login("us", "word"))
    assert told == "The mail server's certificate is not valid."
    assert server.taken == []
    assert not any(word.startswith(("AUTH", "MAIL")) for word in server.words)


def test_a_server_of_another_name_gets_nothing(post: Any, trusted: Path) -> None:
    with postman(scheme="smtps", tls=trusted) as server:
        told = post(server.address.replace("localhost", "127.0.0.1"))
    assert told == "The mail server's certificate is not valid."
    assert server.taken == []


def test_a_server_that_does_not_encrypt_gets_nothing_that_should_be(post: Any) -> None:
    with postman() as server:
        told = post(server.with_login("us", "word").replace("smtp://", "smtp+starttls://"))
    assert told == "The mail server lacks what this message needs."
    assert server.taken == []
    assert not any(word.startswith(("AUTH", "MAIL")) for word in server.words)


def test_a_wrong_password_is_named_and_kept_from_the_log(
    post: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    with postman("knows nobody") as server:
        told = post(server.with_login("us", "distinct-word"))
    assert told == "The mail server refused our name and password (535)."
    printed = capfd.readouterr()
    assert "distinct-word" not in printed.out + printed.err


def test_what_a_server_says_about_a_recipient_is_kept_nowhere(
    post: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    with postman("refuses") as server:
        assert post(server.address) == "The mail server refused the recipient (550)."
    printed = capfd.readouterr()
    assert "ada@example.org" not in printed.out + printed.err


def test_a_host_that_does_not_exist_is_a_server_that_does_not_answer(
    post: Any, content: ContentFolder
) -> None:
    content.processor("mail.invalid")
    assert post("smtp://mail.invalid") == "The mail server did not answer."
