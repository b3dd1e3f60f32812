"""The words that a sender agrees to before anything is public; an old version never changes.

A grant keeps the whole sentence it was given with, so that what was agreed to can be read
word for word, and so that new words never widen an old grant.
"""

from datetime import date

LOCALE = "en"
VERSION = 1

_WORDS = {
    1: (
        "The text on this card may be public on the feedback page of {site}, with a page of its "
        "own, in the feed and in the search, signed as the card is.{home} The site may leave out "
        "parts, and then marks where with […] or {black}; it changes nothing else without asking "
        "me. I can take this back or narrow it at any time. Unless I say so again, it ends on "
        "{ends}."
    ),
}
_HOME = {1: " The home page may quote it."}


def sentence(site: str, *, on_home: bool, ends: date, version: int = VERSION) -> str:
    """What is agreed to, word for word."""
    return _WORDS[version].format(
        site=site,
        home=_HOME[version] if on_home else "",
        black="█████",
        ends=f"{ends.day} {ends:%B %Y}",
    )
