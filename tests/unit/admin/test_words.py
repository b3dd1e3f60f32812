"""Whatever is recorded has words for its readers."""

import ast
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from app.admin.words import FIELDS, GROUPS, MAILS, kinds_of, mail_name, sentence_of
from app.core.privacy.columns import SEALS
from app.core.registry import registry
from app.feedback.records import End

APP = Path(__file__).parents[3] / "app"
#: Where a kind stands in the calls that record something.
PLACES = {"record": 0, "enter": 0, "tell": 1, "_record": 0, "note": 0, "put_on_record": 2}
#: Put together from parts; `app/moderation/decisions.py` and `app/feedback/records.py` say which.
COMPOSED = {"moderation.decide", "moderation.undo"}
COMPOSED |= {f"feedback.{end}" for end in (End.WITHDRAWN, End.EXPIRED)}


def recorded_kinds() -> Iterator[str]:
    """Every kind that the source names where it records something."""
    for file in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = PLACES.get(name)
            given = node.args[place] if place is not None and len(node.args) > place else None
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                yield given.value


def test_every_kind_that_is_recorded_has_its_words() -> None:
    known = {kind for _title, kinds in GROUPS.values() for kind in kinds}
    assert set(recorded_kinds()) - known == set()
    assert known - set(recorded_kinds()) == COMPOSED


def test_every_field_that_may_be_looked_at_has_its_name() -> None:
    opened = {name for name, declared in SEALS.items() if declared.opens_for == "blog_admins"}
    assert opened
    assert opened - FIELDS.keys() == set()


def test_every_mail_has_a_name(app: Flask) -> None:
    with app.app_context():
        templates = {sample.template for sample in registry().every("mails")}
    assert templates == MAILS.keys()
    assert len(set(MAILS.values())) == len(MAILS)
    assert mail_name("moon/full_moon") == "Moon: full moon"


def test_sentences_read_as_such() -> None:
    assert sentence_of("look", "comment.ip") == "looked at the IP address of a comment"
    assert sentence_of("look", None) == "looked at personal data"
    assert sentence_of("moon.full-moon", None) == "moon: full moon"
    assert kinds_of("looks")
    assert kinds_of("nothing") is None
