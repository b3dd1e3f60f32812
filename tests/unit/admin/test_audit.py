"""The audit log shows everybody what is theirs to read, and nothing more."""

import csv
import io
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.blog import Blog
from app.core.database import db
from app.core.privacy import record
from tests.people import make_member, sign_in, token_in

pytestmark = pytest.mark.database

UID = uuid.UUID(int=7)


@pytest.fixture
def site(app: Flask, read: Any) -> Flask:
    """Mira and Noor administer a blog each, Mo moderates, Otto owns; each left an entry."""
    read()
    with app.app_context():
        make_member("mira", role="administrator", blog="garden")
        make_member("noor", role="administrator", blog="workshop")
        make_member("mo", role="moderator", blog="garden")
        make_member("otto", owner=True)
        ids = {user: make_member(user).id for user in ("mira", "noor", "otto")}
        garden, workshop = (_blog(slug) for slug in ("garden", "workshop"))
        record("ban.set", actor_id=ids["mira"], blog_id=garden, subject_uid=UID, reason="rude")
        record("ban.lift", actor_id=ids["noor"], blog_id=workshop, reason="forgiven")
        record("look.refused", actor_id=ids["otto"], blog_id=garden, field="comment.ip")
        record("keys.extended", actor_id=None, facts={"months": ["2027-01"]})
        db.session.remove()
    return app


def _blog(slug: str) -> int:
    return db.session.scalars(sa.select(Blog.id).where(Blog.slug == slug)).one()


def log(client: FlaskClient, **filters: Any) -> str:
    answer = client.get("/admin/audit/", query_string=filters)
    assert answer.status_code == 200
    return answer.text


GARDEN, WORKSHOP, SITE = "set a ban, Garden", "lifted a ban, Workshop", "made the keys"


@pytest.mark.parametrize(
    ("who", "sees", "sees_not"),
    [
        ("mira", [GARDEN, "was refused a look"], [WORKSHOP, SITE, "forgiven", "noor"]),
        ("noor", [WORKSHOP, "forgiven"], [GARDEN, SITE, "rude", "mira", "was refused"]),
        ("otto", [SITE], [GARDEN, WORKSHOP, "rude", "forgiven", "was refused"]),
    ],
)
def test_everybody_sees_their_own_part(
    site: Flask, who: str, sees: list[str], sees_not: list[str]
) -> None:
    text = log(sign_in(site, who))
    assert [part for part in sees if part not in text] == []
    assert [part for part in sees_not if part in text] == []


def test_an_owner_who_administers_a_blog_sees_both(site: Flask) -> None:
    with site.app_context():
        make_member("otto", role="administrator", blog="garden")
    text = log(sign_in(site, "otto"))
    assert GARDEN in text
    assert SITE in text
    assert WORKSHOP not in text


def test_moderators_have_no_audit_log(site: Flask) -> None:
    client = sign_in(site, "mo")
    for path in ("/admin/audit/", "/admin/audit/export.csv"):
        assert client.get(path).status_code == 404
    assert "Audit log" not in client.get("/admin/").text


def test_it_can_be_narrowed_down_by_who_what_and_about(site: Flask) -> None:
    client = sign_in(site, "mira")
    with site.app_context():
        mira, otto = make_member("mira").id, make_member("otto").id
    assert GARDEN in log(client, who=mira)
    assert GARDEN not in log(client, who=otto)
    assert "was refused" in log(client, who=otto)
    assert GARDEN not in log(client, looks=1)
    assert "was refused" in log(client, what="looks")
    assert "was refused" not in log(client, about=UID)
    assert GARDEN in log(client, about=UID)
    assert "Nothing is on record here, with these filters" in log(client, what="upkeep")


def test_a_filter_never_widens_what_is_seen(site: Flask) -> None:
    with site.app_context():
        workshop, noor = _blog("workshop"), make_member("noor").id
    client = sign_in(site, "mira")
    for filters in ({"blog": workshop}, {"who": noor}, {"blog": workshop, "who": noor}):
        assert WORKSHOP not in log(client, **filters)
        export = client.get("/admin/audit/export.csv", query_string=filters)
        assert "forgiven" not in export.text


def test_no_filter_is_a_fault(site: Flask) -> None:
    client = sign_in(site, "mira")
    for name in ("who", "what", "blog", "about", "before", "looks"):
        for value in ("", "x", "-1", "9" * 30, "%D9%A3", "1e9", "%ED%B3%BF", "0", "%27 OR 1=1"):
            answer = client.get(f"/admin/audit/?{name}={value}")
            assert answer.status_code == 200, (name, value)


def test_the_log_goes_on_over_pages_without_a_gap(site: Flask) -> None:
    with site.app_context():
        garden = _blog("garden")
        for number in range(120):
            record("rules.change", blog_id=garden, facts={"n": number})
    client, before, seen = sign_in(site, "mira"), "", []
    while before is not None:
        text = log(client, what="decisions", before=before)
        seen += [int(part.split("<")[0]) for part in text.split("n: ")[1:]]
        before = text.split("before=")[1].split('"')[0] if "before=" in text else None
    assert seen == list(range(119, -1, -1))


def test_the_page_takes_few_statements(site: Flask, statements: list[str]) -> None:
    """Besides the three that ask who is looking, and the one that asks for changed settings."""
    client = sign_in(site, "mira")
    client.get("/admin/audit/")
    statements.clear()
    log(client)
    assert len(statements) <= 4 + 5, statements


def test_the_export_holds_the_same_and_no_formula(site: Flask) -> None:
    with site.app_context():
        garden = _blog("garden")
        for reason in ("=1+1", "+1", "-1", "@x", "\t=1", 'said "no", twice\nand left'):
            record("ban.set", blog_id=garden, reason=reason)
    answer = sign_in(site, "mira").get("/admin/audit/export.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=audit-")
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    whys = [row["why"] for row in rows]
    assert whys[0] == 'said "no", twice\nand left'
    assert whys[1:6] == ["'\t=1", "'@x", "'-1", "'+1", "'=1+1"]
    assert rows[-1]["who"] == "mira"
    assert rows[-1]["about"] == str(UID)
    assert "forgiven" not in whys


def test_the_chain_can_be_checked_and_a_break_is_told(site: Flask) -> None:
    client = sign_in(site, "mira")
    token = token_in(client.get("/admin/audit/"))
    assert (
        "The chain is whole" in client.post("/admin/audit/check", data={"csrf_token": token}).text
    )
    with site.app_context(), db.engine.begin() as connection:
        _break_chain(connection)
    answer = client.post("/admin/audit/check", data={"csrf_token": token})
    assert "note--bad" in answer.text
    assert "The chain is broken" in log(client)
    assert client.post("/admin/audit/check").status_code == 403


def _break_chain(connection: sa.Connection) -> None:
    """What an intruder with the database in hand would do."""
    if connection.dialect.name == "sqlite":
        for name in connection.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            if name.startswith("audit"):
                connection.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        connection.execute(sa.text("ALTER TABLE audit_details DISABLE TRIGGER USER"))
    connection.execute(sa.text("UPDATE audit_details SET reason = 'kind' WHERE reason = 'rude'"))
