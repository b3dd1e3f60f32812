"""Emails and addresses that exist nowhere else, left through the real forms, then hunted.

Whoever comments, signs up or is invited leaves one. Everything that anybody but an
administrator of that blog can get hold of is searched for them afterwards, in every
form a byte can take: pages, feeds, answers to searches, mail, logs, and the raw files.
"""

import base64
import hashlib
import ipaddress
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.comments import Comment
from app.core.config import Config
from app.core.content import sync
from app.core.database import Model, db
from app.core.jobs import run_due
from app.core.logs import JsonLines
from tests.cast import FAY, FEEDBACK, GARDEN, MIRA, NOOR, WORKSHOP
from tests.databases import disconnect
from tests.folder import ContentFolder
from tests.people import make_member, make_trusted, sign_in, token_in
from tests.street import ADDRESSES, build_street

pytestmark = pytest.mark.database

COMMENTER = "canary.bo.3f9c@example.org"
ANSWERER = "canary.cy.77ab@example.net"
NEWCOMER = "canary.dee.5e01@example.com"
SENDER = "canary.eve.91d2@example.org"
EMAILS = (COMMENTER, ANSWERER, NEWCOMER, SENDER)
ADDRESS, OTHER_ADDRESS = "203.0.113.77", "2001:db8:9f3c:77ab::5e01"
IPS = (ADDRESS, OTHER_ADDRESS)
#: Words and a name that came with feedback, of which nothing was agreed to.
PRIVATE = ("canary words for nobody but you", "Eve Canary-Nine")
AGENT = "CanaryBrowser/7.7 (canary-agent-1c44)"

_STAMP = re.compile(r'name="stamp"[^>]*value="([^"]+)"')
#: Addresses without their queries: lists can be narrowed down in endlessly many ways.
_LINK = re.compile(r'(?:href|action)="(/[^"#?]*)"')


@dataclass
class Scene:
    """The site after a day on which everything happened."""

    app: Flask
    instance: Path
    log: list[str]


