"""The register in a browser: two owners meet a demand, from the paper to the file."""

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.core.mail.outbox import OutgoingMail
from app.core.privacy.disclosures import Disclosure
from tests.people import make_member, make_trusted, sign_in, token_in
from tests.unit.disclosures.conftest import BO

pytestmark = pytest.mark.database

NEW = "/admin/disclosures/new/"
PAPER = b"%PDF the court orders"
TYPED: dict[str, Any] = {
    "kind": "court_order",
    "received_on": "2026-11-02",
    "authority": "District Court of Springfield",
    "country": "Freedonia",
    "scope": "Name and email of Bo.",
    "emails": f"{BO}\r\n",
    "parts": ["name", "email"],
    "from_on": "",
    "until_on": "",
    "paper_hash": "",
    "reason": "",
    "barred_until": "",
}


def enter(client: FlaskClient, **changed: Any) -> Any:
    fields = TYPED | {"csrf_token": token_in(client.get(NEW))} | changed
    if "paper" not in fields:
        fields["paper"] = (io.BytesIO(PAPER), "order.pdf")
    return client.post(NEW, data=fields, content_type="multipart/form-data")


def press(client: FlaskClient, act: str, number: int = 1, **fields: str) -> Any:
    page = client.get(f"/admin/disclosures/{number}/")
    return client.post(
        f"/admin/disclosures/{number}/{act}/", data={"csrf_token": token_in(page)} | fields
    )


@pytest.fixture
def bo(keepers: Flask) -> None:
    """Somebody with an account, whom a court asks about."""
    make_member("bo", BO)


@pytest.fixture
def otto(keepers: Flask, bo: None) -> FlaskClient:
    return sign_in(keepers, "otto")


@pytest.fixture
def ona(keepers: Flask) -> FlaskClient:
    return sign_in(keepers, "ona")


def test_from_the_paper_to_the_file(otto: FlaskClient, ona: FlaskClient) -> None:
    assert enter(otto).location == "/admin/disclosures/1/#saved"
    shown = otto.get("/admin/disclosures/1/")
    assert BO not in shown.text
    assert "b•••@e•••.org" in shown.text
    assert "Make the file" not in shown.text
    assert press(otto, "approve").status_code == 303
    assert press(otto, "release", how="all").status_code == 409
    assert press(ona, "approve").status_code == 303
    answer = press(ona, "release", how="all")
    assert answer.content_type == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    data = json.loads(archive.read("data.json"))
    (person,) = data["people"]
    assert person["email"] == BO
    assert {"username": "bo"}.items() <= person["rows"][0]["values"].items()
    assert "Two different accounts approved it" in archive.read("README.txt").decode()
    page = otto.get("/admin/disclosures/1/")
    assert "Data was given" in page.text
    assert "were told on" in page.text
    assert db.session.scalars(sa.select(OutgoingMail.template)).all() == ["disclosures/given"]


def test_a_person_of_whom_nothing_is_held_gives_no_file(
    otto: FlaskClient, ona: FlaskClient
) -> None:
    enter(otto, emails="nobody@example.org")
    press(otto, "approve")
    press(ona, "approve")
    answer = press(ona, "release", how="all")
    assert answer.location == "/admin/disclosures/1/#saved"
    assert "Nothing was held" in ona.get("/admin/disclosures/").text
    assert db.session.scalars(sa.select(OutgoingMail.template)).all() == []


def test_a_refusal_needs_one_person_and_ends_it(otto: FlaskClient) -> None:
    enter(otto)
    assert press(otto, "reject").status_code == 303
    assert "Refused" in otto.get("/admin/disclosures/1/").text
    assert press(otto, "approve").status_code == 409


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": ""}, "Choose what the demand rests on."),
        ({"received_on": "soon"}, "Not a valid date value."),
        ({"received_on": "2126-01-01"}, "not in the future"),
        ({"authority": " "}, "Fill in the office that asks."),
        ({"scope": ""}, "Say what is asked for."),
        ({"emails": "Bo"}, "Address 1 is not an email address."),
        ({"emails": "\n".join(f"a{n}@example.org" for n in range(51))}, "at most 50 people"),
        ({"parts": []}, "Tick at least one kind of data."),
        ({"parts": ["secret"]}, "is not"),
        ({"from_on": "2026-05-02", "until_on": "2026-05-01"}, "before the first one"),
        ({"paper": (io.BytesIO(b""), "")}, "Choose the file of the paper"),
        ({"paper_hash": "abc"}, "64 digits"),
        ({"kind": "good_faith"}, "Say in words why"),
        ({"barred_until": "2020-01-01"}, "still to come"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_cannot_be_entered_comes_back_with_a_sentence(
    otto: FlaskClient, wrong: dict[str, Any], sentence: str
) -> None:
    answer = enter(otto, **wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    if "scope" not in wrong:
        assert "Name and email of Bo." in answer.text, "what was typed is given back"
    assert db.session.scalar(sa.select(sa.func.count(Disclosure.id))) == 0


def test_the_paper_is_hashed_and_not_kept(otto: FlaskClient) -> None:
    enter(otto)
    kept = db.session.get_one(Disclosure, 1).document_hash
    assert kept == hashlib.sha256(PAPER).digest()
    typed = enter(otto, paper=(io.BytesIO(b""), ""), paper_hash=f"{kept.hex()}  order.pdf")
    assert typed.status_code == 303
    assert db.session.get_one(Disclosure, 2).document_hash == kept


def test_alone_nobody_can_give_anything_and_the_page_says_so(app: Flask) -> None:
    with app.app_context():
        make_member("otto", owner=True)
        make_trusted("otto")
        client = sign_in(app, "otto")
        enter(client)
        press(client, "approve")
        for path in ("/admin/disclosures/", "/admin/disclosures/1/"):
            assert "Only one account of this site could approve" in client.get(path).text
        assert press(client, "release", how="all").status_code == 409


def test_whoever_gave_no_word_is_led_there_first(keepers: Flask) -> None:
    make_member("una", owner=True)
    client = sign_in(keepers, "una")
    answer = client.get("/admin/disclosures/")
    assert answer.location == "/account/first-look/?next=/admin/disclosures/"


def test_moderators_and_members_find_no_register(keepers: Flask, bo: None) -> None:
    client = sign_in(keepers, "bo")
    for path in ("/admin/disclosures/", NEW, "/admin/disclosures/1/"):
        assert client.get(path).status_code == 404


def test_nothing_is_done_without_the_page_that_asks(otto: FlaskClient) -> None:
    enter(otto)
    for act in ("approve", "reject", "release", "silence"):
        answer = otto.post(f"/admin/disclosures/1/{act}/", data={"how": "all"})
        assert answer.status_code == 422, act
    assert otto.get("/admin/disclosures/9/").status_code == 404
