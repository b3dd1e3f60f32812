"""What was typed into a form that could not be taken: given back, never thrown away."""

from flask import Request, g, request
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException

from app.core.errors import Refusal

from .forms import LONG_FIELDS, SECRET_FIELDS
from .texts import clean_text


def kept_texts() -> list[tuple[str, str]]:
    """Label and text of every long field that was sent; nothing short, and no secret."""
    if request.method != "POST":
        return []
    return [
        (LONG_FIELDS[name], clean_text(text))
        for name, text in _sent(request)
        if name in LONG_FIELDS and text.strip()
    ]


def sent_again() -> list[tuple[str, str]]:
    """Name and value of every field that may be sent once more as it is: no secret is."""
    return [(name, text) for name, text in _sent(request) if name not in SECRET_FIELDS]


def kept_html() -> Markup:
    """The same texts as fields to copy from, made without any template."""
    return Markup("").join(
        Markup(
            '<div class="refusal__copy"><label class="label" for="kept-{0}">{1}, to copy</label>'
            '<textarea class="input refusal__kept" id="kept-{0}" readonly rows="10">\n{2}'
            "</textarea></div>"
        ).format(number, label, escape(text))
        for number, (label, text) in enumerate(kept_texts(), start=1)
    )


def _sent(asked: Request) -> list[tuple[str, str]]:
    if "oversized" in g:
        return g.oversized
    try:
        return list(asked.form.items(multi=True))
    except (Refusal, HTTPException, OSError, ValueError):
        # What cannot be read cannot be given back.
        return []
