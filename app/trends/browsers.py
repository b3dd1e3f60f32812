"""Which family of browsers a user agent belongs to, and in which band of versions.

A table of our own instead of a package that has to be renewed each month: six families are
nearly all readers, and what is in none of them is too rare to be shown anyway.
"""

import re

from .models import OTHER

#: In this order: most browsers also claim to be those further down.
_FAMILIES = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/(\d{1,4})")),
    ("Opera", re.compile(r"\b(?:OPR|OPT|OPX|Opera)/(\d{1,4})")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/(\d{1,4})")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/(\d{1,4})")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|Chromium)/(\d{1,4})")),
    ("Safari", re.compile(r"\bVersion/(\d{1,4})[\d.]* (?:Mobile/\w+ )?Safari/")),
)
#: A browser says it is Mozilla, and none of these. Programs are honest more often than not.
_PROGRAM = re.compile(
    r"bot\b|bot[-/_ ;)]|crawl|spider|slurp|headless|lighthouse|preview|fetch|monitor|scan|check"
    r"|archiv|feed|rss|externalhit|embedly|whatsapp|telegram|bingpreview|phantomjs|puppeteer"
    r"|playwright|selenium|python|curl|wget|java/|okhttp|axios|node|go-http|libwww|httpx?client"
    r"|validator|inspect|pingdom|uptime|gpt|claude|perplexity|ccbot|bytespider|\+https?://",
    re.IGNORECASE,
)
BAND = 10


def is_program(agent: str | None) -> bool:
    """Whether a program asked, rather than somebody with a browser."""
    return not agent or not agent.startswith("Mozilla/") or _PROGRAM.search(agent) is not None


def browser_of(agent: str) -> str:
    """The family and the band of its version, such as `Firefox 140 to 149`."""
    for family, pattern in _FAMILIES:
        found = pattern.search(agent)
        if found:
            low = int(found[1]) // BAND * BAND
            return f"{family} {low or 1} to {low + BAND - 1}"
    return OTHER
