"""The public side of the conversations: reading and joining them."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from app.blog import Blog, Post, published_post, render_post
from app.core import clock
from app.core.web import (
    Meta,
    client_address,
    is_shown_again,
    limit,
    looked_at_twice,
    page_meta,
    public,
)
from app.moderation import Complaint, SecondLook

from .closing import closing_of
from .forms import CommentForm, ReportForm
from .models import Comment
from .pages import FORM, Answer, address_of, comment_address, shown_alone, thread, thread_meta
from .posting import LIMIT, post_comment
from .queries import is_paged, page_of, shown_comment
from .reporting import Said, report_comment

bp = Blueprint("comments", __name__)


@bp.post("/<blog:blog>/<slug>/comments")
@public
@looked_at_twice
@limit(LIMIT, "2/minute", "10/hour", "30/day", forgives=True)
def create(blog: Blog, slug: str) -> Any:
    """Take a comment, or show it first, and lead its author on."""
    post = published_post(blog, slug)
    form = CommentForm()
    if closing_of(blog, post, clock.now()):
        return _answer(post, Answer(form=form), 409)
    look = SecondLook(FORM, post.id)
    confirmation = look.confirmation_of(form.check.data)
    check = form.check.data if confirmation else None
    if is_shown_again():
        return _answer(post, Answer(form=form, check=check))
    if not form.validate():
        return _answer(post, Answer(form=form, check=check), 422)
    if "preview" in request.form:
        return _answer(post, Answer(form=form, check=check, is_preview=True))
    odd = [] if confirmation else _oddities(look, form)
    if odd:
        return _answer(post, Answer(form=form, check=look.new_check(odd), is_odd=True))
    posted = post_comment(post, form.draft(), client_address(), confirmation)
    if posted.status is None:
        return redirect(comment_address(post, posted.id, page_of(post, posted.id)), 303)
    # Without a place of its own, the address would keep the form's, which is its problems.
    return redirect(posted.status + (f"#c{posted.id}" if posted.is_shown else "#main"), 303)


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


@bp.get("/comments/<int:number>/report/")
@public
def report(number: int) -> Any:
    """The form to say that a comment should not be there."""
    comment, post = shown_comment(number)
    return _report_page(comment, post, ReportForm())


@bp.post("/comments/<int:number>/report/")
@public
@limit("report", "3/minute", "20/day", forgives=True)
def file(number: int) -> Any:
    """Take a report."""
    comment, post = shown_comment(number)
    form = ReportForm()
    if not form.validate():
        page = make_response(_report_page(comment, post, form), 422)
        page.headers["Cache-Control"] = "no-store"
        return page
    said = Said(Complaint(form.complaint.data), form.text.data or "", form.email.data or None)
    reference = report_comment(comment, said, client_address())
    meta = page_meta(Meta(title="Thank you for the report", robots="noindex"))
    values = {"meta": meta, "reference": reference, "back": address_of(post)}
    page = make_response(render_template("comments/reported.html", **values), 201)
    page.headers["Cache-Control"] = "no-store"
    return page


def _report_page(comment: Comment, post: Post, form: ReportForm) -> str:
    title = "Error: Report a comment" if form.errors else "Report a comment"
    meta = page_meta(Meta(title=title, robots="noindex"))
    back = comment_address(post, comment.id, comment.page or 1)
    values = {"remark": shown_alone(comment), "form": form, "back": back}
    return render_template("comments/report.html", meta=meta, **values)


def _answer(post: Post, answer: Answer, status: int = 200) -> Response:
    """The page of the post with what came of the form, kept in no cache."""
    failed = bool(answer.form.errors) or status >= 400
    response = make_response(render_post(post, thread(post, answer), failed=failed), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _oddities(look: SecondLook, form: CommentForm) -> list[str]:
    return look.suspicions(
        stamp=form.stamp.data,
        trap=form.subject.data,
        site=request.headers.get("Sec-Fetch-Site"),
    )
