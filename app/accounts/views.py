"""Signing up, signing in, and the links that are mailed for both."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from app.core.web import check_token, limit, member, public, viewer, viewer_or_none, visitor

from . import entering, joining, sessions, settings
from .addresses import email_or_none, own_path
from .browsers import party
from .doorway import here, let_in, see_out
from .factor_forms import PasskeyLogInForm
from .forms import JoinForm, LogInForm, NameForm, PressForm, ResetForm, SignUpForm
from .links import Purpose, find_link
from .queries import asked_account

bp = Blueprint("accounts", __name__, url_prefix="/account")
well_known = Blueprint("well_known", __name__)

WRONG = "This name and this password do not belong together. Check both, or have a link mailed."


@bp.get("/sign-up/")
@visitor
def show_sign_up() -> Any:
    """The form that opens an account."""
    if viewer_or_none() is not None:
        return redirect(url_for("account.profile"), 303)
    return render_template("accounts/sign_up.html", form=SignUpForm())


@bp.post("/sign-up/")
@visitor
@limit("sign-up", "5/minute", "20/hour", "60/day")
def sign_up() -> Any:
    """Write to the address that was given."""
    form = SignUpForm()
    if form.validate():
        email = email_or_none(form.email.data) or ""
        if joining.ask_for_account(form.username.data, email):
            return redirect(url_for("accounts.sent"), 303)
        form.username.errors = ["Somebody has this username, or one that looks the same."]
    return render_template("accounts/sign_up.html", form=form), 422


@bp.get("/sent/")
@visitor
def sent() -> Any:
    """Where everybody waits who asked for a link, whether or not one is on its way."""
    return render_template("accounts/sent.html")


@bp.get("/log-in/")
@visitor
def show_log_in() -> Any:
    """The form that signs in; who is signed in already is led on."""
    back = request.args.get("next", "")
    if viewer_or_none() is not None:
        return redirect(own_path(back), 303)
    return _log_in_page(LogInForm(data={"next": own_path(back)}))


@bp.post("/log-in/")
@visitor
@limit("log-in", "20/minute", "120/hour")
def log_in() -> Any:
    """Sign in with a password."""
    form = LogInForm()
    if form.validate():
        entry = entering.log_in(
            form.name.data, form.password.data, here(), stays=bool(form.stays and form.stays.data)
        )
        if entry is not None:
            return let_in(entry, form.next.data)
        form.form_errors.append(WRONG)
    return _log_in_page(form), 422


@bp.get("/log-in/link/")
@visitor
def show_log_in_link() -> Any:
    """The form that has a link mailed."""
    return render_template("accounts/log_in_link.html", form=NameForm())


@bp.post("/log-in/link/")
@visitor
@limit("log-in-link", "5/minute", "20/hour")
def log_in_link() -> Any:
    """Mail a link that signs in."""
    form = NameForm()
    if not form.validate():
        return render_template("accounts/log_in_link.html", form=form), 422
    entering.send_log_in_link(form.name.data)
    return redirect(url_for("accounts.sent"), 303)


@bp.get("/reset/")
@visitor
def show_reset() -> Any:
    """The form for those who forgot their password."""
    return render_template("accounts/reset.html", form=NameForm())


@bp.post("/reset/")
@visitor
@limit("reset", "5/minute", "20/hour")
def reset() -> Any:
    """Mail a link that sets a new password."""
    form = NameForm()
    if not form.validate():
        return render_template("accounts/reset.html", form=form), 422
    entering.send_reset_link(form.name.data)
    return redirect(url_for("accounts.sent"), 303)


@bp.get("/link/<token>/")
@visitor
def show_link(token: str) -> Any:
    """What a mailed link does, and the button that does it. Looking changes nothing."""
    return _link_page(token, _FORMS[Purpose(find_link(token, *_FORMS).purpose)]())


@bp.post("/link/<token>/")
@visitor
@limit("link", "20/minute", "120/hour")
def use_link(token: str) -> Any:
    """Do what a mailed link is for, once."""
    purpose = Purpose(find_link(token, *_FORMS).purpose)
    form = _FORMS[purpose]()
    form.known_name = asked_account(find_link(token, *_FORMS)).username
    if not form.validate():
        return _link_page(token, form), 422
    return _USES[purpose](token, form)


@bp.get("/email-changed/")
@visitor
def email_changed() -> Any:
    """The new address answered; whoever used the link may be signed in or not."""
    return render_template("accounts/email_changed.html")


@bp.post("/log-out/")
@member
def log_out() -> Any:
    """End this session."""
    check_token()
    sessions.end_session(viewer().session_id, viewer().id)
    return see_out(redirect("/", 303))


@well_known.get("/.well-known/change-password")
@public
def change_password() -> Any:
    """Where password managers look for the page that changes the password."""
    return redirect(url_for("account.security"), 302)


def _log_in_page(form: LogInForm) -> str:
    return render_template(
        "accounts/log_in.html",
        form=form,
        passkey_form=PasskeyLogInForm(formdata=None),
        takes_passkeys=party().takes_passkeys,
        back=own_path(form.next.data),
    )


def _link_page(token: str, form: Any) -> str:
    link = find_link(token, *_FORMS)
    template = f"accounts/link_{link.purpose}.html"
    return render_template(template, form=form, user=asked_account(link))


def _join(token: str, form: JoinForm) -> Any:
    return let_in(joining.join(token, form.password.data or None, here()), None)


def _log_in(token: str, _form: PressForm) -> Any:
    return let_in(entering.log_in_by_link(token, here()), None)


def _reset(token: str, form: ResetForm) -> Any:
    entering.reset_password(token, form.password.data)
    return redirect(url_for("accounts.show_log_in", _anchor="changed"), 303)


def _change_email(token: str, _form: PressForm) -> Any:
    settings.prove_new_email(token)
    return redirect(url_for("accounts.email_changed"), 303)


_FORMS: dict[Purpose, Any] = {
    Purpose.SIGN_UP: JoinForm,
    Purpose.LOG_IN: PressForm,
    Purpose.RESET: ResetForm,
    Purpose.EMAIL: PressForm,
}
_USES: dict[Purpose, Any] = {
    Purpose.SIGN_UP: _join,
    Purpose.LOG_IN: _log_in,
    Purpose.RESET: _reset,
    Purpose.EMAIL: _change_email,
}
