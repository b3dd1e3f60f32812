"""Proof, before a factor is changed, that a person still holds one: a code, or a passkey."""

from dataclasses import dataclass
from typing import Any

from flask import request

from app.core.web import viewer

from . import passkeys, second_factor
from .browsers import member_browser, party
from .factor_forms import AnswerForm, ProofForm
from .keyring import Keyring, keyring_of
from .queries import open_account

WRONG_CODE = "This is neither the code your app shows now nor an unspent recovery code."
NOT_ACCEPTED = "That passkey was not accepted. Try again, or use a code."


@dataclass(frozen=True)
class Proof:
    """The two forms of which one is to be sent, and what the person could send."""

    by_code: ProofForm
    by_passkey: AnswerForm
    keyring: Keyring


def asked_proof() -> Proof:
    """The forms as they were sent, or empty."""
    sent = request.form if request.method == "POST" else None
    is_key = sent is not None and "answer" in sent
    # Only the form that was sent is filled, so that only its problems are shown.
    by_code = ProofForm(formdata=None if is_key else sent)
    by_passkey = AnswerForm(formdata=sent if is_key else None)
    return Proof(by_code, by_passkey, keyring_of(viewer().id))


def is_proved(proof: Proof) -> bool:
    """Whether the form that was sent holds; it says so itself if not."""
    if "answer" in request.form:
        return is_passkey_shown(proof.by_passkey)
    return proof.by_code.validate() and is_code_right(proof.by_code)


def is_code_right(form: Any) -> bool:
    """Whether the code of a form is one of the viewer's, which is then spent.

    A form without a field for one asks for none.
    """
    if "code" not in form:
        return True
    if second_factor.spend_code(open_account(viewer().id), form.code.data):
        return True
    form.code.errors = [WRONG_CODE]
    return False


def is_passkey_shown(form: AnswerForm) -> bool:
    """Whether one of the viewer's own passkeys answered."""
    if not form.validate():
        return False
    if passkeys.use(party(), member_browser(), form.answer.data) == viewer().id:
        return True
    form.form_errors.append(NOT_ACCEPTED)
    return False
