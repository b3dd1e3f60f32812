"""How answers stand is told by counts, and a request that waits too long is told of."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.rights.watching import CHECKS, everybody_is_answered
from app.rights.wishes import Wish
from tests.people import make_member
from tests.unit.comments.conftest import Clock
from tests.unit.rights.conftest import BO, Ask, LinkFor


@pytest.mark.usefixtures("said")
def test_a_request_that_waits_for_too_long_is_told_of(
    app: Flask, ask: Ask, stopped: Clock, signed_in: Any
) -> None:
    with app.app_context():
        assert everybody_is_answered().problem is None
        make_member("otto", owner=True)
    ask(BO)
    stopped.advance(minutes=16)
    otto = signed_in("otto")
    with app.app_context():
        assert everybody_is_answered().problem
        assert [check.run().state for check in CHECKS] == ["fail"]
    page = otto.get("/admin/").text
    assert "data requests wait" in page
    assert BO not in page


def test_the_overview_counts_and_names_nobody(
    app: Flask, link_for: LinkFor, press: Any, client: FlaskClient, signed_in: Any
) -> None:
    with app.app_context():
        make_member("otto", owner=True)
    press(link_for(Wish.EXPORT))
    page = signed_in("otto").get("/admin/").text
    assert "data rights used this month" in page
    assert "data requests wait" not in page
    assert BO not in page
