"""How the moderators' pages say things: ages, counts, and the words that held a comment."""

import html
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from ..models import State

AROUND = 32
CAP = 100

STATE_WORDS = {
    State.HELD: "waiting",
    State.SHOWN: "shown",
    State.REJECTED: "refused",
    State.SPAM: "spam",
    State.REMOVED: "removed by its author",
}
_TAG = re.compile(r"<[^>]*>")
_HREF = re.compile(r'<a [^>]*?href="([^"]+)"')
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Why:
    """One rule that held a comment, and the very words that made it."""

    sentence: str
    before: str = ""
    match: str = ""
    after: str = ""


def whys(reasons: Any, fields: dict[str, str]) -> list[Why]:
    """The reasons stored with a comment; `fields` are the texts their spans point into."""
    return [_why(reason, fields) for reason in reasons or ()]


def _why(reason: dict[str, Any], fields: dict[str, str]) -> Why:
    text = fields.get(reason.get("field") or "", "")
    start, end = reason.get("start"), reason.get("end")
    if start is None or end is None or not 0 <= start < end <= len(text):
        return Why(reason["sentence"])
    before = text[max(0, start - AROUND) : start]
    after = text[end : end + AROUND]
    return Why(
        reason["sentence"],
        f"… {before}" if start > AROUND else before,
        text[start:end],
        f"{after} …" if end + AROUND < len(text) else after,
    )


def hosts_of(rendered: str) -> tuple[int, list[str]]:
    """How many links a rendered text has, and the hosts they really lead to."""
    targets = [html.unescape(target) for target in _HREF.findall(rendered)]
    hosts = [urlsplit(target).hostname or target.partition(":")[0] for target in targets]
    return len(targets), list(dict.fromkeys(hosts))


def raw_if_it_says_more(raw: str, rendered: str) -> str | None:
    """The text as typed, unless readers see the same words in the same way anyhow."""
    plain = "<a " not in rendered and _words(html.unescape(_TAG.sub(" ", rendered))) == _words(raw)
    return None if plain else raw


def excerpt(text: str, length: int = 120) -> str:
    """The beginning of a text on one line."""
    line = _SPACE.sub(" ", text).strip()
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def age(moment: datetime, now: datetime) -> str:
    """How long ago something was, to the unit that matters."""
    passed = now - moment
    if passed < timedelta(minutes=1):
        return "just now"
    for unit, length in (
        ("day", timedelta(days=1)),
        ("hour", timedelta(hours=1)),
        ("minute", timedelta(minutes=1)),
    ):
        count = passed // length
        if count:
            return f"{count:,} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def counted(number: int, one: str, many: str) -> str:
    """`1 comment`, `2 comments`, and `100+ comments` where counting stopped."""
    if number >= CAP:
        return f"{CAP}+ {many}"
    return f"{number} {one if number == 1 else many}"


def history_sentence(shown: int, rejected: int, spam: int) -> str:
    """What became of an author's other comments."""
    parts = ((shown, "shown"), (rejected, "refused"), (spam, "spam"))
    said = [f"{CAP}+ {word}" if n >= CAP else f"{n} {word}" for n, word in parts if n]
    return ", ".join(said) + " before" if said else ""


def _words(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
