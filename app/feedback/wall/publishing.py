"""The public cards for the rooms above: feeds, search and the sitemap."""

import re
from collections.abc import Iterable, Iterator

from app.core.markup import plain_text
from app.core.registry import Feed, FeedEntry, Location, PublicDocument
from app.core.web import page_part

from ..cards import Published, published_cards
from ..models import Feedback
from .queries import SHELVES, cards_by_number, newest_published, public_numbers

SOURCE = "feedback.cards"
WALL = "/feedback/"
ENTRIES = 20
HEADLINE = 70

_LIST = re.compile(rf"{WALL}(?:({'|'.join(SHELVES)})/)?")
_MARKS = re.compile(r"[*_`>#\[\]]+")


def headline(text: str) -> str:
    """The beginning of a text, on one line, as its title where there is none."""
    line = " ".join(_MARKS.sub("", text[: 8 * HEADLINE]).split())
    if len(line) <= HEADLINE:
        return line
    cut = line[:HEADLINE]
    return f"{cut.rpartition(' ')[0] or cut} …"


def feed_of(address: str) -> Feed | None:
    """The feed of the wall or of a part of it; `None` for another address."""
    found = _LIST.fullmatch(address)
    if found is None:
        return None
    kind, title = SHELVES.get(found[1], (None, "Feedback"))
    conditions = [] if kind is None else [Feedback.kind == kind]
    return Feed(
        title=f"{title} · {page_part('site').name}",
        description="What people said, as far as they agreed that others may read it.",
        address=address,
        entries=tuple(_entry(card) for card in published_cards(*conditions, most=ENTRIES)),
    )


def wall_locations() -> Iterator[Location]:
    """The wall and every card that is public."""
    yield Location(address=WALL, changed_at=newest_published())
    for number, published_at in public_numbers():
        yield Location(address=f"{WALL}{number}/", changed_at=published_at)


def card_documents(numbers: Iterable[int]) -> Iterator[PublicDocument]:
    """Cards as search finds them, while they are public."""
    for found, digest, ends_at in cards_by_number(numbers):
        yield PublicDocument(
            source=SOURCE,
            source_id=found.view.number,
            digest=digest,
            address=found.view.address,
            section="Feedback",
            title=headline(found.text),
            summary=f"{found.view.label}, {found.view.credit}",
            body=plain_text(str(found.view.html)),
            visible_from=found.published_at,
            visible_until=ends_at,
        )


def _entry(found: Published) -> FeedEntry:
    return FeedEntry(
        address=found.view.address,
        title=headline(found.text),
        summary="",
        html=str(found.view.html),
        published_at=found.published_at,
        updated_at=found.published_at,
        authors=(found.view.credit,),
        tags=(found.view.label,),
    )
