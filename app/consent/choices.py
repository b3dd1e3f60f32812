"""What a browser says about cookies: an answer, a signal to all sites, or nothing yet.

A choice is the same few bytes for everybody who answered the same, so that it tells nobody
from anybody. What cannot be read is no answer, and never an agreement.
"""

import re
from dataclasses import dataclass, replace
from typing import Self

from werkzeug.datastructures import Headers

ASK, SIGNAL, DECIDED = "ask", "signal", "decided"
LIGHT, DARK = "light", "dark"
#: Every shape that a public page has.
VARIANTS = (ASK, SIGNAL, DECIDED, f"{DECIDED}-{LIGHT}", f"{DECIDED}-{DARK}")

#: Raised when the form of the cookie changes, so that old ones are asked anew.
FORMAT = 1
LONGEST = 40
_VALUE = re.compile(r"([0-9]{1,4})\.([0-9]{1,6})\.p([01])m([01])(?:-(light|dark))?")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the running site asks for, and how its cookie is called."""

    cookie: str
    revision: int
    offered: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What may be done for this visitor: everything is off until they say otherwise."""

    is_made: bool = False
    #: The browser tells every site that it does not want to be tracked.
    has_signal: bool = False
    preferences: bool = False
    measurement: bool = False
    colours: str | None = None

    @property
    def variant(self) -> str:
        """The shape in which this visitor gets public pages."""
        if self.colours:
            return f"{DECIDED}-{self.colours}"
        if self.has_signal and not self.preferences:
            return SIGNAL
        return DECIDED if self.is_made else ASK

    def allows(self, category: str) -> bool:
        """Whether the visitor agreed to an optional category."""
        return {"preferences": self.preferences, "measurement": self.measurement}[category]

    def answered(self, *, preferences: bool, measurement: bool, colours: str | None) -> Self:
        """The choice after an answer: a signal still shuts measurement, and colours are a
        preference."""
        return replace(
            self,
            is_made=True,
            preferences=preferences,
            measurement=measurement and not self.has_signal,
            colours=colours if preferences else None,
        )

    def to_cookie(self, revision: int) -> str:
        """The bytes that a browser keeps of it."""
        colours = f"-{self.colours}" if self.colours else ""
        return f"{FORMAT}.{revision}.p{self.preferences:d}m{self.measurement:d}{colours}"


def read_choice(headers: Headers, terms: Terms) -> Choice:
    """The choice that a request's headers carry, under the terms of today."""
    has_signal = "1" in (headers.get("Sec-GPC"), headers.get("DNT"))
    nothing = Choice(has_signal=has_signal, is_made=not terms.offered)
    found = _value(headers.get("Cookie", ""), terms)
    if found is None:
        return nothing
    return Choice(has_signal=has_signal).answered(
        preferences=found[3] == "1" and "preferences" in terms.offered,
        measurement=found[4] == "1" and "measurement" in terms.offered,
        colours=found[5],
    )


def values_of(name: str, header: str) -> list[str]:
    """What a `Cookie` header says under a name: the bytes as they came, whatever they are."""
    if name not in header:
        return []
    parts = (part.partition("=") for part in header.split(";"))
    return [value.strip() for key, _, value in parts if key.strip() == name]


def _value(header: str, terms: Terms) -> re.Match[str] | None:
    """The cookie's parts, or `None` for one that is absent, odd, outdated or contradicts itself."""
    given = set(values_of(terms.cookie, header))
    if len(given) != 1:
        return None
    text = given.pop()
    found = _VALUE.fullmatch(text) if len(text) <= LONGEST else None
    if found is None or int(found[1]) != FORMAT or int(found[2]) != terms.revision:
        return None
    # We never write colours for somebody who refused to have them remembered.
    return None if found[5] and found[3] == "0" else found
