"""Forms: the token of a member, the stamp of anyone, and text that is cleaned and kept."""

import html
import io
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, StringField, TextAreaField

from app.core import clock
from app.core.registry import Registry
from app.core.web import PublicForm, public, stamp, stamp_problem, visitor
from app.core.web.forms import LONG_FIELDS, SECRET_FIELDS
from tests.unit.web.planted import CAST, plant
from tests.wire import Answer, ask

pytestmark = pytest.mark.database

TEXT = "Two lines\nof <b>text</b> & more"


@pytest.fixture
def planted(make_app: Any, read: Any, monkeypatch: pytest.MonkeyPatch) -> Flask:
    load = property(lambda _registry: lambda cookie: CAST[cookie]())
    monkeypatch.setattr(Registry, "load_viewer", load)
    app: Flask = make_app()
    plant(app)
    return app


def send(app: Flask, who: str, path: str = "/planted/note/", **fields: str) -> Answer:
    body = urlencode(fields).encode()
    return ask(
        app,
        path,
        "POST",
        HTTP_COOKIE=f"session={who}",
        HTTP_SEC_FETCH_SITE="same-origin",
        CONTENT_TYPE="application/x-www-form-urlencoded",
        CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": io.BytesIO(body)},
    )


def token(app: Flask, who: str) -> str:
    page = ask(app, "/planted/note/", HTTP_COOKIE=f"session={who}").text
    found = re.search(r'id="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_form_with_its_token_is_taken(planted: Flask) -> None:
    answer = send(planted, "bo", title="T", remark=TEXT, csrf_token=token(planted, "bo"))
    assert answer.status == 303


@pytest.mark.parametrize(
    "given", ["", "x", "x.y", "9999999999.", "٣.abc", "1.1\x00", "-1." + "0" * 32]
)
def test_without_it_the_form_comes_back_with_text_and_a_new_token(
    planted: Flask, given: str
) -> None:
    answer = send(planted, "bo", title="T", remark=TEXT, csrf_token=given)
    assert answer.status == 422
    assert html.escape(TEXT, quote=False) in answer.text
    assert "This page had been open for too long" in answer.text
    fresh = re.search(r'id="csrf_token"[^>]*value="([^"]+)"', answer.text)
    assert fresh
    assert send(planted, "bo", title="T", remark=TEXT, csrf_token=fresh[1]).status == 303


def test_a_token_is_of_one_session(planted: Flask) -> None:
    stolen = token(planted, "otto")
    assert send(planted, "bo", title="T", remark=TEXT, csrf_token=stolen).status == 422


def test_a_token_lasts_half_a_day(planted: Flask) -> None:
    old = token(planted, "bo")
    for hours, status in ((11.9, 303), (12.1, 422)):
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
            assert send(planted, "bo", title="T", remark=TEXT, csrf_token=old).status == status


def test_a_button_needs_the_token_too(planted: Flask) -> None:
    assert send(planted, "bo", "/planted/act/", csrf_token=token(planted, "bo")).status == 303
    refused = send(planted, "bo", "/planted/act/", csrf_token="x")
    assert refused.status == 403
    assert "reload the page" in refused.text


def test_errors_stand_first_are_named_and_lead_to_their_field(planted: Flask) -> None:
    answer = send(planted, "bo", title="far too long a title", csrf_token=token(planted, "bo"))
    assert answer.status == 422
    assert "<title>Error: Note" in answer.text
    summary, _, rest = answer.text.partition('id="problems"')[2].partition("</div>")
    assert 'tabindex="-1"' in summary
    assert 'href="#title"' in summary
    assert 'href="#remark"' in summary
    assert 'action="#problems"' in answer.text
    assert rest.count('aria-invalid="true"') == 2
    assert 'aria-describedby="remark-hint remark-error"' in rest
    assert "At most 5,000 characters." in rest


def test_a_password_never_comes_back(planted: Flask) -> None:
    answer = send(planted, "bo", title="", passphrase="hunter2hunter2", csrf_token="")
    assert answer.status == 422
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", ""])
@pytest.mark.parametrize("body", [b'{"title": {"a": 1}}', b"[]", b"\xff\x00", b""])
def test_a_body_of_another_kind_is_no_form(planted: Flask, kind: str, body: bytes) -> None:
    answer = ask(
        planted,
        "/planted/note/",
        "POST",
        HTTP_COOKIE="session=bo",
        HTTP_SEC_FETCH_SITE="same-origin",
        CONTENT_TYPE=kind,
        CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": io.BytesIO(body)},
    )
    assert answer.status == 422


class Loose(PublicForm):
    """Every kind of text."""

    line = StringField("Line", filters=[str.upper])
    text = TextAreaField("Text")
    secret = PasswordField("Secret")


def test_public_forms_have_no_token_and_touch_no_session(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"line": "x"}):
        form = Loose()
        assert form.validate_on_submit()
        assert "csrf_token" not in form


