"""People and roles, for the owner and, as far as their blogs go, for administrators."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from app.core.errors import Unacceptable
from app.core.web import limit, recently_confirmed, right, viewer

from . import invitations, people, roles
from .addresses import email_or_none
from .factor_forms import PressForm
from .models import Role
from .people_forms import NO_ROLE, ChangeForm, FindForm, InviteForm, RoleForm, role_of
from .staff import managed_blogs, person, person_called, staff

bp = Blueprint("people", __name__, url_prefix="/admin/people")


@bp.get("/")
@right("own", "administer")
def index() -> str:
    """Everybody with a role, blog by blog, and the invitations under way."""
    return _people_page(FindForm())


@bp.post("/")
@right("own")
def find() -> Any:
    """Lead to the person with exactly this username or address."""
    form = FindForm()
    if not form.validate():
        return _people_page(form), 422
    found = person_called(viewer(), form.name.data or "")
    if found is None:
        form.name.errors = ["Nobody has exactly this username or email."]
        return _people_page(form), 422
    return redirect(url_for("people.show", user_id=found.id), 303)


@bp.get("/<int:user_id>/")
@right("own", "administer")
def show(user_id: int) -> str:
    """One person: their roles, and what may be done about them."""
    found = person(viewer(), user_id)
    blogs = managed_blogs(viewer())
    changeable = {
        blog.id for blog in blogs if people.may_change(viewer(), blog.id, found.roles.get(blog.id))
    }
    return render_template(
        "accounts/person.html",
        person=found,
        blogs=blogs,
        changeable=changeable,
        words={blog.id: people.role_words(found.roles.get(blog.id)) for blog in blogs},
        is_self=found.user.id == viewer().id,
    )


@bp.get("/<int:user_id>/roles/<int:blog_id>/")
@right("own", "administer")
def choose_role(user_id: int, blog_id: int) -> str:
    """Which role the person is to have on a blog; the next page says what that means."""
    found, blog = people.role_to_change(viewer(), user_id, blog_id)
    now = found.roles.get(blog.id)
    form = RoleForm(data={"role": now.value if now else NO_ROLE})
    form.offer(people.roles_to_give(viewer(), blog.id))
    return render_template("accounts/role_choose.html", form=form, person=found, blog=blog)


@bp.get("/<int:user_id>/roles/<int:blog_id>/change/")
@right("own", "administer")
@recently_confirmed
def ask_to_change_role(user_id: int, blog_id: int) -> Any:
    """What the person is now and what they will be, before it is so."""
    found, blog = people.role_to_change(viewer(), user_id, blog_id)
    before, after = found.roles.get(blog.id), role_of(request.args.get("role"))
    if after is not None and after not in people.roles_to_give(viewer(), blog.id):
        raise Unacceptable("That role is not yours to give.")
    form = ChangeForm(data={"before": _word(before), "after": _word(after)})
    return render_template(
        "accounts/role_change.html",
        form=form,
        person=found,
        blog=blog,
        before=people.MEANING[before],
        after=people.MEANING[after],
        is_same=before is after,
    )


@bp.post("/<int:user_id>/roles/<int:blog_id>/change/")
@right("own", "administer")
@recently_confirmed
@limit("roles", "30/minute", "300/hour")
def change_role(user_id: int, blog_id: int) -> Any:
    """Change the role, if it still is what the viewer saw."""
    form = ChangeForm()
    if not form.validate():
        raise Unacceptable("This page had been open for too long; nothing was changed.")
    people.change_role(
        viewer(),
        user_id,
        blog_id,
        before=role_of(form.before.data),
        after=role_of(form.after.data),
    )
    return redirect(url_for("people.index", _anchor="saved"), 303)


@bp.get("/invite/")
@right("own", "administer")
@recently_confirmed
def new_invitation() -> str:
    """Whom to invite, to which blog, as what."""
    return _invite_page(_invite_form())


@bp.post("/invite/")
@right("own", "administer")
@recently_confirmed
@limit("invite", "10/minute", "60/hour", "200/day")
def invite() -> Any:
    """Mail the invitation."""
    form = _invite_form()
    if not form.validate():
        return _invite_page(form), 422
    email = email_or_none(form.email.data) or ""
    invitations.invite(viewer(), email, form.blog.data, Role(form.role.data))
    return redirect(url_for("people.index", _anchor="invited"), 303)


@bp.post("/invitations/<int:invitation_id>/withdraw/")
@right("own", "administer")
@limit("roles", "30/minute", "300/hour")
def withdraw_invitation(invitation_id: int) -> Any:
    """Make an invitation useless."""
    _check_press()
    invitations.withdraw_invitation(viewer(), invitation_id)
    return redirect(url_for("people.index", _anchor="saved"), 303)


@bp.get("/<int:user_id>/<any(disable,enable,promote,demote,unprotect):act>/")
@right("own")
@recently_confirmed
def ask_to_act(user_id: int, act: str) -> str:
    """What an act of the owner on a person's account means, before it is done."""
    return render_template(
        "accounts/person_act.html", person=person(viewer(), user_id), act=act, form=PressForm()
    )


@bp.post("/<int:user_id>/<any(disable,enable,promote,demote,unprotect):act>/")
@right("own")
@recently_confirmed
@limit("roles", "30/minute", "300/hour")
def act_on_person(user_id: int, act: str) -> Any:
    """Do it."""
    _check_press()
    found = person(viewer(), user_id).user
    _ACTS[act](found.id)
    if found.id == viewer().id:
        # Whoever gave the site away has no business on this page any more.
        return redirect("/account/", 303)
    return redirect(url_for("people.show", user_id=found.id, _anchor="saved"), 303)


_ACTS: dict[str, Any] = {
    "disable": lambda user_id: people.disable(viewer(), user_id),
    "enable": lambda user_id: people.enable(viewer(), user_id),
    "promote": lambda user_id: roles.make_owner(user_id, by=viewer().id),
    "demote": lambda user_id: roles.unmake_owner(user_id, by=viewer().id),
    "unprotect": lambda user_id: people.take_second_factor(viewer(), user_id),
}


def _people_page(form: FindForm) -> str:
    blogs = managed_blogs(viewer())
    return render_template(
        "accounts/people.html",
        form=form,
        blogs=blogs,
        people=staff(viewer(), blogs),
        waiting=invitations.waiting_invitations(viewer(), blogs),
    )


def _check_press() -> None:
    if not PressForm().validate():
        raise Unacceptable("This page had been open for too long; nothing was changed.")


def _invite_form() -> InviteForm:
    form = InviteForm(data={"blog": request.args.get("blog", type=int)})
    blogs = managed_blogs(viewer())
    given = [people.roles_to_give(viewer(), blog.id) for blog in blogs]
    form.offer(blogs, given[0] if given else ())
    return form


def _invite_page(form: InviteForm) -> str:
    return render_template("accounts/invite.html", form=form)


def _word(role: Role | None) -> str:
    return role.value if role else NO_ROLE
