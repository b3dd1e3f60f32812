"""`flask feedback verify` finds whatever is public and should not be, whoever wrote it there."""

import json
import sqlite3
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from app.core import clock
from app.core.database import db
from app.feedback.approving import approve
from app.feedback.credits import signature
from app.feedback.granting import Terms, let_be_public
from app.feedback.models import Feedback, State
from app.feedback.receipts import receipt_of
from app.feedback.records import Approval, Card, Credit, Grant, How, Wording
from app.feedback.seals import hash_of
from tests.factories import make_feedback, make_wording, publish_feedback

pytestmark = pytest.mark.database

Sql = Callable[..., None]


@pytest.fixture
def verify(app: Flask) -> Callable[..., Result]:
    """A function that runs the command."""

    def run(*options: str) -> Result:
        db.session.remove()
        return app.test_cli_runner().invoke(args=["feedback", "verify", *options])

    return run


@pytest.fixture
def past_the_keys(app: Flask, on_postgresql: bool) -> Sql:
    """A function that runs SQL on a connection on which no foreign key is kept."""
    url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])

    def run(statement: str) -> None:
        if on_postgresql:
            address = url.set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("SET session_replication_role = replica")
                connection.execute(statement)
            return
        with sqlite3.connect(url.database or "") as connection:
            connection.execute(statement)
        connection.close()

    return run


@pytest.fixture
def public(inside: None) -> Feedback:
    """A feedback that is public as it should be."""
    return publish_feedback(make_feedback(text="It just works."), credit=Credit.FIRST)


def rewrite(model: Any, **values: Any) -> None:
    """Change rows as somebody does who writes SQL."""
    with db.engine.begin() as sql:
        sql.execute(sa.update(model.__table__).values(**values))


@pytest.mark.usefixtures("inside")
def test_a_site_without_cards_is_right(verify: Any) -> None:
    answer = verify()
    assert answer.exit_code == 0
    assert answer.output.startswith("0 cards are public")


def test_a_site_on_which_all_agreed_is_right(public: Feedback, verify: Any) -> None:
    answer = verify()
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("1 cards are public")


def test_a_card_made_past_the_foreign_keys_is_found(
    inside: None, verify: Any, past_the_keys: Sql
) -> None:
    make_wording(make_feedback())
    past_the_keys(
        "INSERT INTO feedback_cards (feedback_id, text_hash, live, published_at) "
        "SELECT feedback_id, text_hash, TRUE, made_at FROM feedback_wordings"
    )
    answer = verify()
    assert answer.exit_code == 1
    assert answer.output == "Card 1: Its sender does not let this text be public.\n"


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("feedback_grants", "Its sender does not let this text be public."),
        ("feedback_approvals", "No administrator approved this text."),
        ("feedback_wordings", "It stands on no text."),
    ],
)
def test_what_was_taken_from_under_a_card_is_found(
    public: Feedback, verify: Any, past_the_keys: Sql, table: str, sentence: str
) -> None:
    past_the_keys(f"DELETE FROM {table}")
    answer = verify()
    assert (answer.exit_code, answer.output) == (1, f"Card 1: {sentence}\n")


@pytest.mark.parametrize(
    ("model", "values", "sentence"),
    [
        (Wording, {"text": "Buy it!"}, "Its text was changed after it was agreed to."),
        (Wording, {"html": "<p>Buy it!</p>"}, "What is shown is not its text."),
        (Grant, {"credit_line": "The mayor"}, "The grant was not given through this program"),
        (Grant, {"on_home": True}, "The grant was not given through this program"),
        (Grant, {"credit": Credit.FULL}, "It says more of its sender than was approved."),
        (Grant, {"sentence": "Anything goes."}, "The grant was not given through this program"),
        (Grant, {"entry": 999}, "The grant is not on record."),
        (Approval, {"widest": Credit.FULL}, "The approval was not given through this program"),
        (Approval, {"approved_by": 9}, "The approval was not given through this program"),
        (Approval, {"entry": 1}, "The approval is not on record."),
        (Feedback, {"state": State.SPAM}, "It was decided against, or erased."),
    ],
)
def test_what_was_changed_by_sql_is_found(
    public: Feedback, verify: Any, model: Any, values: dict[str, Any], sentence: str
) -> None:
    rewrite(model, **values)
    answer = verify()
    assert answer.exit_code == 1
    assert answer.output.startswith(f"Card 1: {sentence}")


def test_a_text_changed_together_with_its_hash_is_found(
    public: Feedback, verify: Any, past_the_keys: Sql
) -> None:
    new = hash_of("Buy it!").hex()
    literal = f"X'{new}'" if "sqlite" in str(db.engine.url) else f"'\\x{new}'::bytea"
    for table in ("wordings", "grants", "approvals", "cards"):
        past_the_keys(f"UPDATE feedback_{table} SET text_hash = {literal}")
    past_the_keys("UPDATE feedback_wordings SET text = 'Buy it!', html = '<p>Buy it!</p>'")
    answer = verify()
    assert answer.exit_code == 1
    assert "was not given through this program" in answer.output


