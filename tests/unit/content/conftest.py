"""What the tests of the content folder share."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.blog.reading import read_post
from app.core.content import ContentProblem, Report, Workshop, sync
from app.core.content.documents import read_document
from app.core.content.workshop import Renderer
from tests.folder import ContentFolder


@pytest.fixture
def refused(read: Any) -> Any:
    """A function that syncs and answers what cannot be used: path to (line, reason)."""
    return lambda: {row.path: (row.problem_line, row.problem) for row in read().problems}


@pytest.fixture
def tulips(content: ContentFolder, refused: Any) -> Any:
    """A function that writes a whole post file as given and answers its (line, reason)."""
    path = "blogs/garden/posts/tulips.md"

    def write(text: str | bytes) -> tuple[int, str] | None:
        content.write(path, text)
        return refused().get(path)

    return write


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """One renderer for all tests that read without a database."""
    renderer = Renderer()
    yield renderer
    renderer.close()


@pytest.fixture
def workshop(content: ContentFolder, tmp_path: Path, renderer: Renderer) -> Workshop:
    """Where a document of the content folder is read."""
    return Workshop(content.root, tmp_path / "media", ZoneInfo("UTC"), renderer)


@pytest.fixture
def reason_of(content: ContentFolder, workshop: Workshop) -> Any:
    """A function that reads a post's text without a database and answers its (line, reason)."""

    def reason_of(text: str | bytes) -> tuple[int, str] | None:
        path = content.write("blogs/garden/posts/tulips.md", text)
        try:
            read_post(read_document(content.root, path), workshop)
        except ContentProblem as problem:
            return problem.line, problem.reason
        return None

    return reason_of


@pytest.fixture
def read(app: Flask) -> Callable[[], Report]:
    """A function that syncs the content folder, which is what is tested here."""

    def read() -> Report:
        with app.app_context():
            return sync()

    return read
