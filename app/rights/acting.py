"""Doing what a mailed link is for. Each use takes the link first, so that it works once."""

from dataclasses import dataclass, field

from app.core.database import transaction
from app.core.privacy import Collected, Seen, collect, looks_at, person_of

from .archive import Archive, archive_of
from .links import take_link
from .totals import add_one
from .wishes import Wish


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What is shown to the owner of an address."""

    email: str = field(repr=False)
    collected: Collected = field(repr=False)


def see(token: str) -> Shown:
    """Everything that is held. Raises `LinkOver`."""
    email = _taken(token, Wish.SEE)
    return Shown(email=email, collected=collect(person_of(email)))


def look_back(token: str) -> list[Seen]:
    """Who looked. Raises `LinkOver`."""
    return looks_at(person_of(_taken(token, Wish.LOOKS)))


def export(token: str) -> Archive:
    """Everything that is held, as a file. Raises `LinkOver`."""
    email = _taken(token, Wish.EXPORT)
    return archive_of(email, collect(person_of(email)))


def _taken(token: str, wish: Wish) -> str:
    """The address of a link that is used up with this, and counted."""
    with transaction() as session:
        email = take_link(session, token, wish)
        add_one(wish)
    return email