class Told(logging.Handler):
    """Every line that the program logged, as its log would have it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def log() -> Iterator[list[str]]:
    told = Told()
    loggers = [logging.getLogger(name) for name in ("", "app", "sqlalchemy", "werkzeug")]
    for logger in loggers:
        logger.addHandler(told)
    yield told.lines
    for logger in loggers:
        logger.removeHandler(told)


@pytest.fixture(scope="module")
def street(
    tmp_path_factory: pytest.TempPathFactory, new_database: Any, key_file: Path
) -> Iterator[Flask]:
    """Green Street with a workshop, read once for all tests of this module."""
    folder = tmp_path_factory.mktemp("canaries")
    content = ContentFolder(folder / "content")
    content.furnish()
    build_street(content)
    content.post("chairs", blog=WORKSHOP)
    (folder / "instance").mkdir(mode=0o700)
    places = {"INSTANCE": folder / "instance", "CONTENT": content.root, "KEY_FILE": key_file}
    app = create_app(Config.for_tests(**places, DATABASE_URL=new_database()))
    with app.app_context():
        sync()
        db.session.remove()
    yield app
    disconnect(app)


@pytest.fixture(scope="module")
def scene(street: Flask, log: list[str]) -> Scene:
    app = street
    with app.app_context():
        make_member(MIRA, role="administrator", blog=GARDEN)
        make_member("max", role="moderator", blog=GARDEN)
        make_member(NOOR, role="administrator", blog=WORKSHOP)
        make_member("otto", owner=True)
        make_trusted(MIRA)
        make_trusted(NOOR)
        make_member(FAY, role="administrator", blog=FEEDBACK)
        make_trusted(FAY)
    comment(app, "Tulips like sun.", COMMENTER, ADDRESS, wants_replies="y")
    comment(app, "See http://example.com and http://example.net", ANSWERER, OTHER_ADDRESS)
    comment(app, "", COMMENTER, ADDRESS)
    comment(app, "A bad address.", f"{COMMENTER}@@", ADDRESS)
    feedback(app, SENDER)
    feedback(app, f"{SENDER}@@")
    sign_up(app)
    moderate(app)
    look_at_feedback(app)
    with app.app_context():
        run_due()
        db.session.remove()
    return Scene(app, app.config["INSTANCE"], log)


def comment(app: Flask, text: str, email: str, ip: str, **more: str) -> None:
    client = app.test_client()
    origin = {"REMOTE_ADDR": ip, "HTTP_USER_AGENT": AGENT, "HTTP_SEC_FETCH_SITE": "same-origin"}
    page = client.get("/garden/tulips/", environ_base=origin)
    stamp = _STAMP.search(page.text)
    assert stamp, "no form"
    fields = {"name": "Bo", "email": email, "text": text, "stamp": stamp[1], "subject": ""} | more
    answer = client.post("/garden/tulips/comments", data=fields, environ_base=origin)
    is_whole = bool(text) and "@@" not in email
    assert answer.status_code == (303 if is_whole else 422)


def feedback(app: Flask, email: str) -> None:
    """Send feedback, ask for the second page, and leave it there."""
    client = app.test_client()
    origin = {
        "REMOTE_ADDR": OTHER_ADDRESS,
        "HTTP_USER_AGENT": AGENT,
        "HTTP_SEC_FETCH_SITE": "same-origin",
    }
    page = client.get("/feedback/new/", environ_base=origin)
    stamp = _STAMP.search(page.text)
    assert stamp, "no form"
    words, name = PRIVATE
    fields = {"kind": "praise", "text": words, "name": name, "email": email, "stamp": stamp[1]}
    answer = client.post("/feedback/new/", data=fields, environ_base=origin)
    assert answer.status_code == (422 if "@@" in email else 303)
    if answer.location:
        own = client.get(answer.location, environ_base=origin)
        assert given_away(own.data) == [], "its sender sees a mask"
        chosen = {"text": words, "name": name, "credit": "full", "preview": "1"}
        client.post(f"{answer.location}publish/", data=chosen, environ_base=origin)


def look_at_feedback(app: Flask) -> None:
    """Fay looks at what is sealed in the feedback; Noor tries the same."""
    fay, noor = sign_in(app, FAY), sign_in(app, NOOR)
    for field, canary in (("email", SENDER), ("ip", OTHER_ADDRESS)):
        page = fay.get("/admin/feedback/1/")
        shown = fay.post("/admin/feedback/1/", data=look(page, field))
        assert canary in shown.text, "an administrator may see it"
        assert noor.post("/admin/feedback/1/", data=look(page, field)).status_code == 404


def sign_up(app: Flask) -> None:
    client = app.test_client()
    origin = {
        "REMOTE_ADDR": ADDRESS,
        "HTTP_USER_AGENT": AGENT,
        "HTTP_SEC_FETCH_SITE": "same-origin",
    }
    fields = {"username": "dee", "email": NEWCOMER}
    answer = client.post("/account/sign-up/", data=fields, environ_base=origin)
    assert answer.status_code in (200, 303)
    wrong = {"login": NEWCOMER, "username": NEWCOMER, "email": NEWCOMER, "password": "x" * 14}
    client.post("/account/log-in/", data=wrong, environ_base=origin)


def moderate(app: Flask) -> None:
    """Mira approves what waits and looks at what is sealed; Noor tries the same."""
    mira, noor = sign_in(app, MIRA), sign_in(app, NOOR)
    for comment_id in comment_ids(app):
        case = f"/admin/comments/{comment_id}/"
        for field, canary in (("email", EMAILS), ("ip", IPS)):
            page = mira.get(case)
            shown = mira.post(case, data=look(page, field))
            assert shown.status_code == 200, shown.headers
            assert any(value in shown.text for value in canary), "an administrator may see it"
            refused = noor.post(case, data=look(page, field))
            assert refused.status_code == 404
        listed = mira.get("/admin/comments/")
        revision = re.search(rf"approve\.{comment_id}\.(\d+)", listed.text)
        assert revision
        decided = {"csrf_token": token_in(listed), "do": revision[0], "back": "", "order": ""}
        assert mira.post("/admin/comments/decide/", data=decided).status_code == 303


def look(page: Any, field: str) -> dict[str, str]:
    return {"csrf_token": token_in(page), "field": field, "reason": "moderation", "note": ""}


def comment_ids(app: Flask) -> list[int]:
    with app.app_context():
        ids = list(db.session.scalars(sa.select(Comment.id).order_by(Comment.id)))
        db.session.remove()
    return ids


def traces(*values: str) -> dict[bytes, str]:
    """What would give a value away, by its bytes: as text, encoded, or hashed without a key."""
    found: dict[bytes, str] = {}
    for value in values:
        for form in {value, value.lower(), value.upper()}:
            raw = form.encode()
            found |= {raw: f"{value} as text", raw.hex().encode(): f"{value} in hexadecimal"}
            found[base64.b64encode(raw).rstrip(b"=")] = f"{value} in base64"
            for name in ("md5", "sha1", "sha256"):
                digest = hashlib.new(name, raw, usedforsecurity=False)
                found[digest.hexdigest().encode()] = f"{name} of {value}"
                found[digest.digest()] = f"raw {name} of {value}"
    return found


PERSONAL = traces(*EMAILS, *IPS, AGENT) | {
    ipaddress.ip_address(ip).packed.hex().encode(): f"{ip} packed, in hexadecimal" for ip in IPS
}


def given_away(body: bytes, allowed: tuple[str, ...] = ()) -> list[str]:
    return sorted(
        {told for trace, told in PERSONAL.items() if trace in body and not told.startswith(allowed)}
        if allowed
        else {told for trace, told in PERSONAL.items() if trace in body}
    )


def walk(client: FlaskClient, seeds: tuple[str, ...]) -> dict[str, bytes]:
    """Everything that can be reached from the seeds by following links, by its address."""
    waiting, seen = list(seeds), {}
    while waiting:
        address = waiting.pop()
        if address in seen or "log-out" in address:
            continue
        answer = client.get(address, buffered=True)
        seen[address] = answer.data + str(answer.headers).encode()
        if answer.mimetype == "text/html":
            waiting += _LINK.findall(answer.text)
    return seen


def test_no_public_page_gives_one_away(scene: Scene) -> None:
    searches = tuple(f"/search/?q={value}" for value in ("tulips", "canary", "example"))
    pages = walk(scene.app.test_client(), (*ADDRESSES, *searches))
    assert len(pages) > 40
    assert [address for address, body in pages.items() if b"X-Request-Reference" in body] == []
    assert any(b"Tulips like sun." in body for body in pages.values())
    leaks = {address: given_away(body) for address, body in pages.items()}
    assert {address: found for address, found in leaks.items() if found} == {}


@pytest.mark.promise("own-blog-only")
@pytest.mark.parametrize("who", [NOOR, "max", "otto"])
def test_no_page_of_anybody_else_gives_one_away(scene: Scene, who: str) -> None:
    pages = walk(sign_in(scene.app, who), ("/admin/", "/account/", "/admin/comments/"))
    assert len(pages) > 3
    leaks = {address: given_away(body) for address, body in pages.items()}
    assert {address: found for address, found in leaks.items() if found} == {}


def test_an_administrator_finds_masks_until_she_looks(scene: Scene) -> None:
    pages = walk(sign_in(scene.app, MIRA), ("/admin/", "/admin/comments/?state=shown"))
    leaks = {address: given_away(body) for address, body in pages.items()}
    assert {address: found for address, found in leaks.items() if found} == {}
    assert any("c•••@e•••" in body.decode("utf-8", "replace") for body in pages.values())


def test_an_administrator_of_the_room_finds_masks_until_she_looks(scene: Scene) -> None:
    pages = walk(sign_in(scene.app, FAY), ("/admin/feedback/",))
    leaks = {address: given_away(body) for address, body in pages.items()}
    assert {address: found for address, found in leaks.items() if found} == {}
    assert any(PRIVATE[0].encode() in body for body in pages.values())


def test_private_feedback_is_nobodys_but_the_rooms(scene: Scene) -> None:
    browsers = {"nobody": scene.app.test_client()}
    browsers |= {who: sign_in(scene.app, who) for who in (NOOR, MIRA, "otto")}
    for who, browser in browsers.items():
        seeds = ADDRESSES if who == "nobody" else ("/admin/", "/account/", "/admin/comments/")
        for address, body in walk(browser, seeds).items():
            assert [words for words in PRIVATE if words.encode() in body] == [], (who, address)


def test_a_moderator_sees_no_part_of_an_address(scene: Scene) -> None:
    pages = walk(sign_in(scene.app, "max"), ("/admin/comments/", "/admin/comments/?state=shown"))
    # On the pages of the account stands the moderator's own.
    theirs = [body for address, body in pages.items() if address.startswith("/admin/")]
    assert len(theirs) > 3
    text = b"\n".join(theirs).decode("utf-8", "replace")
    assert "203.0" not in text
    assert "2001:db8" not in text


@pytest.mark.promise("reading-leaves-nothing")
def test_the_log_has_none(scene: Scene) -> None:
    logging.getLogger("app").info("this is heard")
    assert "this is heard" in scene.log[-1]
    assert given_away("\n".join(scene.log).encode()) == []


def test_mail_names_nobody_but_its_reader(scene: Scene) -> None:
    letters = sorted((scene.instance / "outbox").glob("*.eml"))
    assert letters
    for letter in letters:
        body = letter.read_bytes()
        reader = next((email for email in EMAILS if f"To: {email}".encode() in body), None)
        assert given_away(body, allowed=(reader,) if reader else ()) == [], letter.name


def test_no_other_file_of_the_site_has_one(scene: Scene) -> None:
    files = [
        file
        for file in scene.instance.rglob("*")
        if file.is_file() and file.suffix != ".eml" and "media" not in file.parts
    ]
    assert files
    leaks = {file.name: given_away(file.read_bytes()) for file in files}
    assert {name: found for name, found in leaks.items() if found} == {}


@pytest.mark.promise("sealed-at-rest")
def test_the_stolen_database_has_none(scene: Scene) -> None:
    url = sa.make_url(scene.app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite":
        stolen = [Path(f"{url.database}{end}") for end in ("", "-wal", "-shm")]
        body = b"".join(file.read_bytes() for file in stolen if file.exists())
    else:
        body = b"\n".join(every_value(scene.app))
    assert b"Tulips like sun." in body
    packed = [ip for ip in IPS if ipaddress.ip_address(ip).packed in body]
    assert (given_away(body), packed) == ([], [])


def every_value(app: Flask) -> Iterator[bytes]:
    """What the tables hold, value by value, as their bytes."""
    with app.app_context():
        for table in Model.metadata.sorted_tables:
            for row in db.session.execute(
                sa.select(*[sa.column(c.name) for c in table.columns]).select_from(table)
            ):
                for value in row:
                    yield (
                        bytes(value)
                        if isinstance(value, bytes | memoryview)
                        else str(value).encode()
                    )
        db.session.remove()


def test_what_gives_a_value_away_is_recognised() -> None:
    for planted in (COMMENTER, COMMENTER.upper(), base64.b64encode(COMMENTER.encode()).decode()):
        assert given_away(f"<p>{planted}</p>".encode())
    digest = hashlib.sha256(ADDRESS.encode()).hexdigest()
    assert given_away(digest.encode())
    assert given_away(b"nothing here") == []
