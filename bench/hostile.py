"""P9: what a visitor can make the server do with ten thousand characters."""

import random
import time
from collections.abc import Callable, Iterator

from app.core.markup import render_remark
from app.core.markup.remarks import LONGEST, MOST_EFFORT, effort
from app.moderation.rules import Known, Submission, judge
from bench.report import Finding
from tests.properties.test_remarks import HOSTILE

REMARK_LIMIT, RULES_LIMIT = 20, 50  # milliseconds of CPU
MIXTURES = 500
STARS = "\n".join(
    line for number in range(100) for line in (f"*foo{number}*", f"word{number}*x*y{number}")
)


def measure() -> Iterator[Finding]:
    """The dearest of many hostile comments, and the dearest text for a list of 200 stars."""
    render_remark("warm *up*")
    texts = [*_repeated(), *_mixed(random.Random(1))]
    worst = max(_cost(render_remark, text) for text in texts)
    what = f"the dearest of {len(texts):,} hostile comments of {LONGEST:,} characters: CPU"
    yield Finding("P9", what, worst, REMARK_LIMIT, "ms")

    known = Known(words=STARS)
    texts = [*_repeated(), " ".join(f"fo{number}" for number in range(2_000)), "foo1 " * 2_000]
    worst = max(_cost(lambda text: judge(_said(text), known), text) for text in texts)
    yield Finding("P9", "all rules, 200 words with stars: CPU", worst, RULES_LIMIT, "ms")


def _cost(work: Callable[[str], object], text: str) -> float:
    """Milliseconds of this process's CPU, the best of three."""
    costs = []
    for _ in range(3):
        before = time.process_time()
        work(text)
        costs.append((time.process_time() - before) * 1_000)
    return min(costs)


def _said(text: str) -> Submission:
    return Submission(kind="comment", blog_id=1, text=text, name="Bo")


def _repeated() -> Iterator[str]:
    """Each piece alone: all over, as often as is still rendered, and spread among words."""
    for piece in HOSTILE:
        yield (piece * LONGEST)[:LONGEST]
        yield _as_much_as_goes([piece], random.Random(0)).ljust(LONGEST, "a")
        yield "".join(f"{piece}word " for _ in range(120)).ljust(LONGEST, "a")[:LONGEST]


def _mixed(chance: random.Random) -> Iterator[str]:
    for _ in range(MIXTURES):
        yield _as_much_as_goes(chance.sample(HOSTILE, 4), chance).ljust(LONGEST, "a")


def _as_much_as_goes(pieces: list[str], chance: random.Random) -> str:
    text = ""
    while len(text) < LONGEST - 100:
        piece = chance.choice(pieces)
        if effort(text + piece) > MOST_EFFORT:
            break
        text += piece
    return text
