"""The daily check of what is promised, the page that shows it, and who is told when it fails."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core import clock
from app.core.database import db, transaction
from app.core.registry import Outcome
from app.policy.promises import facts
from app.policy.promises.checking import check_promises
from app.policy.promises.health import promises_hold
from app.policy.promises.models import PromiseResult
from app.policy.promises.queries import STALE
from tests.factories import make_comment
from tests.folder import ContentFolder
from tests.people import make_member, sign_in

pytestmark = pytest.mark.database

PAGE = "/privacy/promises/"
SOUP = "Soup is served hot."
CLAUSES = 38


def promised(
    content: ContentFolder, *, checked: str = "no-cookie-before-yes", **changes: Any
) -> str:
    """A file with one promise for the first clause, and a reason for each of the others."""
    values = {"sentence": SOUP, "clauses": [1]} | changes
    lines = [
        f'[[promise]]\nid = "{checked}"\nclauses = {values["clauses"]}',
        f'sentence = "{values["sentence"]}"\nmechanism = "A stove."',
        'modules = ["app/core/clock.py"]\ntests = ["tests/test_soup.py::test_soup_is_hot"]',
    ]
    lines += [
        f'[[unguarded]]\nclause = {number}\nwhy = "Nobody eats clause {number}."'
        for number in range(2, CLAUSES + 1)
    ]
    return content.write("policy/promises.toml", "\n".join(lines) + "\n")


@pytest.fixture
def checked(app: Flask, content: ContentFolder, read: Any) -> Callable[..., str]:
    """A function that has the promise checked with that outcome; the page that follows."""

    def check(outcome: Outcome, monkeypatch: pytest.MonkeyPatch) -> str:
        promised(content)
        read()
        with app.app_context():
            monkeypatch.setattr(
                "app.policy.promises.checking.registry",
                lambda: Only({"no-cookie-before-yes": lambda: outcome}),
            )
            check_promises()
        return app.test_client().get(PAGE).text

    return check


class Only:
    """A registry with nothing but these checks."""

    def __init__(self, checks: dict[str, Callable[[], Outcome]]) -> None:
        self.checks = checks

    def parts(self, _slot: str) -> dict[str, Callable[[], Outcome]]:
        return self.checks


def test_a_promise_shows_its_sentence_mechanism_tests_figure_and_time(
    checked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = checked(Outcome("The soup is at 70 degrees."), monkeypatch)
    for words in (SOUP, "clause 1", "A stove.", "app/core/clock.py", "soup is hot", "70 degrees"):
        assert words in page
    assert "Nobody eats clause 38." in page
    assert "Not kept" not in page


def test_a_promise_that_fails_says_so_in_plain_words_and_since_when(
    app: Flask, checked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = checked(Outcome(problem="The soup is cold."), monkeypatch)
    assert "One promise is not kept right now" in page
    assert "<strong>Not kept.</strong> The soup is cold. So since" in page
    with app.app_context():
        first = db.session.scalar(sa.select(PromiseResult.failing_since))
        with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
            check_promises()
        assert db.session.scalar(sa.select(PromiseResult.failing_since)) == first


def test_a_check_that_cannot_run_is_a_promise_that_is_not_kept(
    app: Flask, content: ContentFolder, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised(content)
    read()

    def fail() -> Outcome:
        raise RuntimeError("no stove")

    monkeypatch.setattr(
        "app.policy.promises.checking.registry", lambda: Only({"no-cookie-before-yes": fail})
    )
    with app.app_context():
        (kept,) = check_promises()
    assert kept.problem == "The check itself failed; the log says why."


def test_a_check_of_long_ago_says_nothing_about_today(
    app: Flask, checked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(Outcome("Hot."), monkeypatch)
    with app.app_context(), transaction() as session:
        session.execute(sa.update(PromiseResult).values(checked_at=clock.now() - STALE * 2))
    assert "too long ago" in app.test_client().get(PAGE).text


def test_the_page_reads_rows_and_few(
    app: Flask, checked: Any, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(Outcome("Hot."), monkeypatch)
    client = app.test_client()
    client.get(PAGE)
    statements.clear()
    client.get(PAGE)
    assert len([one for one in statements if not one.startswith("BEGIN")]) <= 4


def test_a_site_that_promises_nothing_says_so(app: Flask, read: Any) -> None:
    read()
    assert "has written down no promises yet" in app.test_client().get(PAGE).text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"clauses": [39]}, "must be a list of numbers from 1 to 38"),
        ({"clauses": [2]}, "says nothing of clause 1"),
        ({"sentence": "Soup is gone after 30 days."}, "names a period"),
        ({"checked": "Soup!"}, "must be made of a-z"),
    ],
)
def test_a_file_that_promises_wrongly_is_refused(
    content: ContentFolder, read: Any, changes: dict[str, Any], reason: str
) -> None:
    promised(content, **changes)
    (problem,) = read().problems
    assert reason in problem.problem


def test_the_command_checks_now_and_names_what_is_broken(
    app: Flask, content: ContentFolder, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised(content)
    read()
    runner = app.test_cli_runner()
    kept = runner.invoke(args=["promises", "check"])
    assert (kept.exit_code, kept.output) == (0, "1 promised, 1 checked now, 0 not kept\n")
    broken = {"no-cookie-before-yes": lambda: Outcome(problem="The soup is cold.")}
    monkeypatch.setattr("app.policy.promises.checking.registry", lambda: Only(broken))
    told = runner.invoke(args=["promises", "check"])
    assert (told.exit_code, "no-cookie-before-yes: The soup is cold." in told.output) == (1, True)


def test_a_new_site_keeps_everything_but_the_old_keys_of_this_test(app: Flask) -> None:
    with app.app_context():
        found = {name: check() for name, check in facts.CHECKS.items()}
    broken = {name: outcome.problem for name, outcome in found.items() if outcome.problem}
    assert list(broken) == ["month-keys-destroyed"]
    assert all(outcome.figure for outcome in found.values() if not outcome.problem)


def test_an_address_past_its_period_and_a_plain_value_are_found(
    app: Flask, content: ContentFolder, read: Any
) -> None:
    content.post()
    read()
    with app.app_context():
        make_comment()
        late = clock.now() + timedelta(days=app.config["KEEP_COMMENT_EMAIL_DAYS"] + 5)
        assert "the oldest for 0 days" in facts.addresses_end().figure
        with time_machine.travel(late, tick=False):
            assert facts.addresses_end().problem
            assert facts.periods_end().problem
        with transaction() as session:
            session.execute(sa.text("UPDATE comments SET author_email = :plain"), {"plain": b"bo@"})
        assert facts.values_are_sealed().problem == "1 value stands there unsealed."


def test_the_doctor_tells_of_a_promise_that_is_not_kept(
    app: Flask, checked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        assert promises_hold().state == "warn"
    checked(Outcome("Hot."), monkeypatch)
    with app.app_context():
        assert promises_hold().state == "ok"
    checked(Outcome(problem="The soup is cold."), monkeypatch)
    with app.app_context():
        found = promises_hold()
    assert (found.state, "The soup is cold." in found.sentence) == ("fail", True)


def test_the_overview_counts_what_is_not_kept_for_who_keeps_the_site(
    app: Flask, checked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(Outcome(problem="The soup is cold."), monkeypatch)
    with app.app_context():
        make_member("otto", owner=True)
        make_member("mo", role="moderator", blog="garden")
    assert "Promise not kept" in sign_in(app, "otto").get("/admin/").text
    assert "Promise not kept" not in sign_in(app, "mo").get("/admin/").text
