"""What the pages show: those that mailed links lead to, and those of somebody signed in."""

from typing import Any

from flask import Response, current_app, make_response

from app.core.privacy import Erased, Scope, Seen, collect, masked, names_of, person_of
from app.core.web import Meta, page_meta

from .acting import Shown, is_guarded
from .archive import Archive
from .holdings import counts, groups, looks
from .links import email_of
from .models import RightsLink
from .outcomes import outlook, told_of
from .wishes import WORDING, Wish


def link_page(link: RightsLink, form: Any = None) -> dict[str, Any]:
    """What a link is for, and how much there is, without a word of what it says."""
    wording = WORDING[link.wish]
    person = person_of(email_of(link))
    return {
        "meta": _meta(wording.title, failed=bool(form and form.errors)),
        "wording": wording,
        "address": masked(link, "email"),
        "ends_at": link.expires_at,
        "counts": counts(collect(person)),
        "form": form,
        "names": names_of(person) if link.wish is Wish.CORRECT else [],
        "is_guarded": link.wish is Wish.ERASE and is_guarded(person),
    }


def held_page(shown: Shown) -> dict[str, Any]:
    """Everything that is held, who looked at it, and to whom it was given."""
    return {
        "meta": _meta("Everything we hold about you"),
        "groups": groups(shown.collected),
        "looks": looks(shown.collected.looks),
        "disclosures": shown.disclosures,
    }


def looks_page(seen: list[Seen]) -> dict[str, Any]:
    """Who looked."""
    return {
        "meta": _meta("Who looked at your data"),
        "looks": looks(seen),
        "kept_days": current_app.config["KEEP_AUDIT_DETAIL_DAYS"],
    }


def sure_page(email: str, form: Any) -> dict[str, Any]:
    """The second step of an erasure: what goes, what stays, and that there is no way back."""
    return {
        "meta": _meta("Erase it for good?"),
        "form": form,
        "scope": Scope(form.scope.data),
        "outlook": outlook(collect(person_of(email))),
        "backup_days": current_app.config["KEEP_BACKUPS_DAYS"],
    }


def erased_page(erased: Erased) -> dict[str, Any]:
    """What an erasure took and left."""
    title = "It is erased" if erased.is_anything else "There was nothing left to erase"
    return {"meta": _meta(title), "title": title, **told_of(erased)}


def corrected_page(places: int) -> dict[str, Any]:
    """In how many places a name is another now."""
    return {"meta": _meta("It is corrected"), "places": places}


def own_names(email: str) -> list[str]:
    """The names that somebody gave here, beside that of their account."""
    return names_of(person_of(email))


def stopped_page(stopped: int) -> dict[str, Any]:
    """That no more mail comes."""
    return {"meta": _meta("These mails have stopped"), "stopped": stopped}


def download(archive: Archive) -> Response:
    """A file that the browser saves."""
    response = make_response(archive.body)
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{archive.name}"'
    return response


def _meta(title: str, *, failed: bool = False) -> Meta:
    return page_meta(Meta(title=f"Error: {title}" if failed else title, robots="noindex"))
