"""The page of cookie choices, and the one address that all its forms send to."""

import json

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)

from app.core.errors import Missing
from app.core.registry import OPTIONAL, registry
from app.core.web import (
    Crumb,
    Meta,
    absolute,
    clear_cookie,
    limit,
    own_path,
    page_meta,
    public,
    read_cookie,
    set_cookie,
    sets_cookies,
    way_back,
    way_to_draft,
)

from .answers import Answer, read_answer
from .choices import Choice
from .models import Method
from .pages import banner, choices_page, receipt_document
from .receipts import forget_receipts, keep_receipt, receipts_of
from .terms import CHOICE, CURRENT, HOME, RECEIPT, choice_of

#: Where on a page the answer is confirmed: near the button that was pressed.
CONFIRMED_AT = {
    Method.BANNER: "choice-saved",
    Method.PAGE: "choice-saved",
    Method.FOOTER: "choice-noted",
    Method.COLOURS: "choice-noted",
}

bp = Blueprint("consent", __name__)


@bp.get(HOME)
@public
def show() -> Response:
    """What may be chosen, what is chosen, and every cookie of this site."""
    meta = Meta(
        title="Cookie choices",
        description="Every cookie this site can set, what for, and how to say no.",
        canonical=absolute(HOME),
        breadcrumbs=(Crumb("Home", "/"), Crumb("Cookie choices")),
    )
    choice = choice_of(request.headers)
    page = render_template("consent/show.html", meta=page_meta(meta), **choices_page(choice))
    # It shows this browser's own answer and receipt.
    return Response(page, headers={"Cache-Control": "private, no-cache"})


@bp.post(HOME)
@public
@sets_cookies(CHOICE.name, RECEIPT.name)
@limit("cookie choice", "60/minute", "600/hour")
def choose() -> Response:
    """Take an answer, and lead back to where it was given."""
    before = choice_of(request.headers)
    answer = read_answer(request.form, before, _offered())
    anchor = CONFIRMED_AT[answer.method]
    back = own_path(request.form.get("next", way_back(HOME)), default=HOME).partition("#")[0]
    response = make_response(way_to_draft(anchor) or redirect(f"{back}#{anchor}", 303))
    _take(response, before, answer)
    return response


@bp.get(f"{HOME}receipt.json")
@public
def receipt() -> Response:
    """The receipt of this browser, to keep."""
    number = read_cookie(RECEIPT.name) or ""
    rows = receipts_of(number)
    if not rows:
        raise Missing
    return Response(
        json.dumps(receipt_document(number, rows), indent=2) + "\n",
        content_type="application/json",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": 'attachment; filename="cookie-receipt.json"',
        },
    )


@bp.post(f"{HOME}forget/")
@public
@sets_cookies(RECEIPT.name)
@limit("cookie choice", "60/minute", "600/hour")
def forget() -> Response:
    """Delete the receipt, here and in the browser; the choice stays as it is."""
    forget_receipts(read_cookie(RECEIPT.name))
    response = make_response(redirect(f"{HOME}#receipt-forgotten", 303))
    clear_cookie(response, RECEIPT.name)
    return response


@bp.get("/.well-known/gpc.json")
@public
def gpc() -> Response:
    """https://www.w3.org/TR/gpc/: that the signal is honoured, and since when."""
    facts = {"gpc": True, "lastUpdate": CURRENT.since.isoformat()}
    return Response(json.dumps(facts) + "\n", content_type="application/json")


def _take(response: Response, before: Choice, answer: Answer) -> None:
    after = answer.applied_to(before)
    for cookie in registry().every("cookies"):
        if cookie.category in OPTIONAL and not after.allows(cookie.category):
            clear_cookie(response, cookie.name)
    if not _offered() or after == before:
        # Said before: the choice keeps the end it has.
        return
    if after.has_signal and not before.is_made and not after.preferences:
        # The signal says so already, and needs no cookie for it.
        return
    set_cookie(response, CHOICE.name, after.to_cookie(CURRENT.number))
    if current_app.config["COOKIE_RECEIPTS"]:
        number = keep_receipt(
            read_cookie(RECEIPT.name),
            after,
            method=answer.method,
            wording_hash=banner().digest,
        )
        set_cookie(response, RECEIPT.name, number)


def _offered() -> frozenset[str]:
    return frozenset(current_app.config["OPTIONAL_COOKIES"])
