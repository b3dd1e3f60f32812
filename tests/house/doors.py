"""Green Street with everybody in it: who calls at its doors, and what the addresses name."""

from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.blog import Blog
from app.comments import State
from app.core.content import sync
from app.core.database import db, transaction
from app.core.web.fallback import take_what_is_left
from app.feedback.links import new_token
from app.moderation import (
    BanDraft,
    Complaint,
    Earned,
    ReportDraft,
    Scope,
    ban,
    file_report,
    trust,
)
from app.moderation.notes import save_reply
from tests.cast import FEEDBACK, GARDEN, WORKSHOP
from tests.factories import make_card, make_comment, make_feedback, publish_month
from tests.folder import ContentFolder
from tests.people import make_member, sign_in
from tests.street import build_street

#: Nobody, a reader with an account, those of the garden, those of the workshop, an owner, and
#: an owner who administers the garden and the room of feedback.
CAST = ("nobody", "bo", "mo", "mira", "wes", "noor", "otto", "odo")
#: Endpoint, method, address and a code for each of the cast.
DOORS = [
    line.split()
    for line in Path(__file__).with_name("doors.txt").read_text().splitlines()
    if not line.startswith("#")
]
RIGHTS: dict[str, set[str]] = {
    "nobody": set(),
    "bo": set(),
    "mo": {"moderate"},
    "mira": {"moderate", "administer"},
    "wes": {"moderate"},
    "noor": {"moderate", "administer"},
    "otto": {"own"},
    "odo": {"moderate", "administer", "own"},
}
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


class Street:
    """The site, a browser for each of the cast, and names for what addresses point at."""

    def __init__(self, app: Flask, content: ContentFolder) -> None:
        build_street(content)
        content.post("anvils", "Anvils like fire.", blog=WORKSHOP)
        self.app = app
        with app.app_context():
            sync()
            self.names = self._people() | self._comments()
            self.names |= self._judging()
            self.names["card"] = make_card()
            self.names["mine"] = self._own_token()
            publish_month(date(2026, 9, 1))
            db.session.remove()
        self.rights = RIGHTS
        self.browsers = {who: self._browser(who) for who in CAST}

    def call(self, who: str, method: str, address: str, **headers: str) -> TestResponse:
        """What one of the cast gets at an address, with a form of our own if it is one."""
        own = {"Sec-Fetch-Site": "same-origin"} | headers
        return self.browsers[who].open(
            self.address(address), method=method, headers=own, buffered=True
        )

    def rule_at(self, method: str, pattern: str) -> Any:
        """The rule that answers at an address."""
        with self.app.test_request_context(self.address(pattern), method=method) as context:
            take_what_is_left()
            return context.request.url_rule

    def address(self, pattern: str) -> str:
        """The address a pattern such as `/admin/comments/{garden_held}/` stands for."""
        return pattern.format(**self.names)

    def _people(self) -> dict[str, Any]:
        roles = {
            "mo": ("moderator", GARDEN),
            "mira": ("administrator", GARDEN),
            "wes": ("moderator", WORKSHOP),
            "noor": ("administrator", WORKSHOP),
            "odo": ("administrator", GARDEN),
        }
        made = {"bo": make_member("bo"), "otto": make_member("otto", owner=True)}
        for name, (role, blog) in roles.items():
            made[name] = make_member(name, role=role, blog=blog, owner=name == "odo")
        make_member("odo", role="administrator", blog=FEEDBACK)
        return {name: user.id for name, user in made.items()}

    def _comments(self) -> dict[str, Any]:
        held = {"state": State.HELD}
        blogs = {blog.slug: blog.id for blog in db.session.scalars(sa.select(Blog))}
        return {
            "garden": blogs[GARDEN],
            "workshop": blogs[WORKSHOP],
            "garden_shown": make_comment().id,
            "garden_held": make_comment(**held).id,
            "workshop_held": make_comment("anvils", blog=WORKSHOP, **held).id,
            "praise": make_feedback().id,
        }

    def _own_token(self) -> str:
        """The secret of somebody's private page."""
        with transaction() as session:
            return new_token(session.merge(make_feedback(text="Keep this to yourselves.")))

    def _judging(self) -> dict[str, Any]:
        garden, mira = self.names["garden"], self.names["mira"]
        said = make_comment(email="di@example.org")
        earned = Earned(said, garden, "Di", said.text, is_proved=True)
        facts = {"kind": "comment", "item_id": said.id, "item_uid": said.uid}
        report = ReportDraft(blog_id=garden, complaint=Complaint.OTHER, **facts)
        draft = BanDraft(garden, Scope.EMAIL, "Insults")
        return {
            "garden_ban": ban(draft, "wes@example.net", actor_id=mira).id,
            "garden_trust": trust(earned, actor_id=mira).id,
            "garden_reply": save_reply(garden, "Thanks", "Thank you, {name}.").id,
            "garden_report": file_report(report).report.id,
        }

    def _browser(self, who: str) -> FlaskClient:
        client = self.app.test_client() if who == "nobody" else sign_in(self.app, who)
        client.environ_base |= ELSEWHERE
        return client
