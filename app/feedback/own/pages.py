"""What the private pages show."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app

from app.core.markup import render_remark
from app.core.web import Meta, page_meta, page_part
from app.moderation import held_about, look_over, looks_at

from ..answering import exchange, may_answer
from ..asking import open_ask
from ..cards import KINDS, CardView, card_view
from ..credits import ANONYMOUS, signature
from ..links import own_address
from ..models import Feedback, State
from ..records import Asked, Credit, Grant, How, Wording
from ..standing import agreed, is_public
from .finding import FIELDS, granted, wording_of
from .forms import AnswerForm, PublishForm

HELD = {"sender_email": "Email", "sender_ip": "Network address"}

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Standing:
    """Where a feedback stands, in words."""

    title: str
    tone: str
    next: str


@dataclass(frozen=True)
class Change:
    """A run of words that both texts have, or only one of them."""

    text: str
    kind: str


def own_page(feedback: Feedback, token: str, form: AnswerForm | None = None) -> dict[str, Any]:
    """Everything the private page shows."""
    grant, wording = granted(feedback.id) or (None, None)
    standing = standing_of(feedback, grant)
    said = exchange(feedback.id)
    answer = form or (AnswerForm() if may_answer(said) else None)
    return {
        "meta": _meta(standing.title, failed=bool(form and form.errors)),
        "feedback": feedback,
        "label": KINDS[feedback.kind],
        "standing": standing,
        "own": own_address(token),
        "grant": grant,
        "card": _card(feedback, grant, wording),
        "ask": open_ask(feedback.id),
        "said": said,
        "form": answer,
        "held": held_about(feedback, HELD),
        "looks": looks_at(feedback.uid, FIELDS),
        "kept_days": current_app.config["KEEP_FEEDBACK_DAYS"],
    }


def publish_page(
    feedback: Feedback, token: str, form: PublishForm, *, is_other: bool = False
) -> dict[str, Any]:
    """The second act: the very card that would be public, and the words to agree to."""
    text = form.text.data or ""
    signed = form.signed_or_anonymous()
    form.seen.data = form.card_name(words_today())
    ask, proposed = proposed_words(feedback)
    return {
        "meta": _meta("Let it be public?", failed=bool(form.errors)),
        "feedback": feedback,
        "own": own_address(token),
        "form": form,
        "card": card_view(feedback, render_remark(text), How.ORIGINAL, signed.line),
        "is_named": signed.line != ANONYMOUS,
        "looked": look_over(text),
        "sentence": words_today(),
        "ask": ask,
        "changes": list(changes(feedback.text, proposed.text)) if proposed else None,
        "grant": (granted(feedback.id) or (None,))[0],
        "is_other": is_other,
    }


def words_today() -> str:
    """What is agreed to today, without the home page."""
    return agreed(b"", signature(Credit.ANONYMOUS), on_home=False).sentence


def first_form(feedback: Feedback) -> PublishForm:
    """The form as it is first shown: the words that are granted, proposed or sent."""
    found = granted(feedback.id)
    _ask, proposed = proposed_words(feedback)
    wording = proposed or (found[1] if found else None)
    return PublishForm(
        data={
            "text": wording.text if wording else feedback.text,
            "name": feedback.sender_name or "",
        }
    )


def proposed_words(feedback: Feedback) -> tuple[Any, Wording | None]:
    """The open question, and the other words it proposes, if it does."""
    ask = open_ask(feedback.id)
    if ask is None or ask.about is not Asked.WORDING:
        return ask, None
    return ask, wording_of(feedback.id, ask.text_hash)


def changes(before: str, after: str) -> Iterator[Change]:
    """Both texts in one, word by word: what was kept, taken out and put in."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            yield Change("".join(old[start:end]), "kept")
            continue
        if start < end:
            yield Change("".join(old[start:end]), "out")
        if first < last:
            yield Change("".join(new[first:last]), "in")


def standing_of(feedback: Feedback, grant: Grant | None) -> Standing:
    """Where it stands, and what happens next."""
    if feedback.state is State.REMOVED:
        return Standing("Erased", "info", "You took it back. Nothing of it is left.")
    if is_public(feedback.id):
        return Standing("Public", "ok", "Everybody can read the card below. You can change that.")
    if feedback.state in (State.DECLINED, State.SPAM):
        days = current_app.config["KEEP_FEEDBACK_DAYS"]
        ends = f"It is private, and deleted {days} days after the last thing that happened."
        return Standing("Not published", "bad", f"We decided not to publish it. {ends}")
    if grant is not None:
        site = page_part("site").name
        return Standing(
            "Waiting for an administrator",
            "info",
            f"You agreed that the card below is public. An administrator of {site} looks at it "
            "first; until then nobody else sees it.",
        )
    return Standing("Received, and private", "ok", "Only the people who read feedback see it.")


def _card(feedback: Feedback, grant: Grant | None, wording: Wording | None) -> CardView | None:
    if grant is None or wording is None:
        return None
    return card_view(feedback, wording.html, wording.how, grant.credit_line)


def _meta(title: str, *, failed: bool = False) -> Meta:
    whole = f"Error: {title}" if failed else title
    return page_meta(Meta(title=f"{whole} · Your feedback", robots="noindex"))
