"""How a card is signed: what each choice makes of a name or a role, and which choice says less."""

import re
from dataclasses import dataclass

from .records import LONGEST_CREDIT, Credit

ANONYMOUS = "Anonymous"
LABELS = {
    Credit.ANONYMOUS: "Anonymous",
    Credit.FIRST: "My first name",
    Credit.FULL: "My full name",
    Credit.INITIALS: "My initials",
    Credit.ROLE: "What I do, without a name",
}
#: What each says; a choice says no more than another whose parts it keeps within.
_PARTS = {
    Credit.ANONYMOUS: frozenset[str](),
    Credit.ROLE: frozenset({"role"}),
    Credit.INITIALS: frozenset({"initials"}),
    Credit.FIRST: frozenset({"first"}),
    Credit.FULL: frozenset({"first", "initials", "full"}),
}
# Where a second initial begins: after a blank, or a hyphen as in Anne-Marie.
_BREAK = re.compile(r"[\s\-\u2010\u2011]+")


@dataclass(frozen=True)
class Signature:
    """A choice of credit and the line it makes."""

    credit: Credit
    line: str


def signature(credit: Credit, name: str = "", role: str = "") -> Signature:
    """The line of a choice. Raises `ValueError` when what it is made of is missing."""
    line = _line(credit, " ".join(name.split()), " ".join(role.split()))
    if not line:
        raise ValueError(f"nothing to sign as {credit} with")
    return Signature(credit, line[:LONGEST_CREDIT].rstrip())


def within(credit: Credit, widest: Credit) -> bool:
    """Whether a choice says no more of a person than another does."""
    return _PARTS[credit] <= _PARTS[widest]


def says_no_more(new: Signature, old: Signature) -> bool:
    """Whether a new signature tells nothing that the old one did not."""
    if new == old or new.credit is Credit.ANONYMOUS:
        return True
    is_of_that_name = old.credit is Credit.FULL and within(new.credit, old.credit)
    return is_of_that_name and new == signature(new.credit, name=old.line)


def _line(credit: Credit, name: str, role: str) -> str:
    words = [word for word in name.split(" ") if _initial(word)]
    match credit:
        case Credit.ANONYMOUS:
            return ANONYMOUS
        case Credit.ROLE:
            return role
        case Credit.FULL:
            return name if words else ""
        case Credit.FIRST:
            return words[0] if words else ""
        case Credit.INITIALS:
            parts = [part for word in words for part in _BREAK.split(word)]
            return " ".join(f"{_initial(part)}." for part in parts if _initial(part))


def _initial(word: str) -> str:
    """The first letter of a word, in capitals where its script has them; empty without one."""
    found = next((letter for letter in word if letter.isalpha()), "")
    return found.upper() if len(found.upper()) == 1 else found
