"""What rules, states and lengths of time are called when a person reads them."""

from datetime import timedelta

from .models import Ban, Scope

RULES = {
    "first": "A stranger's first comment",
    "unproved": "An address that is not proved",
    "untrusted": "Published before, not trusted",
    "attack": "Many strangers at once",
    "words": "The word list",
    "links": "Too many links",
    "name": "A link as a name",
    "disguise": "A disguised link",
    "bare": "Nothing but links",
    "mixed": "Mixed alphabets",
    "loud": "Capitals throughout",
    "repeated": "The same text again",
    "host": "A link seen in refused comments",
    "change": "A change after publication",
    "reported": "Readers' reports",
    "form-trap": "The hidden field",
    "form-missing": "A form without stamp",
    "form-forged": "A forged stamp",
    "form-young": "Faster than anybody types",
    "form-old": "A form open for days",
    "form-busy": "A busy neighbourhood",
    "form-fetch": "No word on where the form was",
}
STATES = {
    "held": "waiting",
    "shown": "published",
    "open": "open",
    "rejected": "refused",
    "declined": "declined",
    "spam": "spam",
    "removed": "removed by its author",
}
SCOPES = {
    Scope.EMAIL: "Whoever writes with this email",
    Scope.ADDRESS: "This one address",
    Scope.NEIGHBOURHOOD: "This address and its neighbourhood (/24, or /48 of IPv6)",
}
LENGTHS = {"day": "A day", "week": "A week", "month": "30 days", "longest": "As long as possible"}


def rule_name(rule: str) -> str:
    """A rule's name; one of another version keeps its own word."""
    return RULES.get(rule, rule)


def state_name(state: str) -> str:
    """A state in a moderator's words."""
    return STATES.get(state, state)


def span(length: timedelta | None) -> str:
    """A length of time in its largest unit, rounded."""
    if length is None:
        return "–"
    seconds = max(0, int(length.total_seconds()))
    for name, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{round(seconds / size)} {name}"
    return "1 min" if seconds >= 60 else "under 1 min"


def whom(ban: Ban, mask: str) -> str:
    """Whom a ban keeps out, with as much of it as the viewer may see."""
    if ban.scope is Scope.EMAIL:
        return mask
    if ban.scope is Scope.ADDRESS:
        return f"Address {mask}" if mask else "An address"
    return f"Neighbourhood of {mask}" if mask else "A neighbourhood of addresses"
