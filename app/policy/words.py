"""How lengths of time, audiences and kinds of data are called in the policy."""

from datetime import date, timedelta

from app.core.privacy import BLOG_ADMINS, BLOG_TEAM, NOBODY, PUBLIC, SUBJECT, Audience, Personal

_KINDS = {
    "account": "which account",
    "choice": "a choice you made",
    "content": "what was written",
    "device": "family of browser and system",
    "email": "email address",
    "ip": "network address",
    "name": "name",
    "row": "which entry it is about",
    "secret": "secret of a second factor",
    "status": "state of an entry",
    "time": "time of an entry",
}
_SEEN_BY = {
    PUBLIC: "everybody",
    SUBJECT: "only you",
    BLOG_ADMINS: "administrators of {place}",
    BLOG_TEAM: "moderators of {place}",
    NOBODY: "nobody",
}
_BASES = {
    "6(1)(a)": "your consent, Article 6(1)(a)",
    "6(1)(b)": "what you asked us for, Article 6(1)(b)",
    "6(1)(c)": "a duty of law, Article 6(1)(c)",
    "6(1)(f)": "a legitimate interest, Article 6(1)(f)",
}
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def counted(number: int, unit: str) -> str:
    """A number with its unit: 1 day, 90 days."""
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def length(period: timedelta) -> str:
    """A length of time in the largest unit that fits it exactly."""
    seconds = round(period.total_seconds())
    for unit, size in _UNITS:
        if seconds >= size and seconds % size == 0:
            return counted(seconds // size, unit)
    return counted(0, "second")


def kind_of(declared: Personal) -> str:
    """What a column holds, in words."""
    return _KINDS.get(declared.kind, declared.kind)


def seen_by(audience: Audience, place: str) -> str:
    """Who may see a value, in words."""
    return _SEEN_BY[audience].format(place="the blog" if place == "this blog" else place)


def basis_of(declared: Personal) -> str:
    """The basis in law, and the interest where there is one."""
    words = _BASES.get(declared.basis, declared.basis)
    return f"{words}: {declared.interest}" if declared.interest else words


def plain_day(day: date) -> str:
    """A day as people write it."""
    return f"{day.day} {day:%B %Y}"
