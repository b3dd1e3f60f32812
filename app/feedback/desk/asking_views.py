"""Asking the sender: for permission, to agree to other words, and answering officially."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from app.core.web import check_token, right, viewer
from app.desk import diff_of

from ..answering import answer_officially
from ..asking import ask_permission
from ..asking import propose as propose_words
from ..models import Feedback
from .forms import AnswerForm
from .item_pages import sealed_facts
from .item_views import page_of
from .publishing import must_be_publishable
from .queries import feedback_for
from .rows import PATH

bp = Blueprint("feedback_asking", __name__, url_prefix="/admin/feedback")

ITEM = "/<int(max=2147483647):number>/"


@bp.post(f"{ITEM}ask/")
@right("administer")
def ask(number: int) -> ResponseReturnValue:
    """Ask by mail whether it may be public as it was sent."""
    feedback = feedback_for(viewer(), number, "administer")
    check_token()
    must_be_publishable(feedback)
    ask_permission(feedback.id, by=viewer().id)
    return redirect(f"{PATH}{number}/?done=asked#public", 303)


@bp.get(f"{ITEM}reword/")
@right("administer")
def reword(number: int) -> str:
    """The text, for proposing other words."""
    feedback = feedback_for(viewer(), number, "administer")
    return _wording(feedback, AnswerForm(data={"text": feedback.text}))


@bp.post(f"{ITEM}reword/")
@right("administer")
def propose(number: int) -> ResponseReturnValue:
    """Ask by mail whether it may be public in other words."""
    feedback = feedback_for(viewer(), number, "administer")
    form = AnswerForm()
    if not form.validate():
        return _wording(feedback, form), 422
    if form.words() == feedback.text:
        form.text.errors = ["These are the words that were sent. Change them, or ask permission."]
        return _wording(feedback, form), 422
    must_be_publishable(feedback)
    propose_words(feedback.id, form.words(), by=viewer().id)
    return redirect(f"{PATH}{number}/?done=asked#public", 303)


@bp.post(f"{ITEM}answer/")
@right("administer")
def answer(number: int) -> ResponseReturnValue:
    """Answer for the site."""
    feedback = feedback_for(viewer(), number, "administer")
    form = AnswerForm()
    if not form.validate():
        return page_of(feedback, sealed_facts(viewer(), feedback), answer=form), 422
    answer_officially(feedback.id, form.words(), by=viewer().id)
    return redirect(f"{PATH}{number}/?done=answered#answers", 303)


def _wording(feedback: Feedback, form: AnswerForm) -> str:
    return render_template(
        "feedback/desk/reword.html",
        form=form,
        number=feedback.id,
        back_to=f"{PATH}{feedback.id}/#public",
        changes=diff_of(feedback.text, form.words()),
    )
