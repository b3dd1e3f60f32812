"""The drill: a machine is lost, and the site comes back on another one from a backup."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import viewer_for
from app.comments import Comment
from app.core import clock
from app.core.backup import BackupProblem, Wish, copy_out, make_backup, restore, resume
from app.core.content import sync
from app.core.database import db
from app.core.instance import RESTORE, NotReady, prepare_instance, upgrade_database
from app.core.privacy import Scope, check_chain, erase, kept_heads, person_of, reveal
from app.core.privacy.subjects.ledger import FOLDER
from tests.cast import MIRA
from tests.crawl import crawl
from tests.databases import disconnect
from tests.factories import make_comment, make_feedback, publish_feedback
from tests.folder import ContentFolder
from tests.people import make_trusted, member, sign_in
from tests.unit.backup.conftest import BO, WORDS

ADA = "ada.canary@example.org"
PRAISE = "Praise with a canary in it."


@pytest.fixture
def lost(site: Flask, content: ContentFolder, kept: Path) -> Path:
    """A backup of a site whose machine is lost; Bo erased himself after it was made."""
    site.config["BACKUP"] = kept
    content.write("agreement/0002.md", "Say nothing.")
    with site.app_context():
        sync()
        publish_feedback(make_feedback(text=PRAISE, email=BO))
        make_trusted(MIRA)
        make_comment(text="Mine did not come up.", email=ADA)
        file = make_backup().file
        erase(person_of(BO), Scope.EVERYTHING)
        make_comment(text="Said after the backup.")
        copy_out()
    disconnect(site)
    return file


@pytest.fixture
def elsewhere(make_app: Any, tmp_path: Path, on_postgresql: bool) -> Flask:
    """A machine on which nothing is yet, but the code and the key file."""
    instance = tmp_path / "elsewhere"
    changes = {} if on_postgresql else {"DATABASE_URL": f"sqlite:///{instance / 'site.db'}"}
    shutil.rmtree(tmp_path / "content")
    app: Flask = make_app(INSTANCE=instance, **changes)
    return app


def raw(app: Flask) -> Iterator[bytes]:
    """Every byte of the database, or what any table of PostgreSQL holds."""
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        file = Path(sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database or "")
        yield from (each.read_bytes() for each in file.parent.rglob("*") if each.is_file())
        return
    for table in sa.inspect(db.engine).get_table_names():
        yield repr(db.session.execute(sa.text(f'SELECT * FROM "{table}"')).all()).encode()


@pytest.mark.promise("restore-keeps-erasures")
def test_a_site_comes_back_on_another_machine_without_those_who_left(
    lost: Path, elsewhere: Flask
) -> None:
    with elsewhere.app_context():
        result = restore(Wish(lost))
        assert result.anew.erased >= 1
        prepare_instance()
        assert check_chain().bad is None
        assert len(kept_heads()) == 1
        assert db.session.scalars(sa.select(Comment.text)).all() == ["Mine did not come up."]
        for content in raw(elsewhere):
            assert WORDS.encode() not in content
            assert PRAISE.encode() not in content
        ada = db.session.scalars(sa.select(Comment)).one()
        looks = viewer_for(member(MIRA))
        assert reveal(ada, "author_email", looks, "moderation").value == ADA
        db.session.remove()
    pages = crawl(elsewhere)
    assert "/garden/tulips/" in pages
    assert [at for at, page in pages.items() if page.answer.status_code >= 500] == []
    shown = b"".join(page.answer.data for page in pages.values())
    assert WORDS.encode() not in shown
    assert PRAISE.encode() not in shown
    assert sign_in(elsewhere, MIRA).get("/admin/").status_code == 200


@pytest.mark.promise("restore-keeps-erasures")
def test_a_machine_that_knows_of_no_erasure_leaves_those_beside_the_backups(
    lost: Path, elsewhere: Flask, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.config["BACKUP"] = kept
    files = sorted((kept / FOLDER).iterdir())
    foreign = foreign_erasure(kept)
    with elsewhere.app_context():
        elsewhere.config["INSTANCE"].mkdir()
        upgrade_database()
        copy_out()
        assert sorted((kept / FOLDER).iterdir()) == sorted([*files, foreign])
        later = clock.now() + timedelta(days=31)
        monkeypatch.setattr(clock, "now", lambda: later)
        copy_out()
        assert list((kept / FOLDER).iterdir()) == [foreign]
        db.session.remove()


def foreign_erasure(kept: Path) -> Path:
    """An erasure beside the backups that was written with other keys."""
    file = kept / FOLDER / "of-other-keys.json"
    known = next((kept / FOLDER).iterdir()).read_text()
    file.write_text(known.replace('"mac": "', '"mac": "0'))
    return file


@pytest.mark.promise("restore-keeps-erasures")
def test_erasures_that_cannot_be_read_are_told_of(
    lost: Path, elsewhere: Flask, kept: Path, tmp_path: Path
) -> None:
    foreign_erasure(kept)
    told = "Erasures that these keys cannot read, and that were not done again: 1."
    with elsewhere.app_context():
        assert restore(Wish(lost, is_trial=True)).problems == [told]
        keys: Path = elsewhere.config["KEY_FILE"]
        elsewhere.config["KEY_FILE"] = tmp_path / "put-back" / "clientflow.keys"
        elsewhere.extensions.pop("keys")
        assert told not in restore(Wish(lost)).problems
        elsewhere.config["KEY_FILE"] = keys
        resumed = elsewhere.test_cli_runner().invoke(args=["restore", "--resume"])
        assert told in resumed.output
        db.session.remove()


@pytest.mark.promise("restore-keeps-erasures")
def test_without_its_keys_a_restored_site_opens_only_when_erasures_were_done_anew(
    lost: Path, elsewhere: Flask, tmp_path: Path
) -> None:
    keys: Path = elsewhere.config["KEY_FILE"]
    elsewhere.config["KEY_FILE"] = tmp_path / "put-back" / "clientflow.keys"
    with elsewhere.app_context():
        assert not restore(Wish(lost)).has_keys
        with pytest.raises(NotReady, match="flask restore --resume"):
            prepare_instance()
        with pytest.raises(BackupProblem, match="still missing"):
            resume()
        elsewhere.config["KEY_FILE"].parent.mkdir()
        shutil.copy(keys, elsewhere.config["KEY_FILE"])
        assert resume().erased >= 1
        prepare_instance()
        assert db.session.scalars(sa.select(Comment.text)).all() == ["Mine did not come up."]
        assert not (elsewhere.config["INSTANCE"] / RESTORE).exists()
        db.session.remove()
