"""What every answer carries, pages and errors alike."""

from flask import Response, current_app, request

from .access import KNOWING, PRIVATE, cookies_of, label_here
from .cookies import guard_cookies

# `connect-src 'self'` opens nothing where no script may run: it lets the reader's own tools,
# such as a page audit that reads robots.txt from within the page, reach this site and no other.
# `same-origin` and not `no-referrer`: under the latter, browsers send our own forms
# with `Origin: null`, which the origin check must refuse.
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
#: Pages for members alone may run our own scripts, from files.
POLICY_WITH_SCRIPTS = POLICY["Content-Security-Policy"] + "; script-src 'self'"
HSTS = "max-age=63072000; includeSubDomains"


def add_headers(response: Response) -> Response:
    """Add the policy headers, shut private pages off from stores, and guard cookies."""
    # A page that is not there looks the same wherever it is not.
    label = label_here() if response.status_code != 404 else None
    if label in KNOWING:
        response.headers.setdefault("Content-Security-Policy", POLICY_WITH_SCRIPTS)
    if label in PRIVATE:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    for name, value in POLICY.items():
        response.headers.setdefault(name, value)
    if current_app.config["BASE_URL"].startswith("https://"):
        response.headers["Strict-Transport-Security"] = HSTS
    return guard_cookies(response, may_set=None if label in KNOWING else _named_here())


def _named_here() -> frozenset[str]:
    view = current_app.view_functions.get(request.endpoint or "")
    return cookies_of(view) if view else frozenset()
