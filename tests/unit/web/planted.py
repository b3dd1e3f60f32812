"""Planted viewers and pages, so that the web ground is tested without the features above it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask, redirect, render_template_string
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core import clock
from app.core.web import (
    MemberForm,
    check_token,
    member,
    private_link,
    public,
    recently_confirmed,
    right,
    viewer,
    viewer_or_none,
    visitor,
)

GARDEN_ID, WORKSHOP_ID = 1, 2


@dataclass
class Planted:
    """Somebody signed in, as the web ground sees them."""

    id: int
    username: str
    is_owner: bool = False
    roles: dict[int, tuple[str, ...]] = field(default_factory=dict)
    agreement_id: int | None = None
    has_second_factor: bool = False
    signed_in_at: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    @property
    def session_id(self) -> int:
        return self.id * 10

    def administers(self, blog_id: int) -> bool:
        return blog_id in self.blogs("administer")

    def moderates(self, blog_id: int) -> bool:
        return blog_id in self.blogs("moderate")

    def has_right(self, name: str) -> bool:
        return self.is_owner if name == "own" else bool(self.blogs(name))

    def blogs(self, name: str) -> frozenset[int]:
        return frozenset(blog for blog, rights in self.roles.items() if name in rights)


MODERATES, ADMINISTERS = ("moderate",), ("moderate", "administer")
CAST: dict[str, Callable[[], Planted | None]] = {
    "nobody": lambda: None,
    "bo": lambda: Planted(1, "bo", signed_in_at=clock.now()),
    "moderator": lambda: Planted(2, "mo", roles={GARDEN_ID: MODERATES}, signed_in_at=clock.now()),
    "mira": lambda: Planted(3, "mira", roles={GARDEN_ID: ADMINISTERS}, signed_in_at=clock.now()),
    "otto": lambda: Planted(4, "otto", is_owner=True, signed_in_at=clock.now()),
    "stale": lambda: Planted(5, "old", is_owner=True),
}


class NoteForm(MemberForm):
    """A form with every kind of field that matters here."""

    title = StringField("Title", [InputRequired(), Length(max=10)])
    remark = TextAreaField("Remark", [InputRequired(), Length(max=5_000)])
    passphrase = PasswordField("Passphrase")


def plant(app: Flask) -> None:
    """One endpoint for each label, and a form for members."""
    views: dict[str, Any] = {
        "public": public(lambda: "for all"),
        "private_link": private_link(lambda: "for the holder"),
        "visitor": visitor(lambda: f"hello {viewer_or_none() and viewer().username}"),
        "member": member(lambda: f"hello {viewer().username}"),
        "moderate": right("moderate")(lambda: f"hello {viewer().username}"),
        "administer": right("administer")(lambda: f"hello {viewer().username}"),
        "own": right("own")(lambda: f"hello {viewer().username}"),
        "either": right("administer", "own")(lambda: f"hello {viewer().username}"),
        "recent": recently_confirmed(right("own")(lambda: f"hello {viewer().username}")),
    }
    for name, view in views.items():
        app.add_url_rule(f"/planted/{name}/", f"planted.{name}", view)
    app.add_url_rule("/planted/note/", "planted.note", member(_note), methods=["GET", "POST"])
    app.add_url_rule("/planted/act/", "planted.act", member(_act), methods=["POST"])
    app.add_url_rule("/planted/lax/", "planted.lax", member(lambda: "taken"), methods=["POST"])


def _note() -> Any:
    form = NoteForm()
    if form.validate_on_submit():
        return redirect("/planted/member/", 303)
    page = render_template_string(
        '{% extends "layouts/account.html" %}{% from "components/forms.html" import whole %}'
        '{% block title %}Note{% endblock %}{% block content %}{{ whole(form, "Keep") }}'
        "{% endblock %}",
        form=form,
    )
    return page, 422 if form.errors else 200


def _act() -> Any:
    check_token()
    return redirect("/planted/member/", 303)
