"""Full-text search, in both databases' own ways side by side.

Any query has to be cheap, the commonest words included. So a query has at most eight
words, and nothing is sorted that was not first cut down to the newest matches: those
in the title, then those anywhere. Document numbers grow with age, so "newest" is a
walk of the index from its end.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from app.core import clock
from app.core.database import UtcDateTime, db, is_sqlite

from .highlight import excerpt, marked, pattern_of

PER_PAGE = 20
LAST_PAGE = 10
MOST_WORDS = 8
LONGEST_QUERY = 200
CANDIDATES = 1_000
# Enough to show a passage of; a hit further down is shown by the document's beginning.
BODY_SHOWN = 20_000

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Result:
    """One document found, with its hits marked."""

    title: Markup
    address: str
    section: str
    excerpt: Markup
    published_at: datetime | None


@dataclass(frozen=True)
class Results:
    """A page of results; `more` tells whether another follows."""

    found: list[Result]
    more: bool = False


def words_of(query: str) -> list[str]:
    """The words of a query that are looked for: each once, eight at the most."""
    words = _WORD.findall(query[:LONGEST_QUERY].replace("\0", " ").lower())
    return list(dict.fromkeys(words))[:MOST_WORDS]


def search(query: str, page: int) -> Results:
    """Page `page` of the published documents that hold every word of the query.

    The last word also matches as the beginning of a longer one. Documents with all
    words in the title come first, then the newest. A query without words finds nothing.
    """
    words = words_of(query)
    if not words:
        return Results([])
    run = _search_sqlite if is_sqlite() else _search_postgresql
    values = {
        "at": clock.now(),
        "candidates": CANDIDATES,
        "limit": PER_PAGE + 1,
        "offset": (page - 1) * PER_PAGE,
        "shown": BODY_SHOWN,
    }
    rows = run(words, values)
    pattern = pattern_of(words)
    found = [_result(row, pattern) for row in rows[:PER_PAGE]]
    return Results(found, more=len(rows) > PER_PAGE and page < LAST_PAGE)


def _result(row: Any, pattern: re.Pattern[str]) -> Result:
    is_post = row.section != "Pages"
    return Result(
        title=marked(row.title, pattern),
        address=row.address,
        section=row.section,
        excerpt=excerpt(row.body, pattern),
        published_at=row.visible_from if is_post else None,
    )


_FOUND = """
    , hits AS (
        SELECT id, min(tier) AS tier FROM (
            SELECT id, 0 AS tier FROM in_title UNION ALL SELECT id, 1 FROM anywhere
        ) AS every_hit GROUP BY id
    ), best AS (
        SELECT hits.id, hits.tier
        FROM hits JOIN search_entries AS entry ON entry.id = hits.id
        WHERE entry.visible_from <= :at
          AND (entry.visible_until IS NULL OR entry.visible_until > :at)
        ORDER BY hits.tier, entry.visible_from DESC, entry.id DESC
        LIMIT :limit OFFSET :offset
    )
    SELECT entry.address, entry.section, entry.title, entry.visible_from,
           substr(entry.body, 1, :shown) AS body
    FROM best JOIN search_entries AS entry ON entry.id = best.id
    ORDER BY best.tier, entry.visible_from DESC, entry.id DESC
"""
_SQLITE = """
    WITH in_title AS (
        SELECT rowid AS id FROM search_titles
        WHERE search_titles MATCH :query ORDER BY rowid DESC LIMIT :candidates
    ), anywhere AS (
        SELECT rowid AS id FROM search_words
        WHERE search_words MATCH :query ORDER BY rowid DESC LIMIT :candidates
    )
"""
_POSTGRESQL = """
    WITH in_title AS MATERIALIZED (
        SELECT id FROM search_entries
        WHERE words_of_title @@ to_tsquery('clientflow', :query)
        ORDER BY id DESC LIMIT :candidates
    ), anywhere AS MATERIALIZED (
        SELECT id FROM search_entries
        WHERE words @@ to_tsquery('clientflow', :query)
        ORDER BY id DESC LIMIT :candidates
    )
"""
_ON_SQLITE, _ON_POSTGRESQL = (
    sa.text(candidates + _FOUND)
    .bindparams(sa.bindparam("at", type_=UtcDateTime()))
    .columns(visible_from=UtcDateTime())
    for candidates in (_SQLITE, _POSTGRESQL)
)


def _search_sqlite(words: list[str], values: dict[str, Any]) -> list[Any]:
    terms = [f'"{word}"' for word in words]
    # A single letter stands for too much to be the beginning of a word.
    terms[-1] += "*" if len(words[-1]) > 1 else ""
    return list(db.session.execute(_ON_SQLITE, values | {"query": " ".join(terms)}))


def _search_postgresql(words: list[str], values: dict[str, Any]) -> list[Any]:
    terms = [f"'{word}'" for word in words]
    terms[-1] += ":*" if len(words[-1]) > 1 else ""
    return list(db.session.execute(_ON_POSTGRESQL, values | {"query": " & ".join(terms)}))
