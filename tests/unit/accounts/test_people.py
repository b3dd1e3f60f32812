"""People and roles: who sees whom, who changes what, and that it holds at once."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.accounts.models import Membership
from app.blog import Blog
from app.core.database import db
from app.core.privacy import AuditDetail, AuditLink
from tests.cast import GARDEN, WORKSHOP
from tests.folder import ContentFolder
from tests.mailbox import Mailbox
from tests.people import confirm_second_factor, make_member, member, sign_in, token_in

pytestmark = pytest.mark.database

PEOPLE = "/admin/people/"


@pytest.fixture(autouse=True)
def cast(app: Flask, read: Any) -> None:
    """Otto owns the site; each blog has an administrator, the garden a moderator and an author."""
    read()
    with app.app_context():
        make_member("otto", owner=True)
        make_member("mira", role=Role.ADMINISTRATOR, blog=GARDEN)
        make_member("noor", role=Role.ADMINISTRATOR, blog=WORKSHOP)
        make_member("moss", role=Role.MODERATOR, blog=GARDEN)
        make_member("fern", role=Role.AUTHOR, blog=GARDEN)
        make_member("ada")
        db.session.remove()


def number(app: Flask, username: str) -> int:
    with app.app_context():
        return member(username).id


def blog(app: Flask, slug: str = GARDEN) -> int:
    with app.app_context():
        return db.session.scalars(sa.select(Blog.id).where(Blog.slug == slug)).one()


def role(app: Flask, username: str, slug: str = GARDEN) -> str | None:
    with app.app_context():
        found = db.session.scalar(
            sa.select(Membership.role).where(
                Membership.user_id == member(username).id, Membership.blog_id == blog(app, slug)
            )
        )
        return found.value if found else None


def path(app: Flask, username: str, rest: str = "", slug: str = GARDEN) -> str:
    place = f"roles/{blog(app, slug)}/change/" if rest == "change" else rest
    return f"{PEOPLE}{number(app, username)}/{place}"


def change(
    app: Flask, who: str, whom: str, after: str, before: str | None = None, slug: str = GARDEN
) -> Any:
    """Change a role as `who` would, with the token of a page of theirs."""
    client = sign_in(app, who)
    fields = {
        "csrf_token": token_in(client.get("/account/")),
        "before": before if before is not None else role(app, whom, slug) or "none",
        "after": after,
    }
    return client.post(path(app, whom, "change", slug), data=fields)


def test_the_owner_sees_everybody_with_a_role(app: Flask) -> None:
    page = sign_in(app, "otto").get(PEOPLE).text
    for name in ("otto", "mira", "noor", "moss", "fern"):
        assert f">{name}</a>" in page
    assert ">ada</a>" not in page
    assert ">Owner</span>" in page


def test_an_administrator_sees_the_people_of_their_blogs_only(app: Flask) -> None:
    page = sign_in(app, "mira").get(PEOPLE).text
    for name in ("mira", "moss", "fern"):
        assert f">{name}</a>" in page
    assert "noor" not in page
    assert "otto" not in page
    assert "Workshop" not in page


def test_addresses_are_masked(app: Flask) -> None:
    for client in (sign_in(app, "otto"), sign_in(app, "mira")):
        for address in (PEOPLE, path(app, "moss")):
            page = client.get(address).text
            assert "moss@example.org" not in page
            assert "m•••@e•••.org" in page


@pytest.mark.parametrize("username", ["moss", "fern", "ada"])
def test_to_everybody_else_there_is_no_such_page(app: Flask, username: str) -> None:
    client = sign_in(app, username)
    true_404 = client.get("/admin/no-such-page/")
    for address in (PEOPLE, path(app, "fern"), f"{PEOPLE}invite/", path(app, "fern", "change")):
        answer = client.get(address)
        assert answer.status_code == 404
        assert answer.data == true_404.data
    assert app.test_client().get(PEOPLE).status_code == 303


#: who, whom, on which blog, which role: what happens.
MATRIX = """
    otto  moss  garden    administrator  303
    otto  moss  garden    author         303
    otto  mira  garden    none           303
    otto  ada   workshop  moderator      303
    otto  noor  garden    author         303
    mira  moss  garden    author         303
    mira  moss  garden    none           303
    mira  fern  garden    moderator      303
    mira  moss  garden    administrator  404
    mira  mira  garden    none           404
    mira  mira  workshop  moderator      404
    mira  noor  workshop  none           404
    mira  noor  garden    moderator      404
    mira  moss  workshop  moderator      404
    mira  otto  garden    author         404
    mira  ada   garden    moderator      404
    noor  moss  garden    none           404
    noor  moss  workshop  author         404
    moss  fern  garden    none           404
    moss  moss  garden    administrator  404
    fern  fern  garden    moderator      404
    ada   ada   garden    administrator  404
