"""Flask-Login, for code that asks it who is there: it learns that from us and keeps nothing.

Left to itself it marks every answer as varying by cookie, writes a hash of address and
browser into a cookie, and remembers people for a year.
"""

from typing import Any

from flask import Blueprint, Request
from flask.blueprints import BlueprintSetupState
from flask_login import LoginManager

from app.core.web import NoViewer, viewer_or_none

current = Blueprint("current", __name__)


class Asker(LoginManager):
    """A login manager without session, cookie or memory of its own."""

    def init_app(self, app: Any, add_context_processor: bool = False) -> None:
        """Be the app's manager, and nothing more: no hook after requests, no value in templates."""
        app.login_manager = self

    def _load_user(self) -> None:
        """Ask who is looking in the one way there is, whatever cookies and headers say."""
        self._update_request_context_with_user(self._request_callback(None))


def _looking(_asked: Request | None) -> Any:
    """The viewer, or `None` for nobody and on pages that may not know."""
    try:
        return viewer_or_none()
    except NoViewer:
        return None


@current.record_once
def _install(state: BlueprintSetupState) -> None:
    manager = Asker()
    manager.request_loader(_looking)
    manager.init_app(state.app)