def test_text_comes_in_clean_and_secrets_as_they_are(app: Flask) -> None:
    sent = {"line": " a\x00b \n c\u202e ", "text": "a\r\nb\x07", "secret": " p\x00w "}
    with app.test_request_context("/"):
        form = Loose(MultiDict(sent))
        assert (form.line.data, form.text.data, form.secret.data) == ("AB C", "a\nb", " p\x00w ")


def test_every_long_field_of_the_product_is_given_back_and_no_secret_is(app: Flask) -> None:
    assert LONG_FIELDS["text"]
    assert {"csrf_token", "secret", "passphrase"} <= SECRET_FIELDS
    assert not LONG_FIELDS.keys() & SECRET_FIELDS


def test_a_stamp_tells_when_the_form_was_shown(app: Flask) -> None:
    whole = clock.now().replace(microsecond=0)
    app.add_url_rule("/for-one/", "for_one", visitor(lambda: ""))
    with app.test_request_context("/for-one/"), time_machine.travel(whole, tick=False) as traveller:
        given = stamp("comment", 7)
        moments = ((0, "young"), (1.9, "young"), (2, None), (172_800, None), (172_801, "old"))
        for seconds, problem in moments:
            with time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=False):
                assert stamp_problem("comment", 7, given) == problem
        traveller.shift(-61)
        assert stamp_problem("comment", 7, given) == "forged"


@pytest.mark.parametrize("given", [None, "", "x", "1.2", "٣.x", "9" * 5_000 + ".x", "\x00.\udcff"])
def test_what_is_no_stamp_is_missing_or_forged_and_never_a_fault(app: Flask, given: str) -> None:
    with app.test_request_context("/"):
        assert stamp_problem("comment", 7, given) == ("forged" if given else "missing")


def test_a_stamp_is_for_one_form_and_one_subject(app: Flask) -> None:
    with app.test_request_context("/"):
        given = stamp("comment", 7)
        assert stamp_problem("comment", 8, given) == "forged"
        assert stamp_problem("report", 7, given) == "forged"
        moment, _, signature = given.partition(".")
        assert stamp_problem("comment", 7, f"{int(moment) - 3_600}.{signature}") == "forged"


def test_pages_for_everybody_carry_one_stamp_an_hour(app: Flask) -> None:
    app.add_url_rule("/for-all/", "for_all", public(lambda: stamp("comment", 7)))
    app.add_url_rule("/for-one/", "for_one", visitor(lambda: stamp("comment", 7)))
    noon = clock.now().replace(minute=0, second=1)
    seen: dict[str, list[str]] = {"/for-all/": [], "/for-one/": []}
    for minutes in (0, 30, 61):
        with time_machine.travel(noon + timedelta(minutes=minutes), tick=False):
            for path, found in seen.items():
                found.append(ask(app, path).text)
    first, same, next_hour = seen["/for-all/"]
    assert first == same != next_hour
    assert len(set(seen["/for-one/"])) == 3
