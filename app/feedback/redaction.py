"""What administrators may do to somebody's words: cut with `[…]`, black out, and nothing else.

Whether one text came from another in only these ways can be told from the two texts alone,
so a wording is checked where it is stored and again by whoever doubts it.
"""

import re
from collections.abc import Iterable, Iterator

from app.moderation import BLACK

#: Stands where something was left out.
CUT = "[…]"

_MARK = re.compile(f"{re.escape(CUT)}|{re.escape(BLACK)}")
# A mark must stay a mark: in front of these it would become the words of a link, or a
# picture behind the first.
_LINKED = re.compile(rf"{re.escape(CUT)}[(\[:]|!{re.escape(CUT)}")
_SENTENCE = re.compile(r"[^\s].*?(?:[.!?…]+[\"'”’)\]]*(?=\s|$)|(?=\n)|$)")
_LETTER = re.compile(r"\w")


def is_redaction_of(old: str, new: str) -> bool:
    """Whether a text is another one with marks in place of what was taken out, and no more.

    Each mark stands for at least one character. Something must be taken out, some word must
    be left, and no mark may have become part of a link.
    """
    if new == old or _LINKED.search(new) or not _LETTER.search(_MARK.sub("", new)):
        return False
    first, *others = _MARK.split(new)
    if not old.startswith(first):
        return False
    if not others:
        return False
    place = len(first)
    for kept in others[:-1]:
        # The leftmost place leaves the most for what follows, so no other needs trying.
        found = old.find(kept, place + 1)
        if found < 0:
            return False
        place = found + len(kept)
    last = others[-1]
    return old.endswith(last) and len(old) - len(last) > place


def cut_out(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with a visible cut in place of each span; spans with only blanks between join."""
    parts: list[str] = []
    last = 0
    for start, end in _joined(text, spans):
        parts += [text[last:start], CUT]
        last = end
    return "".join([*parts, text[last:]])


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text begin and end; what cannot be told apart is one sentence."""
    return [found.span() for found in _SENTENCE.finditer(text) if found[0].strip()]


def _joined(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    open_span: tuple[int, int] | None = None
    for start, end in sorted((max(0, s), min(e, len(text))) for s, e in spans):
        if start >= end:
            continue
        if open_span and not text[open_span[1] : start].strip():
            open_span = (open_span[0], max(open_span[1], end))
            continue
        if open_span and start < open_span[1]:
            open_span = (open_span[0], max(open_span[1], end))
            continue
        if open_span:
            yield open_span
        open_span = (start, end)
    if open_span:
        yield open_span
