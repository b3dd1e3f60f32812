"""What the page of cookie choices shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app

from app.core import clock
from app.core.config import VERSION
from app.core.registry import OPTIONAL, Category
from app.core.web import absolute, offered_cookies, page_part, read_cookie, running_name

from .choices import Choice
from .models import Receipt
from .receipts import receipts_of
from .terms import CURRENT, HOME, LIFE, PURPOSES, RECEIPT, REVISIONS, Purpose, Wording, wording


@dataclass(frozen=True)
class CookieLine:
    """One cookie of this site, as the table shows it."""

    name: str
    category: str
    purpose: str
    life: str
    path: str
    read_by: str
    set_by: str


def banner() -> Wording:
    """The question of the banner; the same for every visitor."""
    return wording(page_part("site").name, _offered())


def choices_page(choice: Choice) -> dict[str, Any]:
    """The values of the whole page, for the visitor with this choice."""
    return {
        "home": HOME,
        "choice": choice,
        "categories": tuple(_categories(choice)),
        "offers_colours": Category.PREFERENCES in _offered(),
        "cookies": tuple(cookie_lines()),
        "days": LIFE.days,
        "question": banner(),
        "revisions": tuple(reversed(REVISIONS)),
        "revision": CURRENT,
        "keeps_receipts": current_app.config["COOKIE_RECEIPTS"],
        "receipts": receipts_of(read_cookie(RECEIPT.name)),
        "number": read_cookie(RECEIPT.name),
        "version": VERSION,
        "now": clock.now(),
    }


def cookie_lines() -> Iterator[CookieLine]:
    """Every cookie this site may set, under the name it has here."""
    order = (Category.NECESSARY, *OPTIONAL)
    for cookie in sorted(offered_cookies(), key=lambda cookie: order.index(cookie.category)):
        yield CookieLine(
            running_name(cookie),
            cookie.category,
            cookie.purpose,
            _life(cookie.life.days, cookie.life.seconds)
            if cookie.life
            else "until you close the browser",
            cookie.path,
            cookie.read_by,
            cookie.set_by,
        )


def receipt_document(number: str, rows: list[Receipt]) -> dict[str, Any]:
    """A receipt to keep: everything that is known under its number."""
    return {
        "receipt": number,
        "site": absolute("/"),
        "choices": [
            {
                "given_at": row.given_at.isoformat(timespec="seconds"),
                "ends_at": row.ends_at.isoformat(timespec="seconds"),
                "revision": row.revision,
                "preferences": row.preferences,
                "measurement": row.measurement,
                "method": row.method.value,
                "browser_asked_not_to_be_tracked": row.had_signal,
                "wording_sha256": row.wording_hash,
                "version": row.version,
            }
            for row in rows
        ],
    }


def _categories(choice: Choice) -> Iterator[tuple[str, Purpose, bool, bool]]:
    """Name, purpose, whether it is on, and whether a signal shuts it."""
    for name in _offered():
        is_shut = choice.has_signal and name == Category.MEASUREMENT
        yield name, PURPOSES[name], choice.allows(name), is_shut


def _offered() -> tuple[str, ...]:
    offered: tuple[str, ...] = current_app.config["OPTIONAL_COOKIES"]
    return offered


def _life(days: int, seconds: int) -> str:
    if days:
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{seconds // 60} minutes"
