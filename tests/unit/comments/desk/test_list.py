"""The moderators' list: what waits, in order, with all that a decision needs."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from app.moderation import Complaint, ReportDraft, file_report
from tests.factories import make_comment
from tests.unit.comments.desk.conftest import LIST

pytestmark = pytest.mark.database


def test_what_waits_is_shown_oldest_first(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        first = make_comment(text="first words", state=State.HELD).id
        second = make_comment(text="second words", state=State.HELD).id
        make_comment(text="shown words")
    page = mira.get(LIST).text
    assert page.index(f'id="c{first}"') < page.index(f'id="c{second}"')
    assert "shown words" not in page
    assert "2 comments wait" in page


def test_each_row_has_what_a_decision_needs(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        parent = make_comment(text="Mine are early", name="Ada", email="ada@example.org")
        for state in (State.SHOWN, State.SPAM, State.SPAM):
            make_comment(state=state, ip="198.51.100.9")
        make_comment(email="cy@example.org", ip="203.0.113.7", state=State.SPAM)
        text = "Look at **http://pills.example/buy** now"
        make_comment(
            text=text,
            state=State.HELD,
            parent=parent,
            reasons=[
                {
                    "rule": "links",
                    "sentence": "It has 1 link; no link may pass.",
                    "field": "text",
                    "start": 10,
                    "end": 34,
                }
            ],
        )
    page = mira.get(LIST).text
    for said in (
        'On <a href="/garden/tulips/">Tulips</a>',
        "In reply to Ada: <q>Mine are early</q>",
        "just now",
        "1 shown, 2 spam before",
        "same address as 2 other comments",
        "203.0.•.•",
        "b•••@e•••.org",
        "1 link to <b>pills.example</b>",
        "It has 1 link; no link may pass.",
        "<mark>http://pills.example/buy</mark>",
        "As typed",
        "**http://pills.example/buy**",
    ):
        assert said in page, said
    assert "bo@example.org" not in page
    assert "203.0.113" not in page


def test_fifty_rows_take_few_statements_and_few_bytes(
    blogs: Flask, mira: FlaskClient, statements: list[str]
) -> None:
    text = "Mine came up far too early this year. Is there a way to slow them down?"
    reason = {"rule": "first", "sentence": "It is the author's first comment here.", "field": None}
    with blogs.app_context():
        for number in range(55):
            make_comment(
                text=text,
                state=State.HELD,
                email=f"a{number}@example.org",
                ip=f"198.51.100.{number}",
                reasons=[reason | {"start": None, "end": None}],
            )
    mira.get(LIST)
    statements.clear()
    page = mira.get(LIST)
    assert page.text.count('<li class="item"') == 50
    assert len(page.data) < 60_000
    assert "Next 50" in page.text
    assert len(statements) <= 8, "\n\n".join(line[:200] for line in statements)


def test_pages_follow_each_other_without_gaps(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        ids = [make_comment(text=f"n{number}.", state=State.HELD).id for number in range(103)]
    seen: list[int] = []
    address = LIST
    while address:
        page = mira.get(address).text
        seen += [int(number) for number in re.findall(r'<li class="item" id="c(\d+)"', page)]
        further = re.search(r'href="([^"]+)" rel="next"', page)
        address = html.unescape(further[1]) if further else ""
    assert seen == ids


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"plain", "linked", "loud"}),
        ("state=shown", {"shown"}),
        ("state=spam", {"spam"}),
        ("state=all", {"plain", "linked", "loud", "shown", "spam"}),
        ("links=yes", {"linked"}),
        ("rule=loud", {"loud"}),
        ("text=PLAIN", {"plain"}),
        ("text=%25", set()),
        ("state=all&text=nobody", set()),
        ("reported=yes&state=shown", {"shown"}),
        ("from=2026-01-01", {"plain", "linked", "loud"}),
        ("to=2026-01-01", set()),
        ("blog=garden&state=all&links=yes", {"linked"}),
    ],
)
def test_filters(blogs: Flask, mira: FlaskClient, query: str, found: set[str]) -> None:
    with blogs.app_context():
        make_comment(text="plain words", state=State.HELD)
        make_comment(text="linked http://a.example", state=State.HELD)
        reason = {"rule": "loud", "sentence": "It is written in capitals.", "field": None}
        make_comment(text="loud", state=State.HELD, reasons=[reason | {"start": None, "end": None}])
        shown = make_comment(text="shown words")
        make_comment(text="spam words", state=State.SPAM)
        file_report(
            ReportDraft(
                kind="comment",
                blog_id=shown.blog_id,
                item_id=shown.id,
                item_uid=shown.uid,
                complaint=Complaint.SPAM,
            )
        )
    page = mira.get(f"{LIST}?{query}")
    assert page.status_code == 200
    bodies = set(re.findall(r'prose said"><p>(\w+)', page.text))
    assert bodies == found


@pytest.mark.parametrize(
    "query",
    [
        *("state=x", "blog=%00", "rule=A", "links=maybe", "reported=1", "from=tomorrow", "to=1"),
        *("to=9999-12-31", f"author={2**31}", f"near=1.{2**63}", f"after=1-{2**63}"),
        *("after=x", "author=0", "author=x", "author=1&near=1", "near=1.2.", f"text={'x' * 101}"),
        f"author={'1.' * 50}1",
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_and_never_widened(
    blogs: Flask, mira: FlaskClient, query: str
) -> None:
    assert mira.get(f"{LIST}?{query}").status_code == 400


def test_an_empty_list_says_so_kindly(blogs: Flask, mira: FlaskClient) -> None:
    page = mira.get(LIST).text
    assert "Nothing waits" in page
    assert "<title>No comment waits" in page
    assert "No comment fits this list." in mira.get(f"{LIST}?state=spam").text


def test_hostile_words_stay_words(blogs: Flask, mira: FlaskClient) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    with blogs.app_context():
        number = make_comment(
            text=evil,
            name=evil[:80],
            state=State.HELD,
            pending_text=evil,
            told=evil,
            reasons=[
                {"rule": "x", "sentence": evil, "field": "text", "start": 0, "end": len(evil)}
            ],
        ).id
    for address in (LIST, f"{LIST}{number}/", f"{LIST}all/", f"{LIST}{number}/ban/"):
        page = mira.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
