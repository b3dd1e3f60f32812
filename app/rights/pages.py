"""What the pages of mailed links show."""

from typing import Any

from flask import Response, current_app, make_response

from app.core.privacy import Seen, collect, masked, person_of
from app.core.web import Meta, page_meta

from .acting import Shown
from .archive import Archive
from .holdings import counts, groups, looks
from .links import email_of
from .models import RightsLink
from .wishes import WORDING


def link_page(link: RightsLink) -> dict[str, Any]:
    """What a link is for, and how much there is, without a word of what it says."""
    wording = WORDING[link.wish]
    return {
        "meta": _meta(wording.title),
        "wording": wording,
        "address": masked(link, "email"),
        "ends_at": link.expires_at,
        "counts": counts(collect(person_of(email_of(link)))),
    }


def held_page(shown: Shown) -> dict[str, Any]:
    """Everything that is held, and who looked at it."""
    return {
        "meta": _meta("Everything we hold about you"),
        "groups": groups(shown.collected),
        "looks": looks(shown.collected.looks),
    }


def looks_page(seen: list[Seen]) -> dict[str, Any]:
    """Who looked."""
    return {
        "meta": _meta("Who looked at your data"),
        "looks": looks(seen),
        "kept_days": current_app.config["KEEP_AUDIT_DETAIL_DAYS"],
    }


def download(archive: Archive) -> Response:
    """A file that the browser saves."""
    response = make_response(archive.body)
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{archive.name}"'
    return response


def _meta(title: str) -> Meta:
    return page_meta(Meta(title=title, robots="noindex"))
