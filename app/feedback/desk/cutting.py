"""The draft of a shortened text: what was typed, less what was ticked or is to be black."""

import re
from collections.abc import Iterator

from werkzeug.datastructures import MultiDict

from app.moderation import mask_leak

from ..models import LONGEST_TEXT
from ..redaction import cut_out

_SPAN = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")


def drafted(sent: MultiDict[str, str]) -> str:
    """The text of the form after what its button asked for."""
    text = _plain(sent.get("text", ""))
    if "mask" in sent:
        return mask_leak(text, sent["mask"])
    if sent.get("do") == "cut":
        return cut_out(text, _ticked(sent, text))
    return text


def _ticked(sent: MultiDict[str, str], text: str) -> Iterator[tuple[int, int]]:
    """The ticked sentences, where they stand in the text; it may have been typed in since."""
    drawn = _plain(sent.get("drawn", ""))
    for value in sent.getlist("cut"):
        span = _SPAN.fullmatch(value)
        words = drawn[int(span[1]) : int(span[2])] if span else ""
        if not words:
            continue
        same = span is not None and text[int(span[1]) : int(span[2])] == words
        start = int(span[1]) if span and same else text.find(words)
        if start >= 0:
            yield start, start + len(words)


def _plain(text: str) -> str:
    """A text as browsers mean it, with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")[:LONGEST_TEXT]
