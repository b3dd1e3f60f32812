"""Which tests run on both databases: all that are given one, and nobody else asks any.

A test that is given a database by our fixtures is marked `database`, and runs on PostgreSQL
too. One that comes by a database in another way says so by itself, with `database` or with
`sqlite(why)`; a test that says nothing and sends a statement all the same fails. Browsers
are shown what the application made of a database, and see one of them only.
"""

import threading
from collections.abc import Generator
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.event import contains, listen, remove

#: A test with one of these does not have to run on PostgreSQL as well.
EXCUSES = ("database", "sqlite", "browser")
#: Whoever uses this fixture, by itself or through another, is given a database.
GIVEN = "databases"
MISSING = (
    "asked the database without being marked: `database` makes it run on PostgreSQL too, "
    "`sqlite(why)` says why it need not"
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark those that are given a database, before anything is chosen by marks."""
    for item in items:
        is_given = GIVEN in getattr(item, "fixturenames", ())
        if is_given and not item.get_closest_marker("sqlite"):
            item.add_marker("database")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test that is not marked and sends a statement all the same.

    What fixtures do is not counted: those of a whole file run in whichever test comes first.
    Nor is what a thread still does that was there before the test.
    """
    if any(item.get_closest_marker(name) for name in EXCUSES):
        return (yield)
    sent: list[str] = []
    others = {thread.ident for thread in threading.enumerate()} - {threading.get_ident()}

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if threading.get_ident() not in others:
            sent.append(statement)

    listen(Engine, "before_cursor_execute", note)
    try:
        answer = yield
    finally:
        if contains(Engine, "before_cursor_execute", note):
            remove(Engine, "before_cursor_execute", note)
    if sent:
        pytest.fail(f"{item.name} {MISSING}; the first statement:\n{sent[0]}", pytrace=False)
    return answer
