"""What was decided, how it goes, and the answers that moderators use again."""

from collections import Counter
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import users_by_id
from app.core import clock
from app.core.web import check_token, right, viewer

from .classifier import FEWEST
from .figures import DAYS, figures_of
from .forms import ReplyForm
from .lessons import schooling_of
from .notes import drop_reply, save_reply, saved_replies
from .queries import (
    PAGE,
    LogFilters,
    blog_for,
    blogs_of,
    deciders_for,
    decisions_for,
    first_blog,
    items_of,
    reply_for,
    titles_of,
)
from .records import Decision
from .wording import STATES, rule_name, span, state_name

bp = Blueprint("moderation_log", __name__, url_prefix="/admin")


@bp.get("/decisions/")
@right("moderate")
def decisions() -> str:
    """Every decision on the viewer's blogs, the newest first."""
    filters = LogFilters.read(request.args)
    listed = decisions_for(viewer(), filters)
    page = listed[:PAGE]
    actors = {row.actor_id for row in page} | {row.undone_by for row in page}
    names = users_by_id({each for each in actors | deciders_for(viewer()) if each})
    return render_template(
        "moderation/decisions.html",
        rows=page,
        older=page[-1].id if len(listed) > PAGE else None,
        filters=filters,
        names={number: user.username for number, user in names.items()},
        blogs=titles_of(viewer()),
        acts=_of_many(page),
        items=items_of(page),
        states=STATES,
        state_name=state_name,
        rule_name=rule_name,
    )


@bp.get("/moderation/")
@right("moderate")
def figures() -> str:
    """How moderation goes on the viewer's blogs."""
    return render_template(
        "moderation/figures.html",
        figures=figures_of(viewer().blogs("moderate")),
        sorters=schooling_of(viewer().blogs("moderate")),
        fewest=FEWEST,
        blogs=titles_of(viewer()),
        now=clock.now(),
        days=DAYS,
        span=span,
        rule_name=rule_name,
    )


@bp.get("/replies/")
@right("moderate")
def replies() -> ResponseReturnValue:
    """The saved replies of the viewer's first blog."""
    slug = first_blog(viewer(), "moderate").slug
    return redirect(url_for("moderation_log.replies_of", slug=slug), 303)


@bp.get("/replies/<slug>/")
@right("moderate")
def replies_of(slug: str) -> str:
    """The saved replies of one blog, and a form for another."""
    return _replies_page(slug, ReplyForm())


@bp.post("/replies/<slug>/")
@right("moderate")
def keep_reply(slug: str) -> ResponseReturnValue:
    """Keep an answer under its title."""
    blog = blog_for(viewer(), slug, "moderate")
    form = ReplyForm()
    if not form.validate():
        return _replies_page(slug, form), 422
    save_reply(blog.id, form.title.data or "", form.text.data or "")
    return redirect(f"{request.path}#saved", 303)


@bp.post("/replies/<int(max=2147483647):reply_id>/remove/")
@right("moderate")
def remove_reply(reply_id: int) -> ResponseReturnValue:
    """Take a saved reply away."""
    reply = reply_for(viewer(), reply_id)
    check_token()
    drop_reply(reply.id, blogs=viewer().blogs("moderate"))
    return redirect(url_for("moderation_log.replies"), 303)


def _replies_page(slug: str, form: ReplyForm) -> str:
    blog = blog_for(viewer(), slug, "moderate")
    return render_template(
        "moderation/replies.html",
        blog=blog,
        blogs=blogs_of(viewer(), "moderate"),
        listed=saved_replies(blog.id),
        form=form,
    )


def _of_many(rows: list[Decision]) -> set[UUID]:
    """The acts that decided on more than one item of a page."""
    return {act for act, number in Counter(row.batch for row in rows).items() if number > 1}
