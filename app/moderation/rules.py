"""The rules that hold a submission. Each is a function from what is known to reasons.

None of them refuses: a person decides about what they hold, and is told which of them spoke.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from uuid import UUID

from .links import count_links, disguised_in, is_only_links, links_in
from .reasons import Reason
from .words import word_list

#: More of strangers' submissions in an hour than this is an attack: all of them wait.
ATTACK = 20
LOUD_LETTERS = 20
#: Enough to see why; a text of nothing else needs no thousand marks.
MOST_PLACES = 20
_LETTERED = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})

SUSPICIONS = {
    "trap": "A field that people do not see was filled in.",
    "missing": "The form came without its stamp.",
    "forged": "The stamp of the form was not ours.",
    "young": "The form came back faster than anybody types.",
    "old": "The form had been open for days.",
    "busy": "Much has come from this neighbourhood of addresses lately.",
    "fetch": "The browser did not say which page the form was on.",
}


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What somebody sent in, and what is known of them. Who keeps it says what it is (`kind`).

    `approved_before` counts what was approved from this very address; it means nothing
    before the address is proved. `suspicions` are words of `SUSPICIONS`.
    """

    kind: str
    blog_id: int
    text: str
    name: str = ""
    email: str | None = None
    ip: str | None = None
    is_proved: bool = False
    approved_before: int = 0
    links: int | None = None
    suspicions: tuple[str, ...] = ()
    #: The item itself when it is judged again, so that it does not repeat itself.
    item_uid: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What this blog already knows that bears on a submission."""

    words: str = ""
    publishes_first: bool = False
    links_allowed: int = 1
    is_trusted: bool = False
    was_seen: bool = False
    refused_hosts: frozenset[str] = frozenset()
    strangers_waiting: int = 0


def judge(submission: Submission, known: Known) -> tuple[Reason, ...]:
    """Every rule that speaks, in the order in which they are told."""
    rules = (_stranger, _words, _links, _looks, _history, _suspicions)
    return tuple(
        reason for rule in rules for reason in islice(rule(submission, known), MOST_PLACES)
    )


def is_stranger(submission: Submission, known: Known) -> bool:
    """Whether nobody here knows the author. An address that is not proved is nobody's."""
    return not (submission.is_proved and known.is_trusted)


def _stranger(submission: Submission, known: Known) -> Iterator[Reason]:
    if not is_stranger(submission, known):
        return
    if known.strangers_waiting > ATTACK:
        yield Reason(
            "attack",
            f"More than {ATTACK} strangers' comments came within an hour; all of them wait.",
        )
    elif known.publishes_first:
        return
    elif submission.approved_before and not submission.is_proved:
        yield Reason(
            "unproved", "The author has been published here, and has not proved the address."
        )
    elif submission.approved_before:
        yield Reason(
            "untrusted", "The author has been published here, and is not on the trusted list."
        )
    else:
        yield Reason("first", "It is the author's first comment here.")


def _words(submission: Submission, known: Known) -> Iterator[Reason]:
    listed = word_list(known.words)
    for field, text in (("text", submission.text), ("name", submission.name)):
        for match in listed.find(text):
            sentence = f"Line {match.line} of the word list is in it."
            yield Reason("words", sentence, field, match.start, match.end)


def _links(submission: Submission, known: Known) -> Iterator[Reason]:
    text = submission.text
    number = count_links(text) if submission.links is None else submission.links
    if number > known.links_allowed:
        allowed = "no link" if known.links_allowed == 0 else f"up to {known.links_allowed}"
        sentence = f"It has {number} {'link' if number == 1 else 'links'}; {allowed} may pass."
        for link in links_in(text):
            yield Reason("links", sentence, "text", link.start, link.end)
    for link in links_in(submission.name):
        yield Reason("name", "The name is a link.", "name", link.start, link.end)
    for start, end in disguised_in(text):
        sentence = "A link shows one address and leads to another."
        yield Reason("disguise", sentence, "text", start, end)
    if is_only_links(text):
        yield Reason("bare", "It says nothing besides its links.", "text", 0, len(text))


def _looks(submission: Submission, _known: Known) -> Iterator[Reason]:
    for field, text in (("text", submission.text), ("name", submission.name)):
        for start, end in mixed_words(text):
            sentence = "A word mixes alphabets, as if to look like another word."
            yield Reason("mixed", sentence, field, start, end)
    if is_loud(submission.text):
        yield Reason("loud", "It is written in capitals.", "text", 0, len(submission.text))


def _history(submission: Submission, known: Known) -> Iterator[Reason]:
    if known.was_seen:
        yield Reason(
            "repeated", "The same text was sent in before.", "text", 0, len(submission.text)
        )
    for link in links_in(submission.text):
        if link.host in known.refused_hosts:
            sentence = "It links to where refused comments linked to."
            yield Reason("host", sentence, "text", link.start, link.end)


def _suspicions(submission: Submission, _known: Known) -> Iterator[Reason]:
    for word in submission.suspicions:
        yield Reason(f"form-{word}", SUSPICIONS.get(word, "Something about the form was unusual."))


def is_loud(text: str) -> bool:
    """Whether nearly all of its letters are capitals, where a script has both."""
    small = sum(1 for character in text if character.islower())
    capital = sum(1 for character in text if character.isupper())
    return capital >= LOUD_LETTERS and capital > 9 * small


def mixed_words(text: str) -> Iterator[tuple[int, int]]:
    """Where a word is written in letters of two alphabets that look alike."""
    if text.isascii():
        return
    start, scripts = 0, set()
    for place, character in enumerate([*text, " "]):
        if character.isalpha():
            scripts.add(_script(character))
            continue
        if len(scripts & _LETTERED) > 1:
            yield start, place
        start, scripts = place + 1, set()


@lru_cache(maxsize=4_096)
def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]