"""


@pytest.mark.parametrize("line", MATRIX.strip().splitlines())
def test_who_may_give_and_take_which_role(app: Flask, line: str) -> None:
    who, whom, slug, after, status = line.split()
    before = role(app, whom, slug)
    answer = change(app, who, whom, after, slug=slug)
    assert answer.status_code == int(status)
    wanted = (None if after == "none" else after) if status == "303" else before
    assert role(app, whom, slug) == wanted


def test_an_administrator_does_not_unseat_another(app: Flask) -> None:
    with app.app_context():
        make_member("iris", role=Role.ADMINISTRATOR, blog=GARDEN)
        db.session.remove()
    assert change(app, "mira", "iris", "none").status_code == 404
    assert role(app, "iris") == "administrator"


def test_the_change_is_read_before_it_is_made(app: Flask) -> None:
    page = sign_in(app, "otto").get(path(app, "moss", "change") + "?role=administrator").text
    assert "moss is a moderator: decides on what people send in" in page
    assert "moss is an administrator: decides on what people send in, and may open" in page


def test_a_change_read_too_long_ago_is_not_made(app: Flask) -> None:
    change(app, "otto", "moss", "author")
    answer = change(app, "otto", "moss", "none", before="moderator")
    assert answer.status_code == 409
    assert "moss now is an author" in answer.text
    assert role(app, "moss") == "author"


def test_a_change_is_on_record_and_told(app: Flask, outbox: Mailbox) -> None:
    change(app, "otto", "moss", "administrator")
    with app.app_context():
        found = db.session.execute(
            sa.select(AuditLink.kind, AuditDetail.actor_id, AuditDetail.blog_id)
            .join(AuditDetail, AuditDetail.id == AuditLink.id)
            .order_by(AuditLink.id.desc())
        ).first()
    assert tuple(found or ()) == ("role_granted", number(app, "otto"), blog(app))
    assert "is an administrator" in outbox.to("moss@example.org")[0].as_string()


def test_a_role_taken_away_ends_at_the_next_click(app: Flask) -> None:
    client = sign_in(app, "mira")
    assert client.get(PEOPLE).status_code == 200
    change(app, "otto", "mira", "none")
    assert client.get(PEOPLE).status_code == 404
    assert client.get("/account/").status_code == 200


def act(app: Flask, who: str, whom: str, what: str) -> Any:
    client = sign_in(app, who)
    fields = {"csrf_token": token_in(client.get("/account/"))}
    return client.post(path(app, whom, f"{what}/"), data=fields)


def test_a_disabled_account_is_out_at_the_next_click(app: Flask, outbox: Mailbox) -> None:
    client = sign_in(app, "mira")
    assert act(app, "otto", "mira", "disable").status_code == 303
    assert client.get(PEOPLE).location.startswith("/account/log-in/")
    assert "disabled" in outbox.to("mira@example.org")[0]["Subject"]
    assert "Disabled" in sign_in(app, "otto").get(PEOPLE).text
    act(app, "otto", "mira", "enable")
    assert sign_in(app, "mira").get(PEOPLE).status_code == 200


def test_nobody_disables_themselves(app: Flask) -> None:
    with app.app_context():
        make_member("olga", owner=True)
        db.session.remove()
    assert act(app, "otto", "otto", "disable").status_code == 409


def test_the_last_owner_stays(app: Flask) -> None:
    assert act(app, "otto", "otto", "demote").status_code == 409
    act(app, "otto", "mira", "promote")
    assert act(app, "otto", "otto", "demote").location == "/account/"
    assert act(app, "mira", "mira", "demote").status_code == 409


@pytest.mark.parametrize("what", ["disable", "enable", "promote", "demote", "unprotect"])
def test_only_an_owner_acts_on_accounts(app: Flask, what: str) -> None:
    assert act(app, "mira", "moss", what).status_code == 404
    assert sign_in(app, "mira").get(path(app, "moss", f"{what}/")).status_code == 404


def test_an_owner_removes_a_lost_second_factor(app: Flask, outbox: Mailbox) -> None:
    with app.app_context():
        confirm_second_factor("moss")
        db.session.remove()
    client = sign_in(app, "moss")
    assert act(app, "otto", "moss", "unprotect").status_code == 303
    assert client.get("/account/").status_code == 303
    assert "second factor" in outbox.to("moss@example.org")[0].get_body(("plain",)).get_content()
    assert act(app, "otto", "otto", "unprotect").status_code == 409


def test_the_owner_finds_a_member_by_exact_name_or_address(app: Flask) -> None:
    client = sign_in(app, "otto")
    token = token_in(client.get(PEOPLE))
    for name in ("ada", "ADA@example.org"):
        answer = client.post(PEOPLE, data={"csrf_token": token, "name": name})
        assert (answer.status_code, answer.location) == (303, path(app, "ada"))
    nobody = client.post(PEOPLE, data={"csrf_token": token, "name": "ad"})
    assert (nobody.status_code, "Nobody has exactly" in nobody.text) == (422, True)
    assert sign_in(app, "mira").post(PEOPLE, data={"name": "ada"}).status_code == 404


def test_whom_the_owner_looks_for_never_stands_in_an_address(app: Flask) -> None:
    client = sign_in(app, "otto")
    asked = client.get(PEOPLE, query_string={"name": "ada@example.org"})
    assert asked.status_code == 200
    assert "ada@example.org" not in asked.text
    assert '<form class="filters" method="post"' in asked.text


def test_a_form_without_its_token_changes_nothing(app: Flask) -> None:
    client: FlaskClient = sign_in(app, "otto")
    fields = {"before": "moderator", "after": "none"}
    assert client.post(path(app, "moss", "change"), data=fields).status_code == 422
    for what in ("disable", "promote", "unprotect"):
        assert client.post(path(app, "moss", f"{what}/")).status_code == 422
    assert role(app, "moss") == "moderator"


@pytest.mark.parametrize("rest", ["change", "disable/", "promote/"])
def test_changes_need_a_recent_sign_in(app: Flask, rest: str) -> None:
    app.config["RECENT_SIGN_IN_HOURS"] = -1
    client = sign_in(app, "otto")
    assert client.get(path(app, "moss", rest)).location.startswith("/account/confirm/?next=")
    assert client.post(path(app, "moss", rest)).location.startswith("/account/confirm/")


def test_the_pages_stay_small_in_statements(app: Flask, statements: list[str]) -> None:
    client = sign_in(app, "otto")
    client.get(PEOPLE)
    statements.clear()
    client.get(PEOPLE)
    assert len([line for line in statements if line.startswith("SELECT")]) <= 14


def test_many_blogs_share_one_column(app: Flask, content: ContentFolder, read: Any) -> None:
    for letter in "abcd":
        content.write(f"blogs/{letter}/blog.toml", f'title = "Blog {letter}"\ndescription = "x"\n')
    read()
    page = sign_in(app, "otto").get(PEOPLE).text
    assert '<th scope="col">Roles</th>' in page
    assert "moderator of Garden" in page


def test_a_person_is_shown_with_what_each_role_means(app: Flask) -> None:
    page = sign_in(app, "otto").get(path(app, "mira")).text
    assert "Administrator: decides on what people send in, and may open" in page
    assert "email and IP address" in page
    assert "No role" in page
