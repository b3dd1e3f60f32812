"""The instance folder: made once, never replaced in silence."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.core.config import Config
from app.core.instance import MARKER, NotReady, prepare_instance
from app.core.privacy import signing_key

pytestmark = pytest.mark.sqlite("each start makes its own file, as a first start does")

KEYS = "keys/clientflow.keys"


@pytest.fixture
def site(tmp_path: Path) -> Any:
    """A function that makes an app on one folder, with nothing in it at first."""
    content = tmp_path / "content"
    content.mkdir()

    def make(**changes: Any) -> Flask:
        values = {"INSTANCE": tmp_path / "instance", "CONTENT": content}
        return create_app(Config.for_tests(**values | changes))

    return make


def signed(app: Flask) -> bytes:
    """What tells the key of an app from any other."""
    with app.app_context():
        return signing_key("test")


def prepare(app: Flask) -> None:
    """What every command does first."""
    with app.app_context():
        prepare_instance()


def test_a_new_folder_gets_all_it_needs_for_its_owner_only(site: Any, tmp_path: Path) -> None:
    prepare(site())
    folder = tmp_path / "instance"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in (KEYS, "clientflow.db"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_preparing_again_changes_nothing(site: Any, tmp_path: Path) -> None:
    prepare(site())
    key = (tmp_path / "instance" / KEYS).read_text()
    prepare(site())
    assert (tmp_path / "instance" / KEYS).read_text() == key


def test_many_may_prepare_at_once_and_agree_on_the_key(site: Any) -> None:
    apps = [site() for _number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(prepare, apps))
    assert len({signed(app) for app in apps}) == 1


def test_a_lost_database_is_not_replaced(site: Any, tmp_path: Path) -> None:
    prepare(site())
    (tmp_path / "instance" / "clientflow.db").unlink()
    with pytest.raises(NotReady, match="put it back from a backup"):
        prepare(site())
    assert not (tmp_path / "instance" / "clientflow.db").exists()


def test_a_preparation_that_was_interrupted_is_finished(site: Any, tmp_path: Path) -> None:
    prepare(site())
    (tmp_path / "instance" / MARKER).unlink()
    prepare(site())
    assert (tmp_path / "instance" / MARKER).exists()


def test_a_missing_content_folder_is_named(site: Any, tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="CLIENTFLOW_CONTENT"):
        prepare(site(CONTENT=tmp_path / "nowhere"))
    assert not (tmp_path / "instance").exists()


def test_a_folder_that_cannot_be_made_is_named(site: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotReady, match="cannot be written"):
        prepare(site(INSTANCE=tmp_path / "file" / "instance"))
