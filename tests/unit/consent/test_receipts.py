"""Proof of each answer: complete, under no name, and not for ever."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.consent.models import Receipt, ReceiptTotal
from app.consent.receipts import end_receipts
from app.consent.terms import wording
from app.core import clock
from app.core.config import VERSION
from app.core.database import db
from app.core.jobs import JobTurn
from app.core.registry import registry
from tests.unit.consent.conftest import HOME, POST, Visitor, given

pytestmark = pytest.mark.database

#: Everything that a receipt may hold.
COLUMNS = {
    *("id", "number", "given_at", "ends_at", "revision", "preferences", "measurement", "method"),
    *("had_signal", "wording_hash", "version"),
}


def rows(site: Flask, number: str | None) -> list[Receipt]:
    with site.app_context():
        own = sa.select(Receipt).where(Receipt.number == number).order_by(Receipt.id)
        return list(db.session.scalars(own))


def totals(site: Flask) -> int:
    with site.app_context():
        return db.session.scalar(sa.select(sa.func.sum(ReceiptTotal.count))) or 0


def test_a_receipt_holds_what_was_asked_and_answered_and_nobody(site: Flask, ada: Visitor) -> None:
    ada.answer(banner="accept")
    (row,) = rows(site, ada.receipt)
    assert {column.name for column in Receipt.__table__.columns} == COLUMNS
    assert (row.preferences, row.measurement, row.method.value) == (True, True, "banner")
    assert (row.revision, row.version, row.had_signal) == (1, VERSION, False)
    assert row.ends_at - row.given_at == timedelta(days=182)
    words = wording("Green Street", ("preferences", "measurement"))
    assert row.wording_hash == hashlib.sha256(words.text.encode()).hexdigest()
    assert len(row.number) == 32


def test_the_words_that_are_hashed_are_those_of_the_banner(ada: Visitor) -> None:
    page = ada.read().text
    for line in wording("Green Street", ("preferences", "measurement")).text.split("\n"):
        assert line in page


def test_each_change_is_another_line_and_ends_the_one_before(site: Flask, ada: Visitor) -> None:
    ada.answer(banner="accept")
    number = ada.receipt
    ada.answer(page="save", preferences="yes")
    ada.answer(footer="refuse")
    assert ada.receipt == number
    found = rows(site, number)
    assert [row.method.value for row in found] == ["banner", "page", "footer"]
    assert [row.preferences for row in found] == [True, True, False]
    assert [row.measurement for row in found] == [True, False, False]
    assert found[0].ends_at <= found[1].given_at
    assert found[1].ends_at <= found[2].given_at
    assert found[2].ends_at > clock.now() + timedelta(days=181)


def test_the_page_shows_it_to_copy_and_to_download(ada: Visitor) -> None:
    ada.answer(banner="accept")
    ada.answer(footer="refuse")
    page = ada.read(HOME).text
    assert f"cookie receipt {ada.receipt}" in page
    assert page.count("by banner") == page.count("by footer") == 1
    document = json.loads(ada.read(f"{HOME}receipt.json").text)
    assert document["receipt"] == ada.receipt
    assert [choice["method"] for choice in document["choices"]] == ["footer", "banner"]


def test_the_number_is_sent_to_its_page_and_nowhere_else(
    site: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.answer(banner="accept")
    sent, inner = [], site.wsgi_app

    def noting(environ: dict[str, Any], start_response: Any) -> Any:
        if "receipt=" in environ.get("HTTP_COOKIE", ""):
            sent.append(environ["PATH_INFO"])
        return inner(environ, start_response)

    monkeypatch.setattr(site, "wsgi_app", noting)
    for address in (POST, "/", "/privacy/", "/privacy/cookiesx/", "/static/site.css", HOME):
        ada.read(address)
    assert sent == [HOME]


@pytest.mark.parametrize("forged", ["f" * 32, "1", "", "x" * 4_000, "' OR 1=1 --", "%00"])
def test_a_number_that_nobody_was_given_is_replaced(site: Flask, ada: Visitor, forged: str) -> None:
    ada.keep("receipt", forged, HOME)
    assert "There is none" in ada.read(HOME).text
    assert ada.read(f"{HOME}receipt.json").status_code == 404
    ada.answer(banner="refuse")
    assert ada.receipt != forged
    assert len(rows(site, ada.receipt)) == 1


def test_a_receipt_can_be_forgotten_and_the_choice_stays(site: Flask, ada: Visitor) -> None:
    ada.answer(banner="accept")
    number, before = ada.receipt, totals(site)
    answer = ada.answer(f"{HOME}forget/")
    assert answer.headers["Location"] == f"{HOME}#receipt-forgotten"
    assert set(given(answer)) == {"receipt"}
    assert rows(site, number) == []
    assert totals(site) == before + 1
    assert ada.cookie("choice") == "1.1.p1m1"
    assert ada.answer(f"{HOME}forget/").status_code == 303
    assert totals(site) == before + 1


def test_receipts_end_with_their_period_and_totals_stay(make_site: Any) -> None:
    site: Flask = make_site()
    ada, bo = Visitor(site, {}), Visitor(site, {})
    ada.answer(banner="accept")
    bo.answer(banner="accept")
    ada.answer(footer="refuse")
    at = clock.now()
    for days, left in ((760, 3), (762, 2), (182 + 760, 2), (182 + 762, 0)):
        with time_machine.travel(at + timedelta(days=days), tick=False), site.app_context():
            end_receipts()
            assert len(db.session.scalars(sa.select(Receipt)).all()) == left
    with site.app_context():
        kept = db.session.scalars(sa.select(ReceiptTotal)).all()
    assert sorted((row.preferences, row.measurement, row.count) for row in kept) == [
        (False, False, 1),
        (True, True, 2),
    ]
    assert {row.month.day for row in kept} == {1}


def test_ending_them_is_a_job_of_every_day(site: Flask) -> None:
    with site.app_context():
        jobs = {job.name: job for job in registry().every("jobs")}
    assert jobs["consent.end_receipts"].every == timedelta(days=1)
    assert jobs["consent.end_receipts"].run is end_receipts
    assert JobTurn.__tablename__ == "job_turns"


def test_a_site_can_do_without_receipts(make_site: Any) -> None:
    site: Flask = make_site(COOKIE_RECEIPTS=False)
    ada = Visitor(site, {})
    assert set(given(ada.answer(banner="accept"))) == {"choice"}
    page = ada.read(HOME).text
    assert "This site keeps none." in page
    assert "preferences yes, measurement yes, question 1" in page
    with site.app_context():
        assert db.session.scalars(sa.select(Receipt)).all() == []
