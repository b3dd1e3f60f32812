"""A sync touches what changed, and nothing else."""

import os
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.blog.models import Post
from app.core import markup
from app.core.content import content_synced, current_generation
from app.core.content.models import ContentFile
from app.core.database import db
from tests.folder import ContentFolder

pytestmark = pytest.mark.database

WRITES = ("INSERT", "UPDATE", "DELETE")


def writes(statements: list[str]) -> list[str]:
    """Those of the statements that change something."""
    return [statement for statement in statements if statement.lstrip().startswith(WRITES)]


def generation(app: Flask) -> int:
    """How often content has changed."""
    with app.app_context():
        return current_generation()


def rows(app: Flask, column: Any) -> list[Any]:
    """A column of all rows, by their number."""
    with app.app_context():
        return list(db.session.scalars(select(column).order_by(column.class_.id)))


def test_a_second_sync_writes_nothing(
    content: ContentFolder, read: Any, statements: list[str]
) -> None:
    content.post("tulips")
    read()
    statements.clear()
    read()
    assert writes(statements) == []


def test_a_second_sync_reads_no_file(content: ContentFolder, read: Any) -> None:
    content.post("tulips")
    read()
    report = read()
    assert (report.read, report.removed) == (0, 0)


def test_a_second_sync_opens_no_file(
    content: ContentFolder, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content.post("tulips")
    read()
    monkeypatch.setattr("app.core.content.desk.read_document", None)
    assert read().problems == []


def test_only_the_changed_file_is_read(content: ContentFolder, read: Any) -> None:
    content.post("tulips")
    content.post("roses")
    read()
    content.post("roses", "Roses have thorns.")
    assert read().read == 1


def test_a_file_that_was_only_touched_is_not_applied(
    app: Flask, content: ContentFolder, read: Any, statements: list[str]
) -> None:
    path = content.post("tulips")
    read()
    before = generation(app)
    os.utime(content.root / path, (1, 1))
    statements.clear()
    assert read().read == 1
    assert [statement.split()[1] for statement in writes(statements)] == ["content_files"]
    assert generation(app) == before


def test_a_file_of_the_same_size_and_time_is_read_when_it_is_another_file(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    path = content.post("tulips", "Aaaa.")
    os.utime(content.root / path, (1, 1))
    read()
    other = content.post("tulips-new", "Bbbb.", title="Tulips")
    os.utime(content.root / other, (1, 1))
    content.rename(other, path)
    read()
    assert "Bbbb." in client.get("/garden/tulips/").text


def test_every_change_is_told_to_who_listens_and_nothing_else_is(
    app: Flask, content: ContentFolder, read: Any
) -> None:
    told: list[Any] = []

    def note(sender: Any) -> None:
        told.append(sender)

    content_synced.connect(note)
    try:
        read()
        read()
        content.post("tulips")
        read()
    finally:
        content_synced.disconnect(note)
    assert len(told) == 2


def test_a_new_version_of_the_renderer_renders_everything_again(
    content: ContentFolder, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content.post("tulips")
    first = read().read
    monkeypatch.setattr(markup, "VERSION", 1_000)
    assert read().read == first
    assert read().read == 0


def test_another_time_zone_changes_every_date(
    app: Flask, client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", date="2026-03-01")
    read()
    settings = (content.root / "site.toml").read_text()
    content.write("site.toml", f'timezone = "Asia/Tokyo"\n{settings}')
    read()
    assert rows(app, Post.published_at) == [datetime(2026, 2, 28, 15, tzinfo=UTC)]
    assert "1 March 2026" in client.get("/garden/tulips/").text
    assert client.get("/garden/archive/2026/03/").status_code == 200


def test_a_settled_time_zone_reads_nothing_again(content: ContentFolder, read: Any) -> None:
    content.write("site.toml", 'name = "x"\ntimezone = "Asia/Tokyo"\n')
    content.post("tulips")
    read()
    assert read().read == 0


def test_search_learns_the_new_time_of_a_post_when_the_time_zone_changes(
    client: FlaskClient, content: ContentFolder, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content.write("site.toml", 'name = "x"\ntimezone = "Asia/Tokyo"\n')
    content.post("tulips", "Marker wordmark.", date="2026-03-01 12:00")
    read()
    content.write("site.toml", 'name = "x"\ntimezone = "America/New_York"\n')
    read()
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    monkeypatch.setattr("app.core.clock.now", lambda: at)
    assert "/garden/tulips/" not in client.get("/search/?q=wordmark").text


def test_the_record_says_when_a_file_was_read(
    app: Flask, content: ContentFolder, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content.post("tulips")
    read()
    at = datetime(2036, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("app.core.clock.now", lambda: at)
    content.post("tulips", "New.")
    read()
    assert at in rows(app, ContentFile.read_at)


def test_progress_is_told_to_the_end(app: Flask, content: ContentFolder) -> None:
    from app.core.content import sync

    told: list[tuple[int, int]] = []
    for number in range(120):
        content.post(f"post-{number}")
    with app.app_context():
        sync(lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] >= 120
    assert told == sorted(told)


def test_files_that_swap_their_slugs_swap_their_addresses(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "About tulips.")
    content.post("roses", "About roses.")
    read()
    folder = "blogs/garden/posts"
    content.markdown(
        f"{folder}/tulips.md", "About tulips.", title="T", date="2026-03-01", slug="roses"
    )
    content.markdown(
        f"{folder}/roses.md", "About roses.", title="R", date="2026-03-01", slug="tulips"
    )
    assert read().problems == []
    assert "About roses." in client.get("/garden/tulips/").text
    assert "About tulips." in client.get("/garden/roses/").text


def test_a_file_may_take_the_slug_another_gives_up_in_the_same_sync(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("ferns", "About ferns.")
    content.post("tulips", "About tulips.")
    read()
    folder = "blogs/garden/posts"
    content.markdown(
        f"{folder}/ferns.md", "About ferns.", title="F", date="2026-03-01", slug="tulips"
    )
    content.markdown(
        f"{folder}/tulips.md", "About tulips.", title="T", date="2026-03-01", slug="lilies"
    )
    assert read().problems == []
    assert "About ferns." in client.get("/garden/tulips/").text
    assert "About tulips." in client.get("/garden/lilies/").text


def test_a_swap_that_one_cannot_take_part_in_changes_nothing(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "About tulips.")
    content.post("roses", "About roses.")
    read()
    front = {"title": "x", "date": "2026-03-01"}
    content.markdown("blogs/garden/posts/tulips.md", "New.", slug="roses", **front)
    content.markdown(
        "blogs/garden/posts/roses.md", "New.", slug="tulips", authors=["nobody"], **front
    )
    assert len(read().problems) == 2
    assert "About tulips." in client.get("/garden/tulips/").text
    assert "About roses." in client.get("/garden/roses/").text
