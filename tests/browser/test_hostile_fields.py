"""Hostile texts in every field that people can fill: in a real browser nothing runs.

The pages come straight from the application, and without their policy, which would hide
what the markup lets through.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route

from app.comments import Comment
from app.comments.links import new_token, status_address
from app.core.database import db, transaction
from tests.browser.conftest import Readers
from tests.browser.test_remarks import TOUCH, TRAP
from tests.hostile import HOSTILE, plant, within_reach
from tests.house.conftest import new_street
from tests.house.doors import CAST, DOORS, Street
from tests.provision import LONG

pytestmark = pytest.mark.browser

ROWS, REMARKS = (1_000, 1_000) if LONG else (30, 100)
SITE = "http://street.example.org"
#: The owner who administers a blog and the room of feedback sees the most.
WHO = "odo"
#: Lists show all they have at once.
PAGES = (
    *("app.comments.desk.queries.PAGE", "app.moderation.queries.PAGE"),
    *("app.feedback.desk.queries.PAGE", "app.feedback.wall.queries.PER_PAGE"),
    *("app.admin.audit.PER_PAGE", "app.core.mail.desk.ON_A_PAGE", "app.comments.placing.PER_PAGE"),
)


@pytest.fixture(scope="module")
def street(tmp_path_factory: Any, new_database: Any, key_file: Any) -> Iterator[Street]:
    """Green Street, in which everybody writes hostile texts."""
    with pytest.MonkeyPatch.context() as patch:
        for name in PAGES:
            patch.setattr(name, 2 * REMARKS)
        patch.setattr("app.comments.placing.MOST_ON_A_PAGE", 2 * REMARKS)
        for street in new_street(tmp_path_factory, new_database, key_file):
            with street.app.app_context():
                planted = plant(street.names, rows=ROWS, remarks=REMARKS)
                db.session.remove()
            assert planted == set(within_reach())
            yield street


def addresses(street: Street, who: str) -> list[str]:
    """Every page that one of the cast gets."""
    return sorted(
        {
            street.address(address)
            for _endpoint, method, address, *codes in DOORS
            if method == "GET" and codes[CAST.index(who)] == "200" and address.endswith("/")
        }
    )


class Stage:
    """A page of a reader whose every request is answered by the application itself."""

    def __init__(self, page: Page, client: FlaskClient) -> None:
        self.page, self.client = page, client
        self.asked: list[str] = []
        page.add_init_script(TRAP)
        page.route("**/*", self._answer)

    def play(self, address: str) -> dict[str, Any]:
        """Open a page and touch all of it; what went wrong."""
        self.asked.clear()
        answer = self.page.goto(SITE + address)
        assert answer
        assert answer.status == 200, address
        self.page.evaluate(TOUCH)
        wrong = {
            "ran": self.page.evaluate("window.ran"),
            "asked": list(self.asked),
            "schemes": set(self.page.evaluate("[...document.links].map(link => link.protocol)"))
            - {"http:", "https:", "mailto:"},
        }
        return {what: found for what, found in wrong.items() if found}

    def _answer(self, route: Route) -> None:
        address = route.request.url.removeprefix(SITE)
        if address == route.request.url:
            self.asked.append(address)
            route.abort()
            return
        same = {"Sec-Fetch-Site": "same-origin"}
        answer = self.client.get(address, headers=same, buffered=True)
        if answer.status_code >= 400:
            self.asked.append(address)
        kept = {k: v for k, v in answer.headers if k.lower() in ("content-type", "location")}
        route.fulfill(status=answer.status_code, headers=kept, body=answer.data)


@pytest.mark.parametrize("who", ["nobody", WHO])
def test_nothing_runs_on_any_page(readers: Readers, street: Street, who: str) -> None:
    stage = Stage(readers.open(), street.browsers[who])
    assert {address: w for address in addresses(street, who) if (w := stage.play(address))} == {}


def test_nothing_that_was_searched_for_runs(readers: Readers, street: Street) -> None:
    stage = Stage(readers.open(), street.browsers["nobody"])
    step = 1 if LONG else 80
    wrong = {text: stage.play(f"/search/?q={quote(text)}") for text in HOSTILE[::step]}
    assert {text: found for text, found in wrong.items() if found} == {}


def test_nothing_runs_on_the_private_page_of_a_comment(readers: Readers, street: Street) -> None:
    with street.app.test_request_context(), transaction() as session:
        comment = session.get_one(Comment, street.names["garden_held"])
        address = status_address(new_token(comment))
    assert Stage(readers.open(), street.browsers["nobody"]).play(address) == {}


def test_a_planted_script_is_seen(readers: Readers, street: Street) -> None:
    shown = sa.update(Comment).where(Comment.id == street.names["garden_shown"])
    with street.app.app_context(), transaction() as session:
        session.execute(shown.values(html="<script>alert(1)</script><img src=/x.png>"))
    wrong = Stage(readers.open(), street.browsers["nobody"]).play("/garden/tulips/")
    assert wrong == {"ran": ["1"], "asked": ["/x.png"]}
