"""One's own account: profile, email, security, privacy, and its end."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from app.core.privacy import masked, open_for
from app.core.web import check_token, limit, member, recently_confirmed, viewer

from . import closing, entering, sessions, settings
from .addresses import email_or_none, own_path
from .doorway import here, let_in, see_out
from .factor_forms import AnswerForm, ConfirmWithCodeForm
from .forms import (
    CloseForm,
    ConfirmForm,
    EmailForm,
    FirstPasswordForm,
    PasswordForm,
    ProfileForm,
)
from .keyring import keyring_of
from .proof import is_code_right, is_passkey_shown
from .queries import blog_titles, memberships_of, open_account, sessions_of

bp = Blueprint("account", __name__, url_prefix="/account")

NOT_YOURS = "That is not your password."


@bp.get("/")
@member
def profile() -> Any:
    """Who one is here, and on which blogs."""
    user = open_account(viewer().id)
    return _profile(ProfileForm(data={"username": user.username}))


@bp.post("/")
@member
@recently_confirmed
@limit("rename", "5/hour")
def rename() -> Any:
    """Take another username."""
    form = ProfileForm()
    if not form.validate():
        return _profile(form), 422
    if not settings.rename_account(viewer().id, form.username.data):
        form.username.errors = ["Somebody has this username, or one that looks the same."]
        return _profile(form), 422
    return redirect(url_for("account.profile", _anchor="saved"), 303)


@bp.get("/email/")
@member
def email() -> Any:
    """The address of the account."""
    return _email(EmailForm())


@bp.post("/email/")
@member
@recently_confirmed
@limit("change-email", "5/hour", "10/day")
def change_email() -> Any:
    """Write to a new address; it counts once it has answered."""
    form = EmailForm()
    if not form.validate():
        return _email(form), 422
    settings.ask_new_email(viewer().id, email_or_none(form.email.data) or "")
    return redirect(url_for("account.email", _anchor="asked"), 303)


@bp.get("/security/")
@member
def security() -> Any:
    """Password, second factors and sessions."""
    return _security(_password_form()(data={}))


@bp.post("/security/")
@member
@recently_confirmed
@limit("change-password", "10/hour")
def change_password() -> Any:
    """Set a password, the old one in hand if there is one."""
    form = _password_form()()
    form.known_name = viewer().username
    if not form.validate():
        return _security(form), 422
    if isinstance(form, PasswordForm) and not _is_theirs(form.current):
        return _security(form), 422
    settings.set_password(viewer().id, form.password.data, session_id=viewer().session_id)
    return redirect(url_for("account.security", _anchor="changed"), 303)


@bp.post("/security/sessions/<int:session_id>/end/")
@member
def end_session(session_id: int) -> Any:
    """End one session; one's own is a log-out."""
    check_token()
    sessions.end_session(session_id, viewer().id)
    if session_id == viewer().session_id:
        return see_out(redirect("/", 303))
    return redirect(url_for("account.security", _anchor="ended"), 303)


@bp.post("/security/sessions/end/")
@member
def end_sessions() -> Any:
    """End every session but this one."""
    check_token()
    sessions.end_sessions(viewer().id, but=viewer().session_id)
    return redirect(url_for("account.security", _anchor="ended"), 303)


@bp.get("/close/")
@member
def show_close() -> Any:
    """What closing means."""
    return render_template("accounts/close.html", form=CloseForm())


@bp.post("/close/")
@member
@recently_confirmed
def close() -> Any:
    """Close the account."""
    form = CloseForm()
    if form.validate() and form.username.data != viewer().username:
        form.username.errors = ["That is not the username of this account."]
    if form.errors:
        return render_template("accounts/close.html", form=form), 422
    closing.close_account(viewer().id, forgets_name=bool(form.forgets_name.data))
    return see_out(redirect("/", 303))


@bp.get("/confirm/")
@member
def show_confirm() -> Any:
    """The page that makes sure before something that matters."""
    back = own_path(request.args.get("next"))
    return _confirm(_confirm_form()(data={"next": back}))


@bp.post("/confirm/")
@member
@limit("confirm", "10/minute", "60/hour")
def confirm() -> Any:
    """Take as proof what a log-in asks for, and lead back."""
    form = _confirm_form()()
    if not form.validate() or not _is_theirs(form.password) or not is_code_right(form):
        return _confirm(form), 422
    return let_in(sessions.confirm_session(viewer().session_id), form.next.data)


@bp.post("/confirm/passkey/")
@member
@limit("passkey", "20/minute", "200/hour")
def confirm_by_passkey() -> Any:
    """Take a passkey as proof, and lead back."""
    by_passkey = AnswerForm()
    if not is_passkey_shown(by_passkey):
        return _confirm(_confirm_form()(formdata=None), by_passkey), 422
    entry = sessions.confirm_session(viewer().session_id)
    return let_in(entry, request.args.get("next"))


@bp.post("/confirm/link/")
@member
@limit("log-in-link", "5/minute", "20/hour")
def confirm_by_link() -> Any:
    """Mail a link as proof, for those who have no password."""
    check_token()
    entering.send_log_in_link(viewer().username)
    return redirect(url_for("accounts.sent"), 303)


def _profile(form: ProfileForm) -> str:
    user = open_account(viewer().id)
    roles = {entry.blog_id: entry.role for entry in memberships_of(user.id)}
    named = [(title, roles[blog_id]) for blog_id, title in blog_titles(roles).items()]
    return render_template("accounts/profile.html", form=form, user=user, roles=named)


def _email(form: EmailForm) -> str:
    user = open_account(viewer().id)
    address = open_for(user, "email", "subject")
    asked = open_for(user, "new_email", "subject") if user.new_email else None
    return render_template("accounts/email.html", form=form, address=address, asked=asked)


def _security(form: Any) -> str:
    user = open_account(viewer().id)
    return render_template(
        "accounts/security.html",
        form=form,
        has_password=user.password_hash is not None,
        keyring=keyring_of(user.id),
        entries=_shown_sessions(),
        here_id=viewer().session_id,
    )


def _confirm(form: ConfirmForm, by_passkey: AnswerForm | None = None) -> str:
    return render_template(
        "accounts/confirm.html",
        form=form,
        by_passkey=by_passkey or AnswerForm(formdata=None),
        keyring=keyring_of(viewer().id),
        has_password=open_account(viewer().id).password_hash is not None,
        back=own_path(form.next.data or request.args.get("next")),
    )


def _confirm_form() -> type[ConfirmForm]:
    """With a second factor, a password alone proves as little as it opens."""
    protected = keyring_of(viewer().id).has_second_factor
    return ConfirmWithCodeForm if protected else ConfirmForm


def _password_form() -> type[PasswordForm] | type[FirstPasswordForm]:
    has_one = open_account(viewer().id).password_hash is not None
    return PasswordForm if has_one else FirstPasswordForm


def _is_theirs(field: Any) -> bool:
    """Whether the field holds the viewer's own password; says so beside it when not."""
    if settings.is_their_password(viewer().id, field.data or "", here()):
        return True
    field.errors = [NOT_YOURS]
    return False


def _shown_sessions() -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "device": row.device,
            "begun": row.created_at,
            "used": row.used_at,
            "ends": row.expires_at,
            "network": masked(row, "ip"),
        }
        for row in sessions_of(viewer().id)
    ]
