"""The mail page: what is stuck, how it is helped on, and letters, for want of a server."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db, transaction
from app.core.mail import MailState, OutgoingMail, enqueue, send_due
from app.core.privacy import AuditDetail, AuditLink
from tests.people import make_member, sign_in, token_in
from tests.postman import postman

pytestmark = pytest.mark.database

PROOF = {"blog": "Garden", "post": "Tulips", "link": "/comments/proof/x/", "days": 7}


def write(app: Flask, *addresses: str) -> None:
    with app.app_context(), transaction():
        for address in addresses:
            enqueue("comments/proof", to=address, **PROOF)


def work(app: Flask) -> None:
    with app.app_context():
        send_due()


def states(app: Flask) -> list[MailState]:
    with app.app_context():
        return list(db.session.scalars(sa.select(OutgoingMail.state).order_by(OutgoingMail.id)))


def records(app: Flask) -> list[str]:
    with app.app_context():
        query = sa.select(AuditLink.kind).join(AuditDetail, AuditDetail.id == AuditLink.id)
        return [kind for kind in db.session.scalars(query) if kind.startswith("mail.")]


@pytest.fixture
def site(app: Flask, read: Any) -> Flask:
    """Otto owns the site; Mira administers the garden blog."""
    read()
    with app.app_context():
        make_member("otto", owner=True)
        make_member("mira", role="administrator", blog="garden")
        db.session.remove()
    return app


@pytest.fixture
def otto(site: Flask) -> FlaskClient:
    return sign_in(site, "otto")


def press(client: FlaskClient, path: str, **data: str) -> Any:
    return client.post(path, data={"csrf_token": token_in(client.get("/admin/mail/")), **data})


def test_the_owner_sees_mails_with_masked_addresses(site: Flask, otto: FlaskClient) -> None:
    write(site, "ada@example.org")
    page = otto.get("/admin/mail/").text
    assert "a•••@e•••.org" in page
    assert "ada@example.org" not in page
    assert "A link to prove the address of a comment" in page


@pytest.mark.parametrize("path", ["/admin/mail/", "/admin/mail/1/read"])
def test_to_an_administrator_the_page_does_not_exist(site: Flask, path: str) -> None:
    write(site, "ada@example.org")
    work(site)
    mira = sign_in(site, "mira")
    assert mira.get(path).status_code == 404
    assert mira.post(path).status_code in (404, 405)


def test_a_kept_letter_can_be_read_and_that_goes_on_record(site: Flask, otto: FlaskClient) -> None:
    write(site, "ada@example.org")
    work(site)
    page = press(otto, "/admin/mail/1/read")
    assert page.status_code == 200
    assert "Confirm your address for Garden" in page.text
    assert 'href="http://127.0.0.1:8000/comments/proof/x/"' in page.text
    assert "ada@example.org" not in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert records(site) == ["mail.read"]


def test_looking_at_the_list_or_reloading_a_letter_records_nothing(
    site: Flask, otto: FlaskClient
) -> None:
    write(site, "ada@example.org")
    work(site)
    assert otto.get("/admin/mail/").status_code == 200
    assert otto.get("/admin/mail/1/read").status_code == 303
    assert records(site) == []


def test_no_letter_is_read_without_the_forms_token(site: Flask, otto: FlaskClient) -> None:
    write(site, "ada@example.org")
    work(site)
    assert otto.post("/admin/mail/1/read").status_code == 403
    assert records(site) == []


@pytest.mark.parametrize("mail_id", [1, 99])
def test_what_is_not_kept_cannot_be_read(site: Flask, otto: FlaskClient, mail_id: int) -> None:
    write(site, "ada@example.org")
    assert press(otto, f"/admin/mail/{mail_id}/read").status_code == 404
    assert records(site) == []


def test_with_a_mail_server_nobody_reads_letters(
    site: Flask, otto: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(site, "ada@example.org")
    work(site)
    monkeypatch.setitem(site.config, "SMTP_URL", "smtps://mail.example.org")
    page = otto.get("/admin/mail/").text
    assert "Read" not in re.findall(r"<button[^>]*>(?:<svg.*?</svg>)?([^<]+)</button>", page)
    assert press(otto, "/admin/mail/1/read").status_code == 404


def test_what_a_server_refuses_is_named_and_can_be_tried_again(
    site: Flask, otto: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postman("refuses") as server:
        monkeypatch.setitem(site.config, "SMTP_URL", server.address)
        write(site, "ada@example.org")
        work(site)
        assert "The mail server refused the recipient (550)." in otto.get("/admin/mail/").text
        server.way = None
        assert press(otto, "/admin/mail/1/again").status_code == 303
        work(site)
    assert states(site) == [MailState.SENT]


def test_what_was_given_up_is_a_notice_and_all_of_it_can_be_tried_again(
    site: Flask, otto: FlaskClient
) -> None:
    write(site, "ada@example.org", "bo@example.org")
    with site.app_context(), transaction() as session:
        for mail in session.scalars(sa.select(OutgoingMail)):
            mail.give_up(mail.created_at, "The mail server did not answer.")
    page = otto.get("/admin/mail/").text
    assert "2 mails were given up" in page
    assert "2 were given up" in otto.get("/admin/").text
    assert press(otto, "/admin/mail/again").status_code == 303
    assert states(site) == [MailState.WAITING] * 2


def test_a_mail_can_be_dropped_on_record(site: Flask, otto: FlaskClient) -> None:
    write(site, "ada@example.org")
    assert press(otto, "/admin/mail/1/drop").status_code == 303
    assert states(site) == []
    assert press(otto, "/admin/mail/1/drop").status_code == 303
    assert records(site) == ["mail.dropped"]


def test_what_went_out_cannot_be_dropped_or_sent_twice(site: Flask, otto: FlaskClient) -> None:
    write(site, "ada@example.org")
    work(site)
    press(otto, "/admin/mail/1/drop")
    press(otto, "/admin/mail/1/again")
    assert states(site) == [MailState.KEPT]


def test_a_long_list_has_further_pages(site: Flask, otto: FlaskClient) -> None:
    write(site, *(f"reader{number}@example.org" for number in range(60)))
    first = otto.get("/admin/mail/?show=waiting")
    rows = first.text.count('<th scope="row">')
    older = re.search(r'href="([^"]*before=[^"]*)" rel="next"', first.text)
    assert older
    second = otto.get(older[1].replace("&amp;", "&"))
    assert (rows, second.text.count('<th scope="row">')) == (50, 10)


@pytest.mark.parametrize("query", ["before=0", "before=x", "before=99999999999999", "show=what"])
def test_a_strange_address_is_answered_calmly(otto: FlaskClient, query: str) -> None:
    assert otto.get(f"/admin/mail/?{query}").status_code == 200


def test_the_page_takes_few_statements(
    site: Flask, otto: FlaskClient, statements: list[str]
) -> None:
    write(site, *(f"reader{number}@example.org" for number in range(60)))
    statements.clear()
    otto.get("/admin/mail/")
    assert len(statements) <= 12
