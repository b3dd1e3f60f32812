"""Full-text search, in both databases' own ways side by side.

Any query has to be cheap, the commonest words included. So nothing is ever ranked
that was not first cut down to the newest matches, and a query has at most eight words.
Document numbers grow with age, so "newest" is a walk of the index from its end.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup, escape

from app.core import clock
from app.core.database import UtcDateTime, db, is_sqlite

PER_PAGE = 20
LAST_PAGE = 10
MOST_WORDS = 8
LONGEST_QUERY = 200
CANDIDATES = 1_000
TIMEOUT_MS = 200

# Marks around a hit, until the text is escaped; they cannot occur in a document.
_OPEN, _CLOSE = "\x02", "\x03"
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
    more: bool


def words_of(query: str) -> list[str]:
    """The words of a query that are looked for: each once, eight at the most."""
    words = _WORD.findall(query[:LONGEST_QUERY].replace("\0", " ").lower())
    return list(dict.fromkeys(words))[:MOST_WORDS]


def search(query: str, page: int) -> Results:
    """Page `page` of the published documents that hold every word of the query.

    The last word also matches as the beginning of a longer one. Hits in the title
    come first. A query without words finds nothing.
    """
    words = words_of(query)
    if not words:
        return Results([], more=False)
    at = clock.now()
    run = _search_sqlite if is_sqlite() else _search_postgresql
    rows = run(words, at, (page - 1) * PER_PAGE)
    found = [_result(row) for row in rows[:PER_PAGE]]
    return Results(found, more=len(rows) > PER_PAGE and page < LAST_PAGE)


def _result(row: Any) -> Result:
    is_post = row.section != "Pages"
    return Result(
        title=_marked(row.marked_title),
        address=row.address,
        section=row.section,
        excerpt=_marked(row.excerpt),
        published_at=row.visible_from if is_post else None,
    )


def _marked(text: str) -> Markup:
    escaped = str(escape(text))
    return Markup(escaped.replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))


_COLUMNS = {"visible_from": UtcDateTime()}

_SQLITE = sa.text(
    """
    WITH hits AS (
        SELECT id, min(tier) AS tier FROM (
            SELECT * FROM (
                SELECT rowid AS id, 0 AS tier FROM search_words
                WHERE search_words MATCH :in_title ORDER BY rowid DESC LIMIT :candidates)
            UNION ALL
            SELECT * FROM (
                SELECT rowid AS id, 1 AS tier FROM search_words
                WHERE search_words MATCH :anywhere ORDER BY rowid DESC LIMIT :candidates)
        ) GROUP BY id
    ), best AS (
        SELECT hits.id, hits.tier FROM hits
        JOIN search_entries AS entry ON entry.id = hits.id
        WHERE entry.visible_from <= :at
          AND (entry.visible_until IS NULL OR entry.visible_until > :at)
        ORDER BY hits.tier, entry.visible_from DESC, hits.id DESC
        LIMIT :limit OFFSET :offset
    )
    SELECT entry.address, entry.section, entry.visible_from,
           highlight(search_words, 0, :open, :close) AS marked_title,
           snippet(search_words, 2, :open, :close, '…', 32) AS excerpt
    FROM best
    JOIN search_words ON search_words.rowid = best.id
    JOIN search_entries AS entry ON entry.id = best.id
    WHERE search_words MATCH :anywhere
    ORDER BY best.tier, entry.visible_from DESC, best.id DESC
    """
).columns(**_COLUMNS)


def _search_sqlite(words: list[str], at: datetime, offset: int) -> list[Any]:
    terms = [f'"{word}"' for word in words]
    # A single letter stands for too much to be the beginning of a word.
    terms[-1] += "*" if len(words[-1]) > 1 else ""
    anywhere = " ".join(terms)
    values = _values(at, offset) | {"anywhere": anywhere, "in_title": f"title : ({anywhere})"}
    values["at"] = at.replace(tzinfo=None).isoformat(" ", timespec="microseconds")
    return list(db.session.execute(_SQLITE, values))


_POSTGRESQL = sa.text(
    """
    WITH asked AS (
        SELECT to_tsquery('clientflow', :query) AS query
    ), newest AS MATERIALIZED (
        SELECT entry.id FROM search_entries AS entry, asked
        WHERE entry.words @@ asked.query
          AND entry.visible_from <= :at
          AND (entry.visible_until IS NULL OR entry.visible_until > :at)
        ORDER BY entry.id DESC
        LIMIT :candidates
    ), best AS (
        SELECT entry.id, ts_rank('{0, 0.2, 0.5, 1}', entry.words, asked.query) AS rank
        FROM newest JOIN search_entries AS entry USING (id), asked
        ORDER BY rank DESC, entry.visible_from DESC, entry.id DESC
        LIMIT :limit OFFSET :offset
    )
    SELECT entry.address, entry.section, entry.visible_from,
           ts_headline('clientflow', entry.title, asked.query,
                       'HighlightAll=true, StartSel=' || :open || ', StopSel=' || :close)
               AS marked_title,
           ts_headline('clientflow', left(entry.body, 20000), asked.query,
                       'MaxWords=32, MinWords=16, StartSel=' || :open || ', StopSel=' || :close)
               AS excerpt
    FROM best JOIN search_entries AS entry USING (id), asked
    ORDER BY best.rank DESC, entry.visible_from DESC, entry.id DESC
    """
).columns(**_COLUMNS)


def _search_postgresql(words: list[str], at: datetime, offset: int) -> list[Any]:
    terms = [f"'{word}'" for word in words]
    terms[-1] += ":*" if len(words[-1]) > 1 else ""
    db.session.execute(sa.text(f"SET LOCAL statement_timeout = {TIMEOUT_MS}"))
    values = _values(at, offset) | {"query": " & ".join(terms), "at": at}
    return list(db.session.execute(_POSTGRESQL, values))


def _values(at: datetime, offset: int) -> dict[str, Any]:
    return {
        "open": _OPEN,
        "close": _CLOSE,
        "candidates": CANDIDATES,
        "limit": PER_PAGE + 1,
        "offset": offset,
        "at": at,
    }
