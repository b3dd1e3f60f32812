"""The instance folder: made once, never replaced in silence."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.core.config import Config, ConfigError
from app.core.instance import KEY_FILE, MARKER, NotReady, prepare_instance, read_key, renew_key


@pytest.fixture
def site(tmp_path: Path) -> Any:
    """A function that makes an app on one folder, with nothing in it at first."""
    content = tmp_path / "content"
    content.mkdir()

    def make(**changes: Any) -> Flask:
        values = {"INSTANCE": tmp_path / "instance", "CONTENT": content, "SECRET_KEY": None}
        return create_app(Config.for_tests(**values | changes))

    return make


def prepare(app: Flask) -> None:
    """What every command does first."""
    with app.app_context():
        prepare_instance()


def test_a_new_folder_gets_all_it_needs_for_its_owner_only(site: Any, tmp_path: Path) -> None:
    prepare(site())
    folder = tmp_path / "instance"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in (KEY_FILE, "clientflow.db"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_preparing_again_changes_nothing(site: Any, tmp_path: Path) -> None:
    prepare(site())
    key = (tmp_path / "instance" / KEY_FILE).read_text()
    prepare(site())
    assert (tmp_path / "instance" / KEY_FILE).read_text() == key


def test_many_may_prepare_at_once_and_agree_on_the_key(site: Any) -> None:
    apps = [site() for _number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(prepare, apps))
    assert len({app.secret_key for app in apps}) == 1


def test_a_lost_database_is_not_replaced(site: Any, tmp_path: Path) -> None:
    prepare(site())
    (tmp_path / "instance" / "clientflow.db").unlink()
    with pytest.raises(NotReady, match="put it back from a backup"):
        prepare(site())
    assert not (tmp_path / "instance" / "clientflow.db").exists()


def test_a_lost_key_is_not_replaced(site: Any, tmp_path: Path) -> None:
    prepare(site())
    (tmp_path / "instance" / KEY_FILE).unlink()
    with pytest.raises(NotReady, match="flask secret renew"):
        prepare(site())


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


@pytest.mark.parametrize(("key", "mode"), [("k" * 40, 0o644), ("short", 0o600), ("ü" * 40, 0o600)])
def test_a_key_that_is_no_secret_is_refused(tmp_path: Path, key: str, mode: int) -> None:
    (tmp_path / KEY_FILE).write_text(key)
    (tmp_path / KEY_FILE).chmod(mode)
    with pytest.raises(ConfigError, match=KEY_FILE):
        read_key(tmp_path)


def test_a_renewed_key_is_another_one(site: Any, tmp_path: Path) -> None:
    app = site()
    prepare(app)
    with app.app_context():
        renew_key()
    assert read_key(tmp_path / "instance") not in (None, app.secret_key)