def test_a_grant_and_an_approval_invented_by_sql_are_found(inside: None, verify: Any) -> None:
    wording = make_wording(make_feedback())
    key = {"feedback_id": wording.feedback_id, "text_hash": wording.text_hash, "live": True}
    at = clock.now()
    grant = {"credit": Credit.ANONYMOUS, "credit_line": "Anonymous", "on_home": False}
    grant |= {"sentence_version": 1, "sentence": "Yes.", "locale": "en", "channel": "form"}
    grant |= {"given_at": at, "ends_at": at + timedelta(days=9)}
    approval = {"widest": Credit.ANONYMOUS, "approved_at": at}
    made = {"entry": 1, "mac": bytes(32)}
    with db.engine.begin() as sql:
        sql.execute(sa.insert(Grant.__table__).values(uid=uuid.uuid4(), **key, **grant, **made))
        sql.execute(
            sa.insert(Approval.__table__).values(uid=uuid.uuid4(), **key, **approval, **made)
        )
        sql.execute(sa.insert(Card.__table__).values(published_at=at, **key))
    answer = verify()
    assert answer.exit_code == 1
    assert answer.output.startswith("Card 1: The grant was not given through this program")


def test_a_shortened_text_that_says_something_else_is_found(inside: None, verify: Any) -> None:
    feedback = make_feedback(text="It just works. Call me.")
    let_be_public(feedback.id, Terms(signature=signature(Credit.ANONYMOUS)))
    base = hash_of(feedback.text)
    short = make_wording(feedback, "It just works. […]", how=How.SHORTENED, made_from=base)
    approve(feedback.id, short.text_hash, by=None)
    assert verify().exit_code == 0
    with db.engine.begin() as sql:
        changed = sa.update(Wording).where(Wording.text_hash == base)
        sql.execute(changed.values(text="It never works. Call me."))
    answer = verify()
    assert answer.exit_code == 1
    assert "It says something else than the text it was cut from." in answer.output


def test_a_word_that_ran_out_and_still_stands_is_found(
    public: Feedback, verify: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(days=800)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "has run out" in verify().output


def test_every_bad_card_is_named_and_nothing_of_its_words(inside: None, verify: Any) -> None:
    for text in ("One.", "Two.", "Three."):
        publish_feedback(make_feedback(text=text), credit=Credit.FULL)
    with db.engine.begin() as sql:
        sql.execute(sa.update(Wording).where(Wording.feedback_id > 1).values(text="Changed."))
    answer = verify()
    assert answer.exit_code == 1
    assert [line.split(":")[0] for line in answer.output.splitlines()] == ["Card 2", "Card 3"]
    for words in ("One", "Two", "Three", "Bo", "Changed"):
        assert words not in answer.output


def test_a_detail_forgotten_in_its_time_is_nothing_wrong(
    inside: None, verify: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = clock.now() - timedelta(days=380)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: long_ago)
        publish_feedback(make_feedback(ip=None))
    with db.engine.begin() as sql:
        sql.execute(sa.text("DELETE FROM audit_details"))
    answer = verify()
    assert answer.exit_code == 0, answer.output


class TestReceipts:
    """Receipts that somebody shows."""

    @pytest.fixture
    def receipt(self, public: Feedback) -> dict[str, Any]:
        """What Bo's page gives him."""
        grant = db.session.scalars(sa.select(Grant)).one()
        wording = db.session.scalars(sa.select(Wording)).one()
        return receipt_of(db.session.get_one(Feedback, public.id), (grant, wording))

    def check(self, verify: Any, folder: Path, receipt: Any) -> Result:
        file = folder / "receipt.json"
        file.write_text(receipt if isinstance(receipt, str) else json.dumps(receipt))
        return verify("--receipt", str(file))

    def test_our_receipt_is_ours(
        self, verify: Any, tmp_path: Path, receipt: dict[str, Any]
    ) -> None:
        answer = self.check(verify, tmp_path, receipt)
        assert answer.exit_code == 0, answer.output
        assert receipt["agreed"]["signed_as"] == "Bo"
        assert "example.org" not in json.dumps(receipt["agreed"])

    @pytest.mark.parametrize("name", ["number", "sent_sha256", "site"])
    def test_a_changed_receipt_is_found(
        self, verify: Any, tmp_path: Path, receipt: dict[str, Any], name: str
    ) -> None:
        answer = self.check(verify, tmp_path, receipt | {name: "other"})
        assert answer.exit_code == 1
        assert "was changed after it was signed" in answer.output

    def test_a_widened_receipt_is_found(
        self, verify: Any, tmp_path: Path, receipt: dict[str, Any]
    ) -> None:
        receipt["agreed"]["home_page"] = True
        assert self.check(verify, tmp_path, receipt).exit_code == 1

    @pytest.mark.parametrize(
        "receipt", ["", "[]", "{}", '{"signature": 1}', '{"signature": "zz"}', "[" * 9_999]
    )
    def test_what_is_no_receipt_is_said_to_be_none(
        self, verify: Any, tmp_path: Path, inside: None, receipt: str
    ) -> None:
        answer = self.check(verify, tmp_path, receipt)
        assert answer.exit_code == 1
        assert answer.exception is None or isinstance(answer.exception, SystemExit)

    def test_a_receipt_signed_by_somebody_else_is_not_ours(
        self, verify: Any, tmp_path: Path, receipt: dict[str, Any]
    ) -> None:
        answer = self.check(verify, tmp_path, receipt | {"public_key": "00" * 32})
        assert "not this site's" in answer.output
