"""Otto and Ona own the site together; a court asks for the data of Bo."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.accounts import viewer_for
from app.core.database import db
from app.core.privacy import Viewer
from app.core.privacy.disclosures import Demand, Kind, enter
from tests.people import make_member, make_trusted, member

BO = "bo@example.org"
PAPER = b"\x07" * 32


def demand(**changed: Any) -> Demand:
    """What a court asks for, as it is typed."""
    terms: dict[str, Any] = {
        "kind": Kind.COURT_ORDER,
        "received_on": date(2026, 11, 2),
        "authority": "District Court of Springfield",
        "country": "Freedonia",
        "scope": "Name, address and comments of whoever wrote as Bo.",
        "parts": ("name", "email", "content"),
        "emails": (BO,),
        "document_hash": PAPER,
    }
    return Demand(**terms | changed)


@pytest.fixture
def keepers(app: Flask) -> Iterator[Flask]:
    """Within the app, with two owners who may keep the register."""
    with app.app_context():
        for name in ("otto", "ona"):
            make_member(name, owner=True)
            make_trusted(name)
        yield app
        db.session.remove()


@pytest.fixture
def as_(keepers: Flask) -> Callable[[str], Viewer]:
    """A function that gives somebody as a viewer."""
    return lambda name: viewer_for(member(name))


@pytest.fixture
def entered(as_: Callable[[str], Viewer]) -> int:
    """The number of an entry that Otto made."""
    return enter(demand(), as_("otto")).id
