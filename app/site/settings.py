"""`content/site.toml`: who the company is, its navigation and its colours."""

import json
import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.content import ContentProblem, Document, Fields, Workshop

PAPER = {"accent": "#fbfaf7", "accent_dark": "#15171a"}
DEFAULT_ACCENT = {"accent": "#0f6a80", "accent_dark": "#5fb6cf"}
LEAST_CONTRAST = 4.5
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "dv", "ps", "sd", "ug"})

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")


@dataclass(frozen=True)
class Link:
    """A word to press and where it leads."""

    label: str
    to: str


@dataclass(frozen=True)
class Contact:
    """How people reach the company."""

    email: str | None = None
    security: str | None = None
    postal: tuple[str, ...] = ()
    #: Who answers for the data, and who watches over that; for the privacy policy.
    controller: str | None = None
    authority: str | None = None


@dataclass(frozen=True)
class FooterColumn:
    """A titled list of links at the foot of every page."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True)
class Site:
    """The company as its pages show it; the same for every visitor."""

    name: str = "Clientflow"
    tagline: str = ""
    description: str = ""
    language: str = "en"
    timezone: str = "UTC"
    accent: str = DEFAULT_ACCENT["accent"]
    accent_dark: str = DEFAULT_ACCENT["accent_dark"]
    contact: Contact = Contact()
    navigation: tuple[Link, ...] = ()
    footer: tuple[FooterColumn, ...] = ()
    edit_address: str | None = None

    @property
    def colours(self) -> tuple[str, str]:
        """The accent on paper and on night; empty when they are the theme's own."""
        chosen = (self.accent, self.accent_dark)
        return ("", "") if chosen == tuple(DEFAULT_ACCENT.values()) else chosen

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as the language is written."""
        return "rtl" if self.language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def read_site(document: Document, _workshop: Workshop) -> Site:
    """The settings of a `site.toml`. Raises `ContentProblem`."""
    fields = Fields(document.front, lines=document.lines)
    colours = fields.nested("colours")
    contact = fields.nested("contact")
    site = Site(
        name=fields.text("name", longest=80),
        tagline=fields.optional_text("tagline", longest=160) or "",
        description=fields.optional_text("description", longest=300) or "",
        language=_language(fields),
        timezone=_timezone(fields),
        accent=_colour(colours, "accent"),
        accent_dark=_colour(colours, "accent_dark"),
        contact=_contact(contact),
        navigation=tuple(_link(entry) for entry in fields.each("navigation", most=12)),
        footer=tuple(_column(entry) for entry in fields.each("footer", most=6)),
        edit_address=fields.link("edit_address"),
    )
    for part in (colours, contact, fields):
        if part is not None:
            part.done()
    return site


def to_document(site: Site) -> str:
    """The settings as text for the database."""
    return json.dumps(asdict(site))


@lru_cache(maxsize=4)
def from_document(document: str) -> Site:
    """The settings that `to_document` wrote."""
    facts: dict[str, Any] = json.loads(document)
    facts["contact"] = Contact(**facts["contact"] | {"postal": tuple(facts["contact"]["postal"])})
    facts["navigation"] = tuple(Link(**entry) for entry in facts["navigation"])
    facts["footer"] = tuple(
        FooterColumn(entry["title"], tuple(Link(**link) for link in entry["links"]))
        for entry in facts["footer"]
    )
    return Site(**facts)


def contrast(first: str, second: str) -> float:
    """The WCAG 2 contrast ratio of two colours written as #rrggbb."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _colour(colours: Fields | None, key: str) -> str:
    chosen = colours.optional_text(key) if colours else None
    if colours is None or chosen is None:
        return DEFAULT_ACCENT[key]
    if not _COLOUR.fullmatch(chosen):
        raise colours.problem(key, "must be a colour such as #0f6a80")
    reached = contrast(chosen, PAPER[key])
    if reached < LEAST_CONTRAST:
        raise colours.problem(
            key,
            f"has a contrast of {reached:.1f} on {PAPER[key]}; readers need {LEAST_CONTRAST}",
        )
    return chosen.lower()


def _language(fields: Fields) -> str:
    language = fields.optional_text("language") or "en"
    if not _LANGUAGE.fullmatch(language):
        raise fields.problem("language", "must be a language tag such as en or pt-BR")
    return language


def _timezone(fields: Fields) -> str:
    name = fields.optional_text("timezone") or "UTC"
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise fields.problem("timezone", f"“{name}” is not known; try Europe/Paris") from None


def _contact(contact: Fields | None) -> Contact:
    if contact is None:
        return Contact()
    email = contact.optional_text("email")
    if email and not _EMAIL.fullmatch(email):
        raise contact.problem("email", "must be an email address")
    security = contact.optional_text("security")
    if security and not (_EMAIL.fullmatch(security) or security.startswith("https://")):
        raise contact.problem("security", "must be an email address or an https address")
    return Contact(
        email,
        security,
        contact.texts("postal", most=8),
        contact.optional_text("controller", longest=160),
        contact.optional_text("authority", longest=160),
    )


def _column(fields: Fields) -> FooterColumn:
    column = FooterColumn(
        fields.text("title", longest=40),
        tuple(_link(entry) for entry in fields.each("links", most=12)),
    )
    fields.done()
    return column


def _link(fields: Fields) -> Link:
    label, to = fields.text("label", longest=40), fields.link("to")
    fields.done()
    if to is None:
        raise ContentProblem(f"`{fields.at}to` is missing")
    return Link(label, to)
