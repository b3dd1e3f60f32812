"""The private pages. Opening one changes nothing; every act is a button and needs no login."""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request

from app.core.web import Meta, client_address, limit, page_meta, private_link
from app.moderation import asked_proof, mask_leak, prove

from ..answering import answer_back
from ..asking import open_ask
from ..erasing import erase_feedback
from ..granting import Terms, decline, let_be_public, renew, withdraw
from ..links import own_address
from ..receipts import receipt_of
from .copies import copy_of
from .finding import granted, kept_feedback, own_feedback
from .forms import AnswerForm, PublishForm
from .pages import first_form, own_page, publish_page, words_today

bp = Blueprint("own_feedback", __name__, url_prefix="/feedback")


@bp.get("/mine/<token>/")
@private_link
def show(token: str) -> str:
    """What became of a feedback, for its sender."""
    return render_template("feedback/own.html", **own_page(own_feedback(token), token))


@bp.get("/mine/<token>/publish/")
@private_link
def show_publish(token: str) -> str:
    """The second act, with nothing ticked."""
    feedback = kept_feedback(token)
    page = publish_page(feedback, token, first_form(feedback))
    return render_template("feedback/publish.html", **page)


@bp.post("/mine/<token>/publish/")
@private_link
@limit("feedback-publish", "20/minute", "100/hour")
def publish(token: str) -> Any:
    """Show the card as it would be, black something out, or take the sender's word."""
    feedback = kept_feedback(token)
    form = PublishForm()
    if "mask" in request.form:
        form.text.data = mask_leak(form.text.data or "", request.form["mask"])
        return render_template("feedback/publish.html", **publish_page(feedback, token, form))
    is_whole = form.validate()
    is_preview = "preview" in request.form
    if not is_whole or not (is_preview or form.agrees()):
        page = publish_page(feedback, token, form)
        return make_response(render_template("feedback/publish.html", **page), 422)
    if is_preview or form.seen.data != form.card_name(words_today()):
        page = publish_page(feedback, token, form, is_other=not is_preview)
        return render_template("feedback/publish.html", **page)
    terms = Terms(
        signature=form.signed(), on_home=bool(form.on_home.data), text=form.text.data or ""
    )
    let_be_public(feedback.id, terms)
    return redirect(own_address(token), 303)


@bp.get("/mine/<token>/withdraw/")
@private_link
def show_withdraw(token: str) -> str:
    """Ask before taking it back."""
    feedback = kept_feedback(token)
    is_granted = granted(feedback.id) is not None
    title = "Take it back?" if is_granted else "Nothing is public"
    return _ask_page(token, "withdraw", title, is_granted=is_granted)


@bp.post("/mine/<token>/withdraw/")
@private_link
def take_back(token: str) -> Any:
    """Take the word back; nothing is public any more."""
    withdraw(kept_feedback(token).id)
    return redirect(own_address(token), 303)


@bp.post("/mine/<token>/renew/")
@private_link
def extend(token: str) -> Any:
    """Let it stay public for another while."""
    renew(kept_feedback(token).id)
    return redirect(own_address(token), 303)


@bp.post("/mine/<token>/decline/")
@private_link
def say_no(token: str) -> Any:
    """Answer no to what was asked."""
    feedback = kept_feedback(token)
    ask = open_ask(feedback.id)
    if ask is not None:
        decline(feedback.id, ask.text_hash)
    return redirect(own_address(token), 303)


@bp.post("/mine/<token>/answer/")
@private_link
@limit("feedback-answer", "5/minute", "30/day", forgives=True)
def answer(token: str) -> Any:
    """Take the sender's one answer."""
    feedback = kept_feedback(token)
    form = AnswerForm()
    if not form.validate():
        page = own_page(feedback, token, form)
        return make_response(render_template("feedback/own.html", **page), 422)
    answer_back(feedback.id, form.text.data or "", client_address() or None)
    return redirect(own_address(token), 303)


@bp.get("/mine/<token>/erase/")
@private_link
def show_erase(token: str) -> str:
    """Ask before erasing it."""
    kept_feedback(token)
    return _ask_page(token, "erase", "Erase it for good?")


@bp.post("/mine/<token>/erase/")
@private_link
def erase(token: str) -> Any:
    """Erase it for good."""
    erase_feedback(own_feedback(token).id)
    return redirect(own_address(token), 303)


@bp.get("/mine/<token>/receipt.json")
@private_link
def receipt(token: str) -> Response:
    """The signed receipt, as a file."""
    feedback = kept_feedback(token)
    return _file(f"receipt-{feedback.id}", receipt_of(feedback, granted(feedback.id)))


@bp.get("/mine/<token>/everything.json")
@private_link
def everything(token: str) -> Response:
    """Everything that is held about it, as a file."""
    feedback = kept_feedback(token)
    return _file(f"feedback-{feedback.id}", copy_of(feedback))


@bp.get("/proof/<token>/")
@private_link
def proof(token: str) -> str:
    """Ask whether the address is the reader's, or say that it is confirmed."""
    is_proved = asked_proof(token).proved_at is not None
    title = "Your address is confirmed" if is_proved else "Is this address yours?"
    meta = page_meta(Meta(title=title, robots="noindex"))
    return render_template("feedback/proof.html", meta=meta, is_proved=is_proved)


@bp.post("/proof/<token>/")
@private_link
def confirm(token: str) -> Any:
    """Take the answer; a second one changes nothing."""
    prove(token)
    return redirect(request.path, 303)


def _file(name: str, content: dict[str, Any]) -> Response:
    response = jsonify(content)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def _ask_page(token: str, name: str, title: str, **values: Any) -> str:
    meta = page_meta(Meta(title=title, robots="noindex"))
    own = own_address(token)
    return render_template(f"feedback/{name}.html", meta=meta, own=own, **values)
