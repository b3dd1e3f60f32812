"""A report's way: from the reader, past the moderators, and back to who asked to be told."""

import re
from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from app.comments import Comment, State
from app.core import clock
from app.core.database import db, transaction
from app.moderation import Complaint, Decision, Outcome, Report, ReportDraft, file_report
from app.moderation.answers import AFTER, tell_reporters
from app.moderation.models import Rules
from tests.factories import make_comment
from tests.mailbox import Mailbox
from tests.unit.moderation.conftest import Browser

pytestmark = pytest.mark.database

READER = "reader@example.org"


def tell(app: Flask, comment: Comment, *, ip: str = "203.0.113.40", **fields: Any) -> TestResponse:
    """Report a comment by the public form, as a reader from some address."""
    address = f"/comments/{comment.id}/report/"
    db.session.rollback()
    browser = app.test_client()
    browser.environ_base |= {"REMOTE_ADDR": ip, "HTTP_SEC_FETCH_SITE": "same-origin"}
    return Context().run(browser.post, address, data={"complaint": "abuse"} | fields)


def only_report() -> Report:
    """The one report there is."""
    db.session.rollback()
    return db.session.scalars(sa.select(Report)).one()


def filed(blog_id: int, comment: Comment, **more: Any) -> Report:
    """A report that is there already."""
    facts = {"kind": "comment", "item_id": comment.id, "item_uid": comment.uid} | more
    return file_report(ReportDraft(**{"complaint": Complaint.SPAM} | facts, blog_id=blog_id)).report


def test_a_reader_is_given_the_reference_that_moderators_see(
    app: Flask, mira: Browser, garden: int
) -> None:
    comment = make_comment(text="Something rude.")
    answer = tell(app, comment, text="It insults my tulips.", email=READER)
    assert answer.status_code == 201
    reference = only_report().reference
    assert reference in answer.text
    page = mira.get("/admin/reports/").text
    for words in (reference, "It insults my tulips.", "Something rude.", "insults or threatens"):
        assert words in page
    assert READER not in page
    assert "203.0.113.40" not in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"complaint": "dull"}, "Not a valid choice"), ({"email": "nobody"}, "no email address"),
     ({"text": "x" * 2_000}, "At most 1,000")],
)  # fmt: skip
def test_a_report_that_makes_no_sense_comes_back(
    app: Flask, garden: int, fields: dict[str, str], words: str
) -> None:
    answer = tell(app, make_comment(), **fields)
    assert answer.status_code == 422
    assert words in answer.text


def test_what_is_said_to_be_illegal_is_looked_at_first(mira: Browser, garden: int) -> None:
    first, second = make_comment(text="First of all"), make_comment(text="Second of all")
    filed(garden, first)
    filed(garden, second, complaint=Complaint.ILLEGAL)
    page = mira.get("/admin/reports/").text
    assert page.index("Second of all") < page.index("First of all")
    assert re.search(r"Reports\s*</?[^>]*>\s*<[^>]*>\s*2\b", page)


def test_reports_of_another_blog_are_not_there(noor: Browser, garden: int) -> None:
    report = filed(garden, make_comment(text="Something rude."), text="Look!")
    page = noor.get("/admin/bans/new/")
    assert "Something rude." not in noor.get("/admin/reports/").text
    answer = noor.send("/admin/bans/new/", f"/admin/reports/{report.id}/dismiss/")
    assert answer.status_code == 404
    assert page.status_code == 200
    assert only_report().outcome is Outcome.OPEN


def test_it_stays_answers_all_reports_about_it(mira: Browser, garden: int) -> None:
    comment = make_comment()
    report = filed(garden, comment)
    filed(garden, comment, complaint=Complaint.ABUSE)
    done = mira.send("/admin/reports/", f"/admin/reports/{report.id}/dismiss/")
    assert (done.status_code, done.location) == (303, "/admin/reports/#dismissed")
    db.session.rollback()
    assert set(db.session.scalars(sa.select(Report.outcome))) == {Outcome.DISMISSED}
    assert "No report waits" in mira.get("/admin/reports/").text


def test_at_the_threshold_a_comment_is_hidden_and_the_log_says_by_whom(
    app: Flask, mira: Browser, garden: int
) -> None:
    with transaction() as session:
        session.add(Rules(blog_id=garden, report_threshold=2))
    comment = make_comment(text="Something rude.")
    tell(app, comment)
    db.session.rollback()
    assert db.session.get_one(Comment, comment.id).state is State.SHOWN
    tell(app, comment, ip="198.51.100.9")
    db.session.rollback()
    hidden = db.session.get_one(Comment, comment.id)
    assert hidden.state is State.HELD
    assert [reason["rule"] for reason in hidden.reasons] == ["reported"]
    decision = db.session.scalars(sa.select(Decision)).one()
    assert (decision.actor_id, decision.from_state, decision.to_state) == (None, "shown", "held")
    page = mira.get("/admin/decisions/").text
    assert "the product" in page
    assert "Readers&#39; reports" in page
    assert mira.get(f"/admin/comments/{comment.id}/").status_code == 200


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(Outcome.UPHELD, "taken it down"), (Outcome.DISMISSED, "decided that it stays")],
)
def test_who_asked_is_told_once_and_then_forgotten(
    outbox: Mailbox, garden: int, outcome: Outcome, words: str
) -> None:
    report = filed(garden, make_comment(), email=READER)
    assert tell_reporters() == 0
    with transaction():
        report.outcome, report.decided_at = outcome, clock.now()
    assert tell_reporters() == 0
    with transaction():
        report.decided_at = clock.now() - AFTER - timedelta(seconds=1)
    assert tell_reporters() == 1
    assert tell_reporters() == 0
    db.session.rollback()
    assert only_report().email is None
    (mail,) = outbox.to(READER)
    assert only_report().reference in str(mail["Subject"])
    body = mail.get_body(("plain",))
    assert body is not None
    assert words in " ".join(body.get_content().split())


def test_who_did_not_ask_is_told_nothing(garden: int) -> None:
    report = filed(garden, make_comment())
    with transaction():
        report.outcome, report.decided_at = Outcome.UPHELD, clock.now() - AFTER * 2
    assert tell_reporters() == 0
