"""Putting the web ground under an app, in the one order that works."""

from pathlib import Path

from flask import Flask

from . import assets, health, media
from .access import enforce_label
from .assets import Assets
from .bounds import LARGEST_BODY, LARGEST_FORM, MOST_PARTS, BoundedRequest, enforce_bounds
from .delivery import deliver
from .fallback import take_what_is_left
from .forms import guard_token
from .headers import add_headers
from .health import Tally
from .limiting import count_done, enforce_limit
from .origin import enforce_origin
from .proxy import ProxyTrust
from .refusals import init_refusals
from .session import ShutSessions
from .templating import init_templating


def init_web(app: Flask) -> None:
    """Install checks before views, headers after them, and the pages nobody asks for."""
    app.config |= {
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "MAX_FORM_PARTS": MOST_PARTS,
    }
    app.request_class = BoundedRequest
    app.session_interface = ShutSessions()
    app.extensions["assets"] = Assets(Path(app.root_path).parent / "static")
    app.extensions["tally"] = tally = Tally(app.config["INSTANCE"] / "run")
    init_templating(app)
    init_refusals(app)
    for blueprint in (assets.bp, media.bp, health.bp):
        app.register_blueprint(blueprint)
    asked = (tally.begin, enforce_bounds, enforce_origin, take_what_is_left)
    for check in (*asked, enforce_label, enforce_limit):
        app.before_request(check)
    # Flask runs these from the last to the first: headers before bytes are settled.
    for finish in (tally.finish, deliver, add_headers, guard_token, count_done):
        app.after_request(finish)
    for front in app.extensions["registry"].every("fronts"):
        app.wsgi_app = front(app)(app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = ProxyTrust(app.wsgi_app, app.config["TRUSTED_PROXIES"])  # type: ignore[method-assign]
