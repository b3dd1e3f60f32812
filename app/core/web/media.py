"""Resized pictures of the content folder, under names made of their content."""

import re

from flask import Blueprint, Response, current_app, send_from_directory

from app.core.errors import Missing

from .access import public
from .assets import A_YEAR

bp = Blueprint("media", __name__)

_NAME = re.compile(r"[0-9a-f]{20}-\d{1,4}\.webp")


@bp.get("/media/<name>")
@public
def show(name: str) -> Response:
    """One version of one picture."""
    folder = current_app.config["INSTANCE"] / "media"
    if not _NAME.fullmatch(name) or not (folder / name).is_file():
        raise Missing
    response = send_from_directory(folder.resolve(), name, mimetype="image/webp")
    response.headers["Cache-Control"] = A_YEAR
    return response
