"""The keys of a moderator are kept with the account, can be changed, and switched off."""

import json
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from app.desk import DEFAULTS
from tests.factories import make_comment
from tests.unit.comments.desk.conftest import LIST, send

pytestmark = pytest.mark.database

USUAL = {act: key for act, (_label, key) in DEFAULTS.items()}


@pytest.fixture(autouse=True)
def waiting(blogs: Flask) -> None:
    """A comment that waits, so that there is a list."""
    with blogs.app_context():
        make_comment(state=State.HELD)


def keys(client: FlaskClient) -> dict[str, str]:
    """The keys that the page tells its script."""
    found = re.search(r'data-keys="([^"]*)"', client.get(LIST).text)
    assert found
    kept: dict[str, str] = json.loads(unescape(found[1]))
    return kept


def test_there_is_a_key_for_everything(mira: FlaskClient) -> None:
    assert keys(mira) == USUAL


def test_a_key_can_be_another_one_for_this_moderator_alone(
    mira: FlaskClient, max_: FlaskClient
) -> None:
    answer = send(mira, f"{LIST}keys/", mira.get(LIST), **USUAL | {"spam": "Z"}, keys="on")
    assert answer.status_code == 303
    assert keys(mira) == USUAL | {"spam": "z"}
    assert keys(max_) == USUAL


def test_one_key_does_one_thing(mira: FlaskClient) -> None:
    send(mira, f"{LIST}keys/", mira.get(LIST), **USUAL | {"spam": "a", "note": ""}, keys="on")
    kept = keys(mira)
    assert kept["approve"] == "a"
    assert "spam" not in kept
    assert "note" not in kept


def test_keys_can_be_switched_off_and_on(mira: FlaskClient) -> None:
    send(mira, f"{LIST}keys/", mira.get(LIST), **USUAL, keys="off")
    assert keys(mira) == {}
    assert "Keys are off" in mira.get(LIST).text
    send(mira, f"{LIST}keys/", mira.get(LIST), **USUAL, keys="on")
    assert keys(mira) == USUAL
