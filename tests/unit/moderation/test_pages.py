"""The pages of moderators: their own blogs only, rules tried out first, bans warn first."""

from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.comments import Comment, State
from app.core import clock
from app.core.database import db
from app.moderation import Ban, BanDraft, Earned, Scope, Trust, ban, is_banned, rules_of, trust
from app.moderation.notes import save_reply
from tests.cast import GARDEN, MIRA, WORKSHOP
from tests.factories import make_comment
from tests.people import member, token_in
from tests.unit.moderation.conftest import Browser

pytestmark = pytest.mark.database

EMAIL, IP = "bo@example.org", "203.0.113.7"
PAGES = (
    "words/garden",
    "bans",
    "bans/new",
    "trust",
    "decisions",
    "moderation",
    "reports",
    "replies/garden",
)


def keep_out(blog_id: int, scope: Scope = Scope.EMAIL, value: str = EMAIL) -> Ban:
    """A ban that is there already."""
    return ban(BanDraft(blog_id, scope, "Insults"), value, actor_id=member(MIRA).id)


def trust_bo(blog_id: int) -> Trust:
    """Bo, trusted for a comment."""
    comment = make_comment(email=EMAIL)
    return trust(Earned(comment, blog_id, "Bo", comment.text, is_proved=True), actor_id=None)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_who_has_the_right_and_for_nobody_else(
    app: Flask, mira: Browser, mo: Browser, page: str
) -> None:
    assert mira.get(f"/admin/{page}/").status_code == 200
    assert mo.get(f"/admin/{page}/").status_code == (404 if page == "words/garden" else 200)
    nobody = Context().run(app.test_client().get, f"/admin/{page}/")
    assert nobody.status_code == 303


@pytest.mark.parametrize("page", ["words", "replies"])
def test_a_page_about_one_blog_opens_for_the_first_one(mira: Browser, page: str) -> None:
    answer = mira.get(f"/admin/{page}/")
    assert (answer.status_code, answer.location) == (303, f"/admin/{page}/garden/")


@pytest.mark.parametrize("page", ["words", "replies"])
def test_another_blogs_page_is_the_page_that_is_not_there(noor: Browser, page: str) -> None:
    theirs, nowhere = (noor.get(f"/admin/{page}/{slug}/") for slug in (GARDEN, "nonesuch"))
    assert theirs.status_code == nowhere.status_code == 404
    assert theirs.text.replace(f"/{page}/{GARDEN}/", f"/{page}/nonesuch/") == nowhere.text
    assert noor.get(f"/admin/{page}/{WORKSHOP}/").status_code == 200


def test_nothing_of_another_blog_stands_in_any_list(noor: Browser, garden: int) -> None:
    keep_out(garden)
    trust_bo(garden)
    save_reply(garden, "Greeting of the garden", "Hello")
    for page in ("bans", "trust", "decisions", "moderation", "replies/workshop"):
        text = noor.get(f"/admin/{page}/").text
        for secret in ("Insults", "e•••.org", "Greeting of the garden", "Take back"):
            assert secret not in text, page


def test_nothing_of_another_blog_can_be_changed(noor: Browser, garden: int) -> None:
    held, trusted = keep_out(garden), trust_bo(garden)
    reply = save_reply(garden, "Greeting", "Hello")
    token = token_in(noor.get("/admin/bans/new/"))
    for action in (f"bans/{held.id}/lift", f"trust/{trusted.id}", f"replies/{reply.id}/remove"):
        answer = noor.post(f"/admin/{action}/", csrf_token=token)
        assert answer.status_code == 404, action
    rules = noor.post("/admin/words/garden/", csrf_token=token, words="x")
    assert rules.status_code == 404
    fields = {"blog": garden, "scope": "email", "value": EMAIL, "reason": "x", "lasts": "day"}
    assert noor.send("/admin/bans/new/", **fields).status_code == 422
    assert is_banned(garden, EMAIL, None)


def test_a_changed_word_list_is_tried_out_before_it_is_saved(mira: Browser, garden: int) -> None:
    make_comment(text="Cheap casino chips", state=State.SPAM)
    make_comment(text="The casino in our town has a garden", state=State.SHOWN)
    make_comment(text="Tulips", state=State.SHOWN)
    fields = {"words": "casino\nflorin", "links_allowed": 1, "report_threshold": 0, "revision": 0}
    tried = mira.send("/admin/words/garden/", **fields)
    assert tried.status_code == 200
    assert "It would have held 2 comments of the past 90 days: 1 spam, 1 approved." in tried.text
    assert "Line 1 would have held 2, 1 of them approved." in tried.text
    assert rules_of(garden).words == ""
    printed = tried.text.split('name="tried"')[1].split('value="')[1].split('"')[0]
    saved = mira.send("/admin/words/garden/", **fields, tried=printed)
    assert (saved.status_code, saved.location) == (303, "/admin/words/garden/#saved")
    db.session.rollback()
    assert rules_of(garden).words == "casino\nflorin"


