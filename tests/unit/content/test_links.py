"""Symbolic links: followed to files of the content folder, never out of it, never in circles."""

import os
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.folder import ContentFolder

pytestmark = pytest.mark.database

POSTS = "blogs/garden/posts"
GOOD = "---\ntitle: Tulips\ndate: 2026-03-01\n---\nText.\n"


def link(content: ContentFolder, path: str, to: str | Path) -> str:
    """Make a link in the content folder; answers its path."""
    place = content.root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    os.symlink(to, place)
    return path


def test_a_link_out_of_the_folder_is_refused(
    content: ContentFolder, refused: Any, tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text(GOOD)
    path = link(content, f"{POSTS}/tulips.md", tmp_path / "secret.md")
    assert refused() == {path: (1, "is a link to a place outside the content folder")}


def test_a_link_into_a_folder_whose_name_only_begins_like_ours_is_refused(
    content: ContentFolder, refused: Any
) -> None:
    other = content.root.with_name(content.root.name + "-other")
    other.mkdir()
    (other / "secret.md").write_text(GOOD)
    path = link(content, f"{POSTS}/tulips.md", other / "secret.md")
    assert refused()[path] == (1, "is a link to a place outside the content folder")


def test_a_link_within_the_folder_is_followed(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.write("shared/tulips.txt", GOOD)
    link(content, f"{POSTS}/tulips.md", "../../../shared/tulips.txt")
    assert read().problems == []
    assert client.get("/garden/tulips/").status_code == 200


@pytest.mark.parametrize("target", ["tulips.md", "nowhere.md"])
def test_a_link_that_leads_nowhere_keeps_the_last_good_version(
    client: FlaskClient, content: ContentFolder, refused: Any, target: str
) -> None:
    path = content.post("tulips")
    refused()
    content.remove(path)
    link(content, path, target)
    assert refused() == {path: (1, "is a link that leads nowhere")}
    assert client.get("/garden/tulips/").status_code == 200


def test_a_circle_of_links_is_refused(content: ContentFolder, refused: Any) -> None:
    link(content, f"{POSTS}/a.md", "b.md")
    link(content, f"{POSTS}/b.md", "a.md")
    reason = (1, "is a link that leads nowhere")
    assert refused() == {f"{POSTS}/a.md": reason, f"{POSTS}/b.md": reason}


def test_a_folder_replaced_by_a_link_keeps_what_was_read_from_it(
    client: FlaskClient, content: ContentFolder, refused: Any, tmp_path: Path
) -> None:
    content.post("tulips")
    refused()
    (content.root / POSTS).rename(tmp_path / "posts")
    link(content, POSTS, tmp_path / "posts")
    assert refused() == {POSTS: (1, "is a link to a folder; only links to files are followed")}
    assert client.get("/garden/tulips/").status_code == 200


def test_a_folder_linked_into_itself_is_not_walked_for_ever(
    content: ContentFolder, refused: Any
) -> None:
    link(content, "blogs/garden/posts/again", "../../..")
    assert list(refused()) == ["blogs/garden/posts/again"]


def test_a_folder_that_cannot_be_opened_keeps_what_was_read_from_it(
    client: FlaskClient, content: ContentFolder, refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content.post("tulips")
    refused()
    real = os.scandir

    def scandir(path: str) -> Any:
        if path.endswith(POSTS):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert refused() == {POSTS: (1, "cannot be opened (Permission denied)")}
    assert client.get("/garden/tulips/").status_code == 200


def test_something_that_is_no_file_is_refused_without_waiting_for_it(
    content: ContentFolder, refused: Any
) -> None:
    (content.root / POSTS).mkdir()
    os.mkfifo(content.root / POSTS / "tulips.md")
    assert refused() == {f"{POSTS}/tulips.md": (1, "is no ordinary file")}
