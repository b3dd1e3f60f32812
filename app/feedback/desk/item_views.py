"""The page of one feedback: a look at what is sealed, words about it, and bans."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.core.privacy import Need
from app.core.web import right, viewer
from app.desk import (
    FIRST_LOOK,
    BanForm,
    ListForm,
    LookForm,
    SealedFact,
    Stale,
    keys_part,
    look,
)
from app.moderation import claim, let_go

from ..models import Feedback
from .acts import Act
from .deciding import decide
from .forms import AnswerForm, WordsForm
from .item_pages import FIELDS, ban_page, item_page, sealed_facts, ways
from .pages import strip
from .queries import feedback_for
from .rows import item_address
from .sieve import Sieve
from .standing_pages import standing_of
from .views import START, changed, onward, sieve_of
from .writing import keep_note, keep_out

bp = Blueprint("feedback_item", __name__, url_prefix="/admin/feedback")

ITEM = "/<int(max=2147483647):number>/"


@bp.get(ITEM)
@right("moderate")
def show(number: int) -> str:
    """One feedback with everything around it."""
    feedback = feedback_for(viewer(), number)
    return page_of(feedback, sealed_facts(viewer(), feedback))


@bp.post(ITEM)
@right("moderate")
def reveal(number: int) -> ResponseReturnValue:
    """Show a sealed value once; the look is on record before the value is opened."""
    feedback = feedback_for(viewer(), number)
    form = LookForm()
    facts = sealed_facts(viewer(), feedback)
    field = form.field.data or ""
    if not form.validate():
        wrong = [fact.corrected(form) if fact.field == field else fact for fact in facts]
        return page_of(feedback, wrong), 422
    said = {"reason": form.reason.data, "note": form.note.data or ""}
    seen = look(viewer(), feedback, FIELDS[field], **said)
    if isinstance(seen, Need):
        return redirect(f"{FIRST_LOOK}?next={request.path}", 303)
    return page_of(feedback, [fact.opened(seen) if fact.field == field else fact for fact in facts])


@bp.post(f"{ITEM}words/")
@right("moderate")
def write(number: int) -> ResponseReturnValue:
    """Decline with a reason, or keep a note."""
    feedback = feedback_for(viewer(), number)
    form, sieve = WordsForm(), sieve_of(request.form.get("back"))
    if not form.validate():
        return page_of(feedback, sealed_facts(viewer(), feedback), words=form), 422
    mark, text = form.seen(), (form.text.data or "").strip()
    if mark.id != feedback.id:
        # The decision would be about one feedback and the words about another.
        raise Stale
    if form.way.data == "note":
        keep_note(viewer(), feedback, text)
        return redirect(f"{request.path.removesuffix('words/')}#notes", 303)
    done = decide(viewer(), Act.DECLINE, [mark], told=text or None)
    if done.clashes:
        return changed(done, sieve, kept=text)
    return redirect(onward(sieve, done, None), 303)


@bp.post(f"{ITEM}claim/")
@right("moderate")
def take(number: int) -> ResponseReturnValue:
    """Tell the others of the room that one is looking at it, or no longer."""
    feedback = feedback_for(viewer(), number)
    form = ListForm()
    form.must_hold()
    if request.form.get("claim") == "go":
        let_go(feedback.uid, actor_id=viewer().id)
    else:
        claim(feedback.blog_id, feedback.uid, actor_id=viewer().id)
    return redirect(f"{item_address(number, sieve_of(form.back.data))}#{START}", 303)


@bp.route(f"{ITEM}ban/", methods=["GET", "POST"])
@right("moderate")
def ban(number: int) -> ResponseReturnValue:
    """Keep the sender out for a while, after reading who else that hits."""
    feedback = feedback_for(viewer(), number)
    form = BanForm()
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return render_template("desk/ban.html", form=form, **ban_page(feedback)), status
    draft = form.draft(feedback.blog_id)
    done = keep_out(viewer(), feedback, draft, with_spam=form.with_spam.data)
    return redirect(onward(Sieve(), done, None), 303)


def page_of(
    feedback: Feedback,
    facts: list[SealedFact],
    words: WordsForm | None = None,
    answer: AnswerForm | None = None,
) -> str:
    """The page of a feedback; with the forms that came back, and what is wrong with them."""
    sieve = Sieve.read(dict(parse_qsl(request.args.get("from", ""))))
    page = item_page(viewer(), feedback, sieve)
    wanted = words.way.data if words else request.args.get("for", "")
    open_ways = ways(page["item"], wanted or "")
    written: dict[str, Any] = {
        "ways": open_ways,
        "way": next((way for way in open_ways if way.is_current), None),
        "text": (words.text.data or "") if words else "",
        "problem": words.problem() if words else None,
    }
    return render_template(
        "feedback/desk/show.html",
        **page,
        sealed=facts,
        words=written,
        standing=standing_of(feedback) if page["administers"] else None,
        answer_text=(answer.text.data or "") if answer else "",
        answer_problem=answer.problem() if answer else "",
        done=strip(viewer(), request.args.get("done", "")),
        **keys_part(viewer().id),
    )
