"""How the moderators' pages say things: ages, counts, changes, and the words that held."""

import difflib
import html
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

AROUND = 32
CAP = 100

_TAG = re.compile(r"<[^>]*>")
_HREF = re.compile(r'<a [^>]*?href="([^"]+)"')
_SPACE = re.compile(r"\s+")
_WORD_OR_SPACE = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class Why:
    """One rule that held an item, and the very words that made it."""

    sentence: str
    before: str = ""
    match: str = ""
    after: str = ""


def whys(reasons: Any, fields: dict[str, str]) -> list[Why]:
    """The reasons stored with an item; `fields` are the texts their spans point into."""
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
    """What became of an author's other items."""
    parts = ((shown, "shown"), (rejected, "refused"), (spam, "spam"))
    said = [f"{CAP}+ {word}" if n >= CAP else f"{n} {word}" for n, word in parts if n]
    return ", ".join(said) + " before" if said else ""


def diff_of(old: str, new: str) -> list[tuple[str, str]]:
    """What changed from one text to another, word by word: `same`, `removed` or `added`."""
    before, after = _WORD_OR_SPACE.findall(old), _WORD_OR_SPACE.findall(new)
    parts: list[tuple[str, str]] = []
    matcher = difflib.SequenceMatcher(None, before, after)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(before[a:b])))
            continue
        if a < b:
            parts.append(("removed", "".join(before[a:b])))
        if c < d:
            parts.append(("added", "".join(after[c:d])))
    return parts


def _words(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
