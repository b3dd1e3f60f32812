"""The rules of a blog, who is kept out of it, and who is trusted in it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.blog import Blog
from app.core.web import check_token, right, viewer

from .bans import lift_ban
from .desk import Warned, ban_or_warn, distrust, save_or_try
from .forms import BanForm, DistrustForm, RulesForm
from .queries import (
    PAGE,
    ban_for,
    bans_for,
    blog_for,
    blogs_of,
    first_blog,
    number_in,
    titles_of,
    trusted_for,
)
from .rulebook import rules_of
from .trust import trust_of
from .trying import Trial, print_of
from .wording import SCOPES, whom

bp = Blueprint("moderation", __name__, url_prefix="/admin")

_ID = "<int(max=2147483647):{}>"


@bp.get("/words/")
@right("administer")
def words() -> ResponseReturnValue:
    """The rules of the viewer's first blog."""
    slug = first_blog(viewer(), "administer").slug
    return redirect(url_for("moderation.rules", slug=slug), 303)


@bp.get("/words/<slug>/")
@right("administer")
def rules(slug: str) -> str:
    """The word list and the other rules of one blog."""
    blog = blog_for(viewer(), slug, "administer")
    now = rules_of(blog.id)
    form = RulesForm(data={name: getattr(now, name) for name in RulesForm.SAVED})
    return _rules_page(blog, form)


@bp.post("/words/<slug>/")
@right("administer")
def change(slug: str) -> ResponseReturnValue:
    """Try a new word list out, or save the rules."""
    blog = blog_for(viewer(), slug, "administer")
    form = RulesForm()
    if not form.validate():
        return _rules_page(blog, form), 422
    trial = save_or_try(blog.id, form.draft(), tried=form.tried.data or "", actor_id=viewer().id)
    if trial is None:
        return redirect(f"{request.path}#saved", 303)
    form.tried.data = print_of(form.words.data or "")
    return _rules_page(blog, form, trial)


@bp.get("/bans/")
@right("moderate")
def bans() -> str:
    """Who is kept out, until when and why."""
    return render_template(
        "moderation/bans.html",
        running=bans_for(viewer(), running=True),
        ended=bans_for(viewer(), running=False),
        blogs=titles_of(viewer()),
        whom=whom,
    )


@bp.get("/bans/new/")
@right("moderate")
def new_ban() -> str:
    """A form for keeping somebody out."""
    return _ban_page(BanForm())


@bp.post("/bans/new/")
@right("moderate")
def set_ban() -> ResponseReturnValue:
    """Say who else a ban may hit; once that was read, set it."""
    form = BanForm()
    form.offer(blogs_of(viewer(), "moderate"), administered=viewer().blogs("administer"))
    if not form.validate():
        return _ban_page(form), 422
    value, warned = form.value.data or "", form.warned.data or ""
    made = ban_or_warn(form.draft(), value, warned=warned, actor_id=viewer().id)
    if isinstance(made, Warned):
        form.warned.data = made.print
        return _ban_page(form, made)
    return redirect(url_for("moderation.bans", _anchor="set"), 303)


@bp.post(f"/bans/{_ID.format('ban_id')}/lift/")
@right("moderate")
def lift(ban_id: int) -> ResponseReturnValue:
    """End a ban now."""
    held = ban_for(viewer(), ban_id)
    check_token()
    lift_ban(held.id, blogs=viewer().blogs("moderate"), actor_id=viewer().id)
    return redirect(url_for("moderation.bans", _anchor="lifted"), 303)


@bp.get("/trust/")
@right("moderate")
def trusted() -> str:
    """Whose comments appear at once, since when and why."""
    before = number_in(request.args.get("before"))
    listed = trusted_for(viewer(), before=before)
    return render_template(
        "moderation/trust.html",
        listed=listed[:PAGE],
        older=listed[PAGE - 1].row.id if len(listed) > PAGE else None,
        blogs=titles_of(viewer()),
    )


@bp.get(f"/trust/{_ID.format('trust_id')}/")
@right("moderate")
def ask_to_distrust(trust_id: int) -> str:
    """What taking trust back means, before it is done."""
    row = trust_of(trust_id, blogs=viewer().blogs("moderate"))
    return render_template("moderation/distrust.html", row=row, form=DistrustForm())


@bp.post(f"/trust/{_ID.format('trust_id')}/")
@right("moderate")
def take_trust(trust_id: int) -> ResponseReturnValue:
    """Take trust back, and put what it let through since a day into the queue."""
    row = trust_of(trust_id, blogs=viewer().blogs("moderate"))
    form = DistrustForm()
    if not form.validate():
        return render_template("moderation/distrust.html", row=row, form=form), 422
    distrust(row.id, viewer(), since=form.since.data)
    return redirect(url_for("moderation.trusted", _anchor="revoked"), 303)


def _rules_page(blog: Blog, form: RulesForm, trial: Trial | None = None) -> str:
    return render_template(
        "moderation/rules.html",
        blog=blog,
        blogs=blogs_of(viewer(), "administer"),
        form=form,
        trial=trial,
    )


def _ban_page(form: BanForm, warned: Warned | None = None) -> str:
    blogs = blogs_of(viewer(), "moderate")
    form.offer(blogs, administered=viewer().blogs("administer"))
    values: dict[str, Any] = {"form": form, "blogs": blogs, "warned": warned, "scopes": SCOPES}
    return render_template("moderation/ban.html", **values)
