"""What every answer carries, pages and errors alike."""

from flask import Response, current_app, request

# `connect-src 'self'` opens nothing, as no script may run: it lets the reader's own tools,
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
HSTS = "max-age=63072000; includeSubDomains"


class CookieOnPublicPage(RuntimeError):
    """A public answer carries a cookie; the page must not be sent."""


def add_headers(response: Response) -> Response:
    """Add the policy headers, and refuse to send a cookie from a public page."""
    for name, value in POLICY.items():
        response.headers.setdefault(name, value)
    if current_app.config["BASE_URL"].startswith("https://"):
        response.headers["Strict-Transport-Security"] = HSTS
    if "Set-Cookie" in response.headers:
        # Every endpoint of this release is public, so there is no page that may.
        raise CookieOnPublicPage(f"{request.endpoint} tried to set a cookie")
    return response
