"""The public side of the conversations: reading and joining them."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from app.blog import Blog, Post, published_post, render_post
from app.core import clock
from app.core.web import client_address, limit, public

from .checks import confirmation_of, new_check, suspicions
from .closing import closing_of
from .forms import CommentForm
from .pages import Answer, address_of, comment_address, thread, thread_meta
from .posting import post_comment
from .queries import is_paged, page_of

bp = Blueprint("comments", __name__)


@bp.post("/<blog:blog>/<slug>/comments")
@public
@limit("comment", "2/minute", "10/hour", "30/day", forgives=True)
def create(blog: Blog, slug: str) -> Any:
    """Take a comment, or show it first, and lead its author on."""
    post = published_post(blog, slug)
    form = CommentForm()
    if closing_of(blog, post, clock.now()):
        return _answer(post, Answer(form=form), 409)
    confirmation = confirmation_of(post, form.check.data)
    check = form.check.data if confirmation else None
    if not form.validate():
        return _answer(post, Answer(form=form, check=check), 422)
    if "preview" in request.form:
        return _answer(post, Answer(form=form, check=check, is_preview=True))
    odd = [] if confirmation else _oddities(post, form)
    if odd:
        return _answer(post, Answer(form=form, check=new_check(post, odd), is_odd=True))
    posted = post_comment(post, form.draft(), client_address(), confirmation)
    if posted.status is None:
        return redirect(comment_address(post, posted.id, page_of(post, posted.id)), 303)
    return redirect(f"{posted.status}#c{posted.id}", 303)


@bp.get("/<blog:blog>/<slug>/comments")
@public
def new(blog: Blog, slug: str) -> Any:
    """Lead back to the form, for whoever reloads the answer to one."""
    return redirect(f"{address_of(published_post(blog, slug))}#comment-form", 303)


@bp.get("/<blog:blog>/<slug>/comments/page/<int(min=2):number>/")
@public
def index(blog: Blog, slug: str, number: int) -> Any:
    """A further page of a long thread."""
    post = published_post(blog, slug)
    if not is_paged(post):
        return redirect(f"{address_of(post)}#comments", 303)
    section = thread(post, page=number)
    meta = thread_meta(post, number)
    return render_template("comments/index.html", post=post, section=section, meta=meta)


@bp.get("/<blog:blog>/<slug>/comments/<int:number>/")
@public
def show(blog: Blog, slug: str, number: int) -> Any:
    """The lasting address of a comment: leads to where it stands."""
    post = published_post(blog, slug)
    return redirect(comment_address(post, number, page_of(post, number)), 303)


def _answer(post: Post, answer: Answer, status: int = 200) -> Response:
    """The page of the post with what came of the form, kept in no cache."""
    failed = bool(answer.form.errors) or status >= 400
    response = make_response(render_post(post, thread(post, answer), failed=failed), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _oddities(post: Post, form: CommentForm) -> list[str]:
    return suspicions(
        post,
        stamp=form.stamp.data,
        trap=form.subject.data,
        site=request.headers.get("Sec-Fetch-Site"),
    )
