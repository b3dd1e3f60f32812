"""What only administrators of the room do: approve, shorten, take down."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.core.errors import Missing
from app.core.web import check_token, right, viewer
from app.desk import diff_of

from ..approving import take_down as take_off_the_wall
from ..models import Feedback
from ..records import Wording
from .cutting import drafted
from .forms import ItemForm
from .item_queries import granted_of, wording_called
from .publishing import NOT_A_REDACTION, Seen, keep_shortened, publish
from .queries import feedback_for
from .rows import PATH
from .standing_pages import cutting_page

bp = Blueprint("feedback_public", __name__, url_prefix="/admin/feedback")

ITEM = "/<int(max=2147483647):number>/"


@bp.post(f"{ITEM}approve/")
@right("administer")
def approve(number: int) -> ResponseReturnValue:
    """Publish exactly the words that were read, if their sender still lets them be public."""
    feedback = feedback_for(viewer(), number, "administer")
    form = ItemForm()
    form.must_fit(feedback)
    answers = {
        name.removeprefix("why-"): value
        for name, value in request.form.items()
        if name.startswith("why-")
    }
    publish(viewer(), feedback, Seen(*form.seen_words()), answers)
    return redirect(f"{PATH}{number}/?done=published#public", 303)


@bp.post(f"{ITEM}take-down/")
@right("administer")
def take_down(number: int) -> ResponseReturnValue:
    """Take the approval back: it is gone from the next request on."""
    feedback = feedback_for(viewer(), number, "administer")
    check_token()
    take_off_the_wall(feedback.id, by=viewer().id)
    return redirect(f"{PATH}{number}/?done=unpublished#public", 303)


@bp.get(f"{ITEM}shorten/")
@right("administer")
def shorten(number: int) -> str:
    """The agreed words, for cutting and blacking out."""
    feedback = feedback_for(viewer(), number, "administer")
    base = _base(feedback, request.args.get("words", ""))
    return _cutting(feedback, base, base.text)


@bp.post(f"{ITEM}shorten/")
@right("administer")
def keep_short(number: int) -> ResponseReturnValue:
    """Cut or black out, look again, or keep the wording for approval."""
    feedback = feedback_for(viewer(), number, "administer")
    check_token()
    base = _base(feedback, request.form.get("words", ""))
    draft = drafted(request.form)
    if request.form.get("do") != "keep":
        return _cutting(feedback, base, draft)
    if not keep_shortened(viewer(), feedback, base, draft.strip()):
        return _cutting(feedback, base, draft, problem=NOT_A_REDACTION), 422
    return redirect(f"{PATH}{number}/#public", 303)


def _base(feedback: Feedback, key: str) -> Wording:
    """The agreed words that are cut: those asked for, or else the newest. Raises `Missing`."""
    granted = [wording for _grant, wording in granted_of(feedback)]
    asked = wording_called(feedback, key) if key else None
    if asked is not None and asked.text_hash not in {wording.text_hash for wording in granted}:
        asked = next((one for one in granted if one.text_hash == asked.made_from), None)
    found = asked or next(iter(granted), None)
    if found is None:
        raise Missing
    return found


def _cutting(feedback: Feedback, base: Wording, draft: str, problem: str = "") -> str:
    return render_template(
        "feedback/desk/shorten.html",
        number=feedback.id,
        back_to=f"{PATH}{feedback.id}/#public",
        words=base.text_hash.hex(),
        problem=problem,
        changes=diff_of(base.text, draft),
        **cutting_page(base, draft),
    )
