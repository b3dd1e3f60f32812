"""The mail of the site, for its owner: what waits, what was given up, and kept letters."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from app.core.mail import (
    MAILS_ON_A_PAGE,
    MailState,
    counted,
    drop,
    is_at_ceiling,
    is_kept_here,
    listed,
    read_kept,
    try_again,
    try_all_again,
)
from app.core.web import check_token, recently_confirmed, right, viewer

from .words import mail_name

bp = Blueprint("admin_mail", __name__, url_prefix="/admin/mail")

#: What the list can be narrowed down to.
SHELVES: dict[str, tuple[str, tuple[MailState, ...]]] = {
    "": ("All", tuple(MailState)),
    "waiting": ("Waiting", (MailState.WAITING, MailState.SENDING)),
    "given-up": ("Given up", (MailState.GIVEN_UP,)),
    "out": ("Out of the house", (MailState.SENT, MailState.KEPT)),
}


@bp.get("/")
@right("own")
def index() -> str:
    """The newest mails, or those of one state, with masked addresses."""
    shelf = request.args.get("show", "")
    shelf = shelf if shelf in SHELVES else ""
    mails = listed(SHELVES[shelf][1], before=request.args.get("before", type=_number))
    counts = counted()
    return render_template(
        "admin/mail.html",
        mails=mails[:MAILS_ON_A_PAGE],
        older=mails[MAILS_ON_A_PAGE - 1].id if len(mails) > MAILS_ON_A_PAGE else None,
        shelf=shelf,
        shelves={
            name: (title, sum(counts[state] for state in states))
            for name, (title, states) in SHELVES.items()
        },
        given_up=counts[MailState.GIVEN_UP],
        is_kept_here=is_kept_here(),
        mail_name=mail_name,
        is_at_ceiling=is_at_ceiling(),
    )


@bp.post("/<int(max=2147483647):mail_id>/read")
@right("own")
@recently_confirmed
def read(mail_id: int) -> str:
    """Show a kept letter, once it is on record that it was read."""
    check_token()
    line, letter = read_kept(mail_id, viewer().id)
    return render_template("admin/letter.html", mail=line, letter=letter)


@bp.get("/<int(max=2147483647):mail_id>/read")
@right("own")
def reread(mail_id: int) -> Any:
    """Lead back to the list, for whoever reloads a letter: each reading goes on record."""
    return redirect(url_for("admin_mail.index"), 303)


@bp.post("/<int(max=2147483647):mail_id>/again")
@right("own")
def again(mail_id: int) -> Any:
    """Have a mail tried now."""
    check_token()
    try_again(mail_id)
    return redirect(url_for("admin_mail.index"), 303)


@bp.post("/<int(max=2147483647):mail_id>/drop")
@right("own")
def remove(mail_id: int) -> Any:
    """Never send a mail that has not gone out."""
    check_token()
    drop(mail_id, viewer().id)
    return redirect(url_for("admin_mail.index"), 303)


@bp.post("/again")
@right("own")
def all_again() -> Any:
    """Have everything that waits or was given up tried now."""
    check_token()
    try_all_again()
    return redirect(url_for("admin_mail.index"), 303)


def _number(text: str) -> int:
    number = int(text)
    if not 0 < number < 2**31:
        raise ValueError
    return number
