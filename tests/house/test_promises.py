"""Each promise has its tests, each mark its promise, and each clause a promise or a reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.content.documents import read_document
from app.core.registry import registry
from app.policy.promises.reading import CLAUSES, Promise, Sheet, read_promises

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return read_promises(read_document(ROOT / "content", "policy/promises.toml"), None)


@pytest.fixture(scope="module")
def marks() -> dict[str, set[str]]:
    """Each test that carries a mark, as `file::name`, and the promises it guards."""
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        text = file.read_text()
        if "mark.promise(" in text:
            found |= marks_of(file.relative_to(ROOT).as_posix(), text)
    return found


def marks_of(name: str, source: str) -> dict[str, set[str]]:
    """What each test of a source is marked with."""
    return {
        f"{name}::{function.name}": ids
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef)
        and (ids := {found for mark in function.decorator_list for found in _ids(mark)})
    }


def _ids(mark: ast.expr) -> Iterator[str]:
    is_promise = isinstance(mark, ast.Call) and getattr(mark.func, "attr", "") == "promise"
    if is_promise:
        yield from (argument.value for argument in mark.args)


def guarded(promise: Promise, marks: dict[str, set[str]]) -> list[str]:
    """What is wrong with the tests that a promise names."""
    of_promise = [test for test, ids in marks.items() if promise.id in ids]
    found = [] if of_promise else [f"{promise.id} has no test"]
    for named in promise.tests:
        if named not in of_promise and not any(
            test.startswith(f"{named}::") for test in of_promise
        ):
            found.append(f"{promise.id} names {named}, which does not carry its mark")
    return found


def test_every_promise_has_the_tests_it_names(sheet: Sheet, marks: dict[str, set[str]]) -> None:
    assert [wrong for promise in sheet.promises for wrong in guarded(promise, marks)] == []


def test_every_mark_names_a_promise(sheet: Sheet, marks: dict[str, set[str]]) -> None:
    known = {promise.id for promise in sheet.promises}
    assert {test: ids for test, ids in marks.items() if not ids <= known} == {}


def test_every_promise_names_modules_that_exist(sheet: Sheet) -> None:
    named = {module for promise in sheet.promises for module in promise.modules}
    assert {module for module in named if not (ROOT / module).exists()} == set()


def test_every_clause_has_a_promise_or_a_reason_and_not_both(sheet: Sheet) -> None:
    promised = {clause for promise in sheet.promises for clause in promise.clauses}
    assert promised | sheet.unguarded.keys() == set(range(1, CLAUSES + 1))
    assert promised & sheet.unguarded.keys() == set()


def test_every_check_is_of_a_promise(app, sheet: Sheet) -> None:
    with app.app_context():
        checks = registry().parts("promise_checks")
    assert checks.keys() <= {promise.id for promise in sheet.promises}
    assert len(checks) >= 8


def test_a_promise_without_a_test_and_a_test_that_moved_are_seen() -> None:
    promise = Promise(
        id="soup-is-hot",
        clauses=(1,),
        sentence="Soup is hot.",
        mechanism="Fire.",
        modules=("app/__init__.py",),
        tests=("tests/test_soup.py::test_it_is_hot",),
    )
    kept = marks_of("tests/test_soup.py", _marked("soup-is-hot", "test_it_is_hot"))
    moved = marks_of("tests/test_soup.py", _marked("soup-is-hot", "test_it_is_not_cold"))
    other = marks_of("tests/test_soup.py", _marked("soup-is-salted", "test_it_is_hot"))
    assert guarded(promise, kept) == []
    assert len(guarded(promise, moved)) == 1
    assert len(guarded(promise, other)) == 2


def _marked(promise: str, name: str) -> str:
    return f'@pytest.mark.promise("{promise}")\ndef {name}() -> None: ...\n'
