"""The page of one comment: a look at what is sealed, and words about it."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.core.privacy import Need
from app.core.web import right, viewer
from app.desk import FIRST_LOOK, BanForm, ListForm, LookForm, SealedFact, Stale, keys_part
from app.moderation import claim, let_go

from ..models import Comment
from .case_pages import Way, ban_page, case_page, sealed_facts, ways
from .forms import WordsForm
from .looking import comment_for, look
from .pages import strip
from .phrases import chosen_phrase, phrases_for
from .rows import case_address
from .sieve import Sieve
from .views import START, changed, onward, sieve_of
from .writing import keep_out, take_words

bp = Blueprint("comments_case", __name__, url_prefix="/admin/comments")

CASE = "/<int(max=2147483647):comment_id>/"


@bp.get(CASE)
@right("moderate")
def show(comment_id: int) -> str:
    """One comment with everything around it."""
    comment = comment_for(viewer(), comment_id)
    return _page(comment, sealed_facts(viewer(), comment))


@bp.post(CASE)
@right("moderate")
def reveal(comment_id: int) -> ResponseReturnValue:
    """Show a sealed value once; the look is on record before the value is opened."""
    comment = comment_for(viewer(), comment_id)
    form = LookForm()
    facts = sealed_facts(viewer(), comment)
    field = form.field.data or ""
    if not form.validate():
        wrong = [fact.corrected(form) if fact.field == field else fact for fact in facts]
        return _page(comment, wrong), 422
    seen = look(viewer(), comment, field, reason=form.reason.data, note=form.note.data or "")
    if isinstance(seen, Need):
        return redirect(f"{FIRST_LOOK}?next={request.path}", 303)
    return _page(comment, [fact.opened(seen) if fact.field == field else fact for fact in facts])


@bp.post(f"{CASE}words/")
@right("moderate")
def write(comment_id: int) -> ResponseReturnValue:
    """Reply, refuse with a reason, or keep a note."""
    comment = comment_for(viewer(), comment_id)
    form, sieve = WordsForm(), sieve_of(request.form.get("back"))
    if not form.validate():
        facts = sealed_facts(viewer(), comment)
        return _page(comment, facts, words=form), 422
    said = form.words()
    if said.mark.id != comment.id:
        # The decision would be about one comment and the words about another.
        raise Stale
    done = take_words(viewer(), comment, said)
    if done.clashes:
        return changed(done, sieve, kept=form.text.data or "")
    if done.batch is None:
        return redirect(f"{request.path.removesuffix('words/')}#notes", 303)
    return redirect(onward(sieve, done, None), 303)


@bp.post(f"{CASE}claim/")
@right("moderate")
def take(comment_id: int) -> ResponseReturnValue:
    """Tell the other moderators that one is looking at it, or no longer."""
    comment = comment_for(viewer(), comment_id)
    form = ListForm()
    form.must_hold()
    if request.form.get("claim") == "go":
        let_go(comment.uid, actor_id=viewer().id)
    else:
        claim(comment.blog_id, comment.uid, actor_id=viewer().id)
    return redirect(f"{case_address(comment.id, sieve_of(form.back.data))}#{START}", 303)


@bp.route(f"{CASE}ban/", methods=["GET", "POST"])
@right("moderate")
def ban(comment_id: int) -> ResponseReturnValue:
    """Keep the author out of the blog for a while, after reading who else that hits."""
    comment = comment_for(viewer(), comment_id)
    form = BanForm()
    if request.method == "GET" or not form.validate():
        page = ban_page(comment)
        status = 200 if request.method == "GET" else 422
        return render_template("desk/ban.html", form=form, **page), status
    done = keep_out(viewer(), comment, form.draft(comment.blog_id), with_spam=form.with_spam.data)
    return redirect(onward(Sieve(), done, None), 303)


def _page(comment: Comment, facts: list[SealedFact], words: WordsForm | None = None) -> str:
    sieve = Sieve.read(dict(parse_qsl(request.args.get("from", ""))))
    page = case_page(viewer(), comment, sieve)
    wanted = words.way.data if words else request.args.get("for", "")
    open_ways = _addressed(ways(page["item"]), wanted or "")
    way = next((way for way in open_ways if way.is_current), None)
    is_reply = way is not None and way.name == "reply"
    phrases = phrases_for(comment, page["item"].post_title) if is_reply else []
    phrase = chosen_phrase(phrases, request.args.get("saved", ""))
    written: dict[str, Any] = {
        "ways": open_ways,
        "way": way,
        "phrases": phrases,
        "text": (words.text.data or "") if words else phrase,
        "problem": words.problem() if words else None,
    }
    return render_template(
        "comments/admin_show.html",
        **page,
        sealed=facts,
        words=written,
        done=strip(viewer(), request.args.get("done", "")),
        **keys_part(viewer().id),
    )


def _addressed(found: list[Way], wanted: str) -> list[Way]:
    """The ways with their addresses; the one wanted is open, else the first."""
    names = [way.name for way in found]
    current = wanted if wanted in names else names[0]
    return [
        replace(way, to=f"?for={way.name}#words", is_current=way.name == current) for way in found
    ]
