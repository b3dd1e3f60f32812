"""What somebody is writing in one form of a page while they press the button of another.

A page without script forgets its fields when another form of it is sent. So such a button
sends along what was typed, and is led on to the form's own address, which shows it again.
"""

from dataclasses import dataclass
from urllib.parse import quote

from flask import g, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from .forms import LONG_FIELDS
from .paths import own_path

#: In an address: the form is only to be shown again, with what was typed.
AGAIN = "again"
_SHORT_FIELDS = ("name", "email")


@dataclass(frozen=True)
class Draft:
    """A form that people write in: its id in the page, and the address it is sent to."""

    form: str
    to: str


def protect_draft(form: str, to: str) -> None:
    """Let the other buttons of the page being made give back what was typed into a form.

    The view at `to` asks `is_shown_again()` before it takes anything.
    """
    g.draft = Draft(form, to)


def is_shown_again() -> bool:
    """Whether this form was only led here to be shown once more."""
    return AGAIN in request.args


def draft_attributes(action: str) -> Markup:
    """For a button that sends to `action`: take the page's draft along, if it has one."""
    draft: Draft | None = g.get("draft")
    if draft is None:
        return Markup()
    return Markup(' form="{}" formnovalidate formaction="{}?draft={}"').format(
        draft.form, action, quote(draft.to)
    )


def way_to_draft(anchor: str) -> Response | None:
    """Where the typed text that came along is shown again; `None` when nothing was typed."""
    to = own_path(request.args.get("draft"), default="")
    names = (*LONG_FIELDS, *_SHORT_FIELDS)
    if not to or not any(request.form.get(name, "").strip() for name in names):
        return None
    # 307 lets the browser send the same fields on, and keeps them out of any address.
    return redirect(f"{to.partition('?')[0].partition('#')[0]}?{AGAIN}#{anchor}", 307)
