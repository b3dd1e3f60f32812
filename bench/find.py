"""G9: full-text search in an index of a hundred thousand posts, on both databases."""

import random
import statistics
from collections.abc import Iterator
from urllib.parse import quote

from bench.corpus import COMMON, made_posts
from bench.fill import WORDS
from bench.report import Finding, tell
from bench.site import Site, site_of
from tests.provision import throwaway_postgres

POSTS, LIMIT = 100_000, 100  # posts, milliseconds
QUERIES = 300
HOSTILE = (
    "the of and to in is that for it with",
    '"the of"',
    "the* OR of* OR and*",
    'NEAR(the of, 5) "',
    "a" * 200,
    "-the -of -and",
    "'; DROP TABLE posts; --",
    "((((((((((the",
    "t* h* e*",
    "% _ \\ : & | ! <->",
)


def measure() -> Iterator[Finding]:
    """Ask common, rare and hostile queries of each database in turn."""
    with site_of() as site:
        yield from _asked(site, "SQLite")
    with throwaway_postgres() as address, site_of(database=address) as site:
        yield from _asked(site, "PostgreSQL")


def _asked(site: Site, database: str) -> Iterator[Finding]:
    tell(f"  filling the index on {database} with {POSTS:,} posts …")
    with site.served():
        pass
    site.run("bench.fill", str(POSTS))
    with site.served():
        for kind, queries in _queries().items():
            answers = [site.get(f"/search/?q={quote(query)}") for query in queries]
            worst = 1000 * statistics.quantiles((answer.seconds for answer in answers), n=100)[98]
            failed = sum(answer.status >= 500 for answer in answers)
            what = f"search of {POSTS:,} posts on {database}, {kind} queries"
            yield Finding("G9", f"{what}: p99", worst, LIMIT, "ms")
            yield Finding("G9", f"{what}: failed", failed, 0)


def _queries() -> dict[str, list[str]]:
    """Answer queries of three kinds; almost no two are the same."""
    dice = random.Random(2)
    texts = [post.text for _, post in made_posts(0, 200, words=WORDS)]
    words = sorted({word for text in texts for word in text.split() if word.isalpha()})
    common = [" ".join(dice.sample(COMMON, dice.randint(1, 4))) for _ in range(QUERIES)]
    rare = [" ".join(dice.sample(words, dice.randint(1, 3))) for _ in range(QUERIES)]
    hostile = [f"{dice.choice(HOSTILE)} {dice.choice(COMMON)}" for _ in range(QUERIES)]
    return {"common": common, "rare": rare, "hostile": hostile}
