"""`content/policy/promises.toml`, read and checked: every clause has a promise or a reason."""

import re
from collections.abc import Iterable, Set
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.content import Document, Fields, Workshop

from .models import PromiseList

#: The clauses of the policy, counted from 1; docs/content.md lists them.
CLAUSES = 38

_TEST = re.compile(r"tests/[\w/]+\.py(::test_\w+)?")
_MODULE = re.compile(r"(app|deploy|static|templates)/[\w/.-]+")
#: Periods belong to the configuration: the figure beside the sentence tells them.
_PERIOD = re.compile(r"\b(\d+|an?|one|two|three|six|twelve) (hour|day|week|month|year)s?\b", re.I)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A sentence of the policy, what keeps it, and the tests that would catch a breach."""

    id: str
    clauses: tuple[int, ...]
    sentence: str
    mechanism: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]

    @classmethod
    def stored(cls, values: dict[str, Any]) -> "Promise":
        """A promise as it comes out of the database."""
        lists = {name: tuple(values[name]) for name in ("clauses", "modules", "tests")}
        return cls(**values | lists)


@dataclass(frozen=True)
class Sheet:
    """The whole file: promises, and why the other clauses have none."""

    promises: tuple[Promise, ...]
    unguarded: dict[int, str]


def read_promises(document: Document, _workshop: Workshop) -> Sheet:
    """What the file promises. Raises `ContentProblem`."""
    fields = Fields(document.front, lines=document.lines)
    promises = [_promise(entry) for entry in fields.each("promise")]
    unguarded = dict(_unguarded(entry) for entry in fields.each("unguarded"))
    fields.done()
    ids = [promise.id for promise in promises]
    twice = {name for name in ids if ids.count(name) > 1}
    if twice:
        raise document.problem(f"promises `{min(twice)}` twice")
    told = {clause for promise in promises for clause in promise.clauses} | unguarded.keys()
    silent = sorted(set(range(1, CLAUSES + 1)) - told)
    if silent:
        raise document.problem(
            f"says nothing of clause {silent[0]}: give it a promise, or a reason why it has none"
        )
    return Sheet(tuple(promises), unguarded)


def apply_promises(session: Session, _path: str, sheet: Sheet, _gone: Set[str]) -> None:
    """Store what is promised in place of what was."""
    session.execute(sa.delete(PromiseList))
    session.add(
        PromiseList(
            promises=[asdict(promise) for promise in sheet.promises],
            unguarded=[
                {"clause": clause, "why": why} for clause, why in sorted(sheet.unguarded.items())
            ],
        )
    )


def remove_promises(session: Session, _path: str) -> None:
    """Promise nothing any more."""
    session.execute(sa.delete(PromiseList))


def _promise(fields: Fields) -> Promise:
    name = fields.slug("id", default="")
    sentence = fields.text("sentence", longest=300)
    if _PERIOD.search(sentence):
        raise fields.problem("sentence", "names a period; those come from the configuration")
    promise = Promise(
        id=name,
        clauses=_clauses(fields),
        sentence=sentence,
        mechanism=fields.text("mechanism", longest=1_000),
        modules=_all(fields, "modules", _MODULE),
        tests=_all(fields, "tests", _TEST),
    )
    fields.done()
    return promise


def _unguarded(fields: Fields) -> tuple[int, str]:
    clause = fields.number("clause", low=1, high=CLAUSES, default=0)
    if not clause:
        raise fields.problem("clause", "is missing")
    why = fields.text("why", longest=400)
    fields.done()
    return clause, why


def _clauses(fields: Fields) -> tuple[int, ...]:
    found = fields.raw("clauses")
    is_right = (
        isinstance(found, list)
        and found
        and all(type(entry) is int and 1 <= entry <= CLAUSES for entry in found)
    )
    if not is_right:
        raise fields.problem("clauses", f"must be a list of numbers from 1 to {CLAUSES}")
    return tuple(found)


def _all(fields: Fields, key: str, shape: re.Pattern[str]) -> tuple[str, ...]:
    found: Iterable[str] = fields.texts(key, longest=300)
    bad = [entry for entry in found if not shape.fullmatch(entry)]
    if bad:
        raise fields.problem(key, f"“{bad[0]}” is not the path of such a file")
    if not found:
        raise fields.problem(key, "must name at least one file")
    return tuple(found)
