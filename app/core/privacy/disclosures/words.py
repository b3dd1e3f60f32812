"""What kinds of demands, their outcomes and the data they ask for are called."""

from collections.abc import Iterable, Mapping

from .models import Kind, Outcome

KINDS: Mapping[Kind, str] = {
    Kind.SUBPOENA: "Subpoena",
    Kind.COURT_ORDER: "Court order",
    Kind.SEARCH_WARRANT: "Search warrant",
    Kind.GOVERNMENT_REQUEST: "Request of another authority",
    Kind.CIVIL: "Civil demand",
    Kind.GOOD_FAITH: "In good faith, without a demand",
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.COMPLIED: "Data was given",
    Outcome.PARTLY: "Part of it was given",
    Outcome.REJECTED: "Refused",
    Outcome.NOTHING_HELD: "Nothing was held",
}
#: What can be asked for. Passwords and other secrets are not in the list, so nobody gets them.
PARTS: Mapping[str, str] = {
    "name": "names",
    "email": "email addresses",
    "ip": "network addresses",
    "content": "what they wrote",
    "device": "browsers and devices",
}


def parts_in_words(parts: Iterable[str]) -> str:
    """Kinds of data as a list in a sentence, in the order of `PARTS`."""
    asked = set(parts)
    *most, last = [words for part, words in PARTS.items() if part in asked] or ["nothing"]
    return f"{', '.join(most)} and {last}" if most else last
