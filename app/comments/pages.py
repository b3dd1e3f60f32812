"""Putting the conversation under its post, with the form to join it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from flask import request

from app.blog import Post, blog_of
from app.core import clock
from app.core.markup import plain_text, render_remark
from app.core.privacy import explain
from app.core.registry import Section
from app.core.web import (
    Crumb,
    Meta,
    Paging,
    absolute,
    page_meta,
    page_numbers,
    page_part,
    protect_draft,
)
from app.moderation import SecondLook

from .closing import closing_of
from .forms import CommentForm
from .models import Comment
from .queries import answerable, is_paged, visible_comments
from .threads import Remark, flat, nested, remark_of

QUOTED = 220
#: The name of the form, for what is signed about it.
FORM = "comment"
_OF_A_COMMENT = ("id", "html", "created_at", "edited_at", "is_by_author", "proved_at")
# Tags between which no blank may appear.
_WITHIN_WORDS = re.compile(r"</?(?:a|code|em|strong)\b[^>]*>")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of a form that was sent: problems, a preview, or a second look."""

    form: CommentForm
    is_preview: bool = False
    #: Whether something was odd about it, so that its author is asked to look again.
    is_odd: bool = False
    #: The token of that second look.
    check: str | None = None


def thread(post: Post, answer: Answer | None = None, *, page: int = 1) -> Section:
    """The conversation under a post and the form to join it, as a section of the post's page."""
    remarks = list(flat(nested(visible_comments(post, page), zone())))
    blog = blog_of(post)
    home = address_of(post)
    closing = closing_of(blog, post, clock.now())
    form = None if closing else (answer.form if answer else CommentForm())
    values = {
        "post": post,
        "home": home,
        # On its own page the post's links are short.
        "here": "" if request.path == home else home,
        "remarks": remarks,
        "paging": paging_of(post, page, home),
        "closing": closing,
        "kept": answer.form.text.data if answer and closing else None,
        "in_print": request.args.get("print") == "comments",
        "form": form,
    }
    if form is not None:
        values |= _form_values(post, remarks, form, answer)
    return Section("thread", "comments/_thread.html", values)


def zone() -> ZoneInfo:
    """The time zone in which the site shows moments."""
    return ZoneInfo(page_part("site").timezone)


def address_of(post: Post) -> str:
    """Where the post is on this site."""
    return f"{blog_of(post).address}{post.slug}/"


def comment_address(post: Post, comment_id: int, page: int) -> str:
    """Where a shown comment stands."""
    on = f"comments/page/{page}/" if is_paged(post) and page > 1 else ""
    return f"{address_of(post)}{on}#c{comment_id}"


def paging_of(post: Post, page: int, home: str) -> Paging | None:
    """The pages of a long thread; `None` for one that is shown whole. Raises `Missing`."""
    if not is_paged(post):
        return None

    def address(number: int) -> str:
        return f"{home}#comments" if number == 1 else f"{home}comments/page/{number}/"

    return page_numbers(page, post.comment_pages, address)


def thread_meta(post: Post, page: int) -> Meta:
    """The facts of one page of a long thread."""
    blog = blog_of(post)
    home = address_of(post)
    paging = paging_of(post, page, home)
    crumbs = (Crumb("Home", "/"), Crumb(blog.title, blog.address), Crumb(post.title, home))
    meta = Meta(
        title=f"Comments, page {page} · {post.title}",
        description=f"What readers say about “{post.title}”, page {page}.",
        canonical=absolute(f"{home}comments/page/{page}/"),
        breadcrumbs=(*crumbs, Crumb(f"Comments, page {page}")),
        previous=paging.previous if paging else None,
        next=paging.next if paging else None,
    )
    return page_meta(meta, section=blog.title)


def shown_alone(comment: Comment) -> Remark:
    """A stored comment as it looks under its post."""
    facts = {name: getattr(comment, name) for name in _OF_A_COMMENT}
    return remark_of(SimpleNamespace(**facts, name=comment.author_name), zone())


def preview_of(form: CommentForm) -> Remark:
    """A comment that nobody has taken yet, as it would look."""
    html = render_remark(form.text.data or "")
    facts = {"id": 0, "name": form.name.data or "", "html": html, "created_at": clock.now()}
    unset = {"edited_at": None, "is_by_author": False, "proved_at": None}
    return remark_of(SimpleNamespace(**facts, **unset), zone())


def _form_values(
    post: Post, remarks: Iterable[Remark], form: CommentForm, answer: Answer | None
) -> dict[str, Any]:
    protect_draft("comment-fields", f"{address_of(post)}comments")
    asked = form.parent_id() if answer else _asked_for()
    parent = _answered(post, remarks, asked) if asked else None
    has_preview = answer is not None and (answer.is_preview or answer.is_odd)
    return {
        "parent": parent,
        "quote": _quote(parent.html) if parent else None,
        "preview": preview_of(form) if has_preview and not form.errors else None,
        "check": answer.check if answer else None,
        "is_odd": answer is not None and answer.is_odd,
        "stamp": SecondLook(FORM, post.id).stamp(form.stamp.data),
        "address_kept": explain(Comment.author_ip),
    }


def _asked_for() -> int | None:
    given = request.args.get("reply", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else None


def _answered(post: Post, remarks: Iterable[Remark], comment_id: int) -> Remark | None:
    """The comment to be answered, when it is one of this post that can be read."""
    here = (remark for remark in remarks if remark.id == comment_id and remark.gone is None)
    found = next(here, None)
    if found is None and is_paged(post):
        row = answerable(post, comment_id)
        return nested([row], zone())[0] if row else None
    return found


def _quote(html: str) -> str:
    """How a comment begins."""
    plain = plain_text(_WITHIN_WORDS.sub("", html))
    if len(plain) <= QUOTED:
        return plain
    return (plain[:QUOTED].rpartition(" ")[0] or plain[:QUOTED]) + "…"