def test_what_was_tried_out_is_not_what_another_list_would_do(mira: Browser, garden: int) -> None:
    fields = {"links_allowed": 1, "report_threshold": 0, "revision": 0}
    tried = mira.send("/admin/words/garden/", words="casino", **fields)
    printed = tried.text.split('name="tried"')[1].split('value="')[1].split('"')[0]
    other = mira.send("/admin/words/garden/", words="garden", tried=printed, **fields)
    assert other.status_code == 200
    assert rules_of(garden).words == ""


def test_the_other_rules_are_saved_at_once(mira: Browser, garden: int) -> None:
    fields = {"words": "", "links_allowed": 3, "report_threshold": 2, "revision": 0}
    assert mira.send("/admin/words/garden/", publishes_first="y", **fields).status_code == 303
    db.session.rollback()
    rules = rules_of(garden)
    assert (rules.links_allowed, rules.report_threshold, rules.publishes_first) == (3, 2, True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"words": "a*"}, "nearly everything"),
        ({"links_allowed": "many"}, "Not a valid integer"),
        ({"links_allowed": 99}, "Between 0 and 20"),
        ({"report_threshold": ""}, "whole number"),
        ({"words": "w\n" * 20_000}, "At most"),
    ],
)
def test_rules_that_make_no_sense_come_back_with_what_was_typed(
    mira: Browser, fields: dict[str, Any], words: str
) -> None:
    good = {"words": "casino", "links_allowed": 1, "report_threshold": 0, "revision": 0}
    answer = mira.send("/admin/words/garden/", **good | fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert str((good | fields)["words"])[:9].strip() in answer.text


def test_a_form_that_was_overtaken_says_so_and_gives_the_words_back(
    mira: Browser, garden: int
) -> None:
    fields = {"words": "", "links_allowed": 3, "report_threshold": 0, "revision": 0}
    mira.send("/admin/words/garden/", **fields)
    answer = mira.send("/admin/words/garden/", **fields | {"links_allowed": 4})
    assert answer.status_code == 409
    assert "Somebody else has changed these settings" in answer.text
    db.session.rollback()
    assert rules_of(garden).links_allowed == 3


def test_a_ban_is_set_only_after_its_warning(mira: Browser, garden: int) -> None:
    for number, name in enumerate(("Bo", "Di", "Em")):
        make_comment(email=None, name=name, ip=f"203.0.113.{number + 1}")
    fields = {"blog": garden, "scope": "neighbourhood", "value": IP, "lasts": "week"}
    fields |= {"reason": "Insults"}
    warned = mira.send("/admin/bans/new/", **fields)
    assert warned.status_code == 200
    assert "All 3 authors known to have written" in warned.text
    assert is_banned(garden, None, IP) is None
    printed = warned.text.split('name="warned"')[1].split('value="')[1].split('"')[0]
    other = mira.send("/admin/bans/new/", **fields | {"value": "198.51.100.1"}, warned=printed)
    assert other.status_code == 200
    done = mira.send("/admin/bans/new/", **fields, warned=printed)
    assert (done.status_code, done.location) == (303, "/admin/bans/#set")
    assert is_banned(garden, None, "203.0.113.99")
    assert is_banned(garden, None, "198.51.100.1") is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": ""}, "Type whom to keep out"),
        ({"reason": ""}, "is told why"),
        ({"scope": "everybody"}, "Not a valid choice"),
        ({"lasts": "for ever"}, "Not a valid choice"),
        ({"blog": "x"}, "Invalid Choice"),
        ({"value": "nobody"}, "not an email address"),
        ({"value": "x" * 300}, "longer than 254"),
        ({"scope": "address", "value": "300.1.1.1"}, "not an address such as"),
    ],
)
def test_a_ban_that_makes_no_sense_comes_back(
    mira: Browser, garden: int, fields: dict[str, Any], words: str
) -> None:
    good = {"blog": garden, "scope": "email", "value": EMAIL, "lasts": "day", "reason": "Insults"}
    answer = mira.send("/admin/bans/new/", **good | fields)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_moderator_sees_no_part_of_an_address(mira: Browser, mo: Browser, garden: int) -> None:
    keep_out(garden, Scope.ADDRESS, IP)
    keep_out(garden)
    for client, sees in ((mira, True), (mo, False)):
        text = client.get("/admin/bans/").text
        assert "b•••@e•••.org" in text
        assert ("203.0" in text) is sees
        assert EMAIL not in text
        assert IP not in text


