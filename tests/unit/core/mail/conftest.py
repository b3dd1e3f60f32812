"""Templates of the tests' own, and a clock that can be set."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from app.core.database import transaction
from app.core.mail import enqueue, send_due

START = datetime(2026, 11, 24, 9, tzinfo=UTC)

TEXT = """\
{% extends "layouts/mail.txt" %}
{% from "components/mail.txt" import link, quote %}
{% block subject %}Hello {{ name }}{% endblock %}
{% block content %}
A word for {{ name }}.

{{ quote(name) }}
{{ link("Go on", "/go/on/") }}
{% endblock %}
{% block why %}
You get this because a test wrote it.
{% endblock %}
"""
HTML = """\
{% extends "layouts/mail.html" %}
{% from "components/mail.html" import button, quote %}
{% block content %}
<p>A word for {{ name }}.</p>
{{ quote(name, site) }}
{{ button("Go on", "/go/on/", site) }}
{% endblock %}
{% block why %}
<p>You get this because a test wrote it.</p>
{% endblock %}
"""


@pytest.fixture
def with_template(tmp_path: Path) -> Any:
    """A function that gives an app the mail template `tests/hello`."""
    folder = tmp_path / "templates" / "tests" / "mail"
    folder.mkdir(parents=True)
    (folder / "hello.txt").write_text(TEXT)
    (folder / "hello.html").write_text(HTML)

    def add(app: Flask) -> Flask:
        loader = FileSystemLoader(tmp_path / "templates")
        given = app.jinja_env.loader
        assert given is not None
        app.jinja_env.loader = ChoiceLoader([loader, given])
        return app

    return add


@pytest.fixture
def app(make_app: Any, with_template: Any) -> Flask:
    """An app without a mail server, that knows the template."""
    return with_template(make_app())


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that sets the clock, in minutes after the start."""

    def set_clock(minutes: float) -> None:
        monkeypatch.setattr("app.core.clock.now", lambda: START + timedelta(minutes=minutes))

    set_clock(0)
    return set_clock


@pytest.fixture
def write(app: Flask) -> Any:
    """A function that writes mails down and does not send them."""

    def write(*, to: Any = "ada@example.org", times: int = 1, **facts: Any) -> None:
        with app.app_context(), transaction():
            for _ in range(times):
                enqueue("tests/hello", to=to, **({"name": "Ada"} | facts))

    return write


@pytest.fixture
def send(app: Flask) -> Any:
    """A function that sends what is due, and answers how many mails left."""

    def send() -> int:
        with app.app_context():
            return send_due()

    return send
