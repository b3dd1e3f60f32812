"""Why something was held: a named rule, a sentence, and the place in the text."""

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


class Action(enum.StrEnum):
    """What becomes of a submission. There is no third: nothing is dropped."""

    SHOW = "show"
    HOLD = "hold"


@dataclass(frozen=True)
class Reason:
    """A rule that held something, in a sentence without anybody's personal data.

    `field` is the submission's own (`text`, `name`) and the span is within it, or `None`.
    """

    rule: str
    sentence: str
    field: str | None = None
    start: int | None = None
    end: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The reason as it is stored beside an item."""
        return asdict(self)


@dataclass(frozen=True)
class Verdict:
    """What becomes of a submission, and every rule that spoke."""

    action: Action
    reasons: tuple[Reason, ...] = ()
    #: Whether nobody here knows the author; what `remember` counts an attack by.
    is_strange: bool = False

    @property
    def holds(self) -> bool:
        """Whether somebody looks at it first."""
        return self.action is Action.HOLD

    def as_json(self) -> list[dict[str, Any]]:
        """The reasons as they are stored beside an item."""
        return [reason.as_json() for reason in self.reasons]


def reasons_from(stored: Iterable[Mapping[str, Any]] | None) -> tuple[Reason, ...]:
    """The reasons that were stored beside an item."""
    names = Reason.__dataclass_fields__
    return tuple(
        Reason(**{name: entry[name] for name in names if name in entry}) for entry in stored or ()
    )


def marked(text: str, reasons: Sequence[Reason], *, field: str = "text") -> list[tuple[str, bool]]:
    """A field's text in pieces, each with whether a rule pointed at it. Joined, they are the text.

    Spans that overlap become one, and those outside the text are left out.
    """
    pieces: list[tuple[str, bool]] = []
    place = 0
    for start, end in _joined(text, reasons, field):
        pieces += [(text[place:start], False), (text[start:end], True)]
        place = end
    return [piece for piece in [*pieces, (text[place:], False)] if piece[0]]


def _joined(text: str, reasons: Sequence[Reason], field: str) -> Iterator[tuple[int, int]]:
    spans = sorted(
        (max(0, reason.start), min(len(text), reason.end))
        for reason in reasons
        if reason.field == field and reason.start is not None and reason.end is not None
    )
    last: tuple[int, int] | None = None
    for start, end in spans:
        if start >= end:
            continue
        if last and start <= last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last:
            yield last
        last = (start, end)
    if last:
        yield last