@pytest.mark.parametrize("scope", ["address", "neighbourhood"])
def test_a_moderator_cannot_ask_by_a_ban_who_wrote_from_an_address(
    mo: Browser, garden: int, scope: str
) -> None:
    make_comment(name="Bo", ip=IP)
    assert "This one address" not in mo.get("/admin/bans/new/").text
    fields = {"blog": garden, "scope": scope, "value": IP, "lasts": "day", "reason": "Insults"}
    answer = mo.send("/admin/bans/new/", **fields)
    assert answer.status_code == 422
    assert "known to have written" not in answer.text
    by_email = mo.send("/admin/bans/new/", **fields | {"scope": "email", "value": EMAIL})
    assert (by_email.status_code, "Who else" in by_email.text) == (200, True)


def test_a_number_that_no_row_has_breaks_no_page(mira: Browser, garden: int) -> None:
    assert mira.get(f"/admin/trust/?before={2**63}").status_code == 200
    assert mira.get("/admin/decisions/?to=%00").status_code == 200
    rules = {"words": "", "links_allowed": 1, "report_threshold": 0, "revision": "9" * 5_000}
    assert mira.send("/admin/words/garden/", **rules).status_code == 409


def test_a_ban_is_lifted_by_its_button(mira: Browser, garden: int) -> None:
    held = keep_out(garden)
    done = mira.send("/admin/bans/", f"/admin/bans/{held.id}/lift/")
    assert (done.status_code, done.location) == (303, "/admin/bans/#lifted")
    assert is_banned(garden, EMAIL, None) is None
    assert "lifted on" in mira.get("/admin/bans/").text


def test_trust_is_taken_back_and_what_it_let_through_waits_again(
    mira: Browser, garden: int
) -> None:
    old = make_comment(email=EMAIL, text="Old.", created_at=clock.now() - timedelta(days=40))
    trusted = trust_bo(garden)
    other = make_comment(email="ada@example.org", text="Of another.")
    page = f"/admin/trust/{trusted.id}/"
    day = (clock.now() - timedelta(days=10)).date().isoformat()
    assert mira.send(page, since="soon").status_code == 422
    done = mira.send(page, since=day)
    assert (done.status_code, done.location) == (303, "/admin/trust/#revoked")
    db.session.rollback()
    states = dict(db.session.execute(sa.select(Comment.id, Comment.state)).all())
    assert states.pop(old.id) is State.SHOWN
    assert states.pop(other.id) is State.SHOWN
    assert list(states.values()) == [State.HELD]
    assert "Take back" not in mira.get("/admin/trust/").text


def test_a_reply_is_kept_and_removed(mira: Browser, garden: int) -> None:
    page = "/admin/replies/garden/"
    assert mira.send(page, title="Thanks", text="").status_code == 422
    assert mira.send(page, title="Thanks", text="Dear {name}").status_code == 303
    text = mira.get(page).text
    assert "Dear {name}" in text
    number = text.split("/admin/replies/")[-1].split("/")[0]
    assert mira.send(page, f"/admin/replies/{number}/remove/").status_code == 303
    assert "Dear {name}" not in mira.get(page).text


@pytest.mark.parametrize("action", ["bans/1/lift", "replies/1/remove", "trust/1", "bans/new"])
def test_nothing_changes_without_a_token(mira: Browser, garden: int, action: str) -> None:
    keep_out(garden)
    trust_bo(garden)
    save_reply(garden, "Thanks", "Hello")
    assert mira.post(f"/admin/{action}/").status_code in (403, 422)
    assert is_banned(garden, EMAIL, None)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_few_statements(
    mira: Browser, garden: int, statements: list[str], page: str
) -> None:
    for number in range(6):
        keep_out(garden, value=f"{number}@example.org")
        comment = make_comment(email=f"{number}@example.net")
        trust(Earned(comment, garden, "Bo", comment.text, is_proved=True), actor_id=None)
    statements.clear()
    assert mira.get(f"/admin/{page}/").status_code == 200
    assert len([each for each in statements if each.startswith("SELECT")]) <= 11
