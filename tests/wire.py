"""A request as a server hands it over, with nothing tidied up on the way."""

from typing import Any

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app


class Answer:
    """Status, headers and bytes of one answer."""

    def __init__(self, app: Flask, environ: dict[str, Any]) -> None:
        body, status, headers = run_wsgi_app(app, environ, buffered=True)
        self.status = int(status.split()[0])
        self.headers = Headers(headers)
        self.data = b"".join(body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.data.decode()


def ask(app: Flask, path: str = "/", method: str = "GET", **environ: Any) -> Answer:
    """Send a request whose environment holds exactly what is given, byte for byte.

    Names of headers are `HTTP_...`; `None` takes a value away; `path` stands as it is.
    """
    builder = EnvironBuilder(method=method, base_url="http://localhost")
    made = builder.get_environ()
    builder.close()
    path, _, query = path.partition("?")
    made |= {"PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "203.0.113.9"} | environ
    return Answer(app, {name: value for name, value in made.items() if value is not None})
