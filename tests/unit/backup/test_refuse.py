"""What is no whole backup of this site is refused, and the site stays as it is."""

import random
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.comments import Comment
from app.core import clock
from app.core.backup import BackupProblem, Wish, restore, verify_backup
from app.core.backup.archive import opened
from app.core.backup.keeping import name_for
from app.core.database import db
from app.core.privacy.keyfile import write_ring
from app.core.privacy.ring import Ring
from tests.unit.backup.conftest import WORDS
from tests.unit.backup.forging import Parts, add, forged, sealed

CORRUPTIONS = 1_000


@pytest.fixture
def untouched(site: Flask) -> Iterator[Flask]:
    """The site, which must be the same afterwards."""
    content: Path = site.config["CONTENT"]
    before = sorted(content.parent.rglob("*"))
    with site.app_context():
        yield site
        db.session.remove()
        assert db.session.scalars(sa.select(Comment.text)).all() == [WORDS]
        assert [path for path in before if not path.exists()] == []
        assert not list(content.parent.glob(".content*"))
        assert not list(Path(site.config["INSTANCE"]).glob("restore.json"))


def corrupted(whole: bytes, dice: random.Random) -> bytes:
    """The bytes of a backup after some accident or other."""
    at = dice.randrange(len(whole))
    accident = dice.randrange(5)
    if accident == 0:
        return whole[:at]
    if accident == 1:
        return whole[:at] + bytes([whole[at] ^ (1 << dice.randrange(8))]) + whole[at + 1 :]
    if accident == 2:
        return whole[at + 1 :]
    if accident == 3:
        return whole + dice.randbytes(1 + at % 300)
    other = dice.randrange(len(whole))
    low, high = sorted((at, other))
    return whole[:low] + whole[high:] + whole[low:high] + b"!"


def test_a_thousand_damaged_backups_are_refused(
    untouched: Flask, backed_up: Callable[[], Path], tmp_path: Path
) -> None:
    whole, dice = backed_up().read_bytes(), random.Random(6)
    damaged = tmp_path / "damaged.zip"
    for _ in range(CORRUPTIONS):
        damaged.write_bytes(corrupted(whole, dice))
        with pytest.raises(BackupProblem), opened(damaged):
            pytest.fail("it was opened")

    for attempt in (lambda: restore(Wish(damaged)), lambda: verify_backup(damaged)):
        with pytest.raises(BackupProblem, match=r"damaged or changed|its end is missing"):
            attempt()


def up_and_out(parts: Parts, manifest: dict[str, Any]) -> None:
    add(parts, manifest, "content/../../escaped.md")


def from_the_root(parts: Parts, manifest: dict[str, Any]) -> None:
    add(parts, manifest, "/etc/escaped")


def elsewhere(parts: Parts, manifest: dict[str, Any]) -> None:
    add(parts, manifest, "keys/clientflow.keys")


def backwards(parts: Parts, manifest: dict[str, Any]) -> None:
    add(parts, manifest, "content/..\\escaped.md")


def a_file_that_is_a_folder(parts: Parts, manifest: dict[str, Any]) -> None:
    add(parts, manifest, "content/site.toml/page.md")


def one_more(parts: Parts, manifest: dict[str, Any]) -> None:
    parts["content/unnamed.md"] = b"x"


def one_less(parts: Parts, manifest: dict[str, Any]) -> None:
    del parts["content/site.toml"]


def named_twice(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["parts"].append(dict(manifest["parts"][0]))


def other_counts(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["tables"]["comments"] += 1


def fewer_entries(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["entries"] += 1


def newer_schema(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["schema"] = "2031_01_01_unknown"


def newer_format(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["format"] = 2


def another_database(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["database"] = {"sqlite": "postgresql", "postgresql": "sqlite"}[manifest["database"]]


def words_for_numbers(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["tables"]["comments"] = "many"


def no_parts(parts: Parts, manifest: dict[str, Any]) -> None:
    del manifest["parts"]


def a_list(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["settings"] = ["a"]


def garbage_for_rows(parts: Parts, manifest: dict[str, Any]) -> None:
    for name in parts:
        if name in ("database/clientflow.db", "database/comments.rows"):
            parts[name] = b"SQLite format 3\0" + b"garbage\t" * 500


def an_older_schema_than_the_rows(parts: Parts, manifest: dict[str, Any]) -> None:
    manifest["schema"] = "2026_11_24_comments"


#: One after the other on one site: each leaves it as it was.
FORGERIES: tuple[Any, ...] = (
    *(up_and_out, from_the_root, elsewhere, backwards, a_file_that_is_a_folder, one_more),
    *(one_less, named_twice, other_counts, fewer_entries, newer_schema, newer_format),
    *(another_database, words_for_numbers, no_parts, a_list, garbage_for_rows),
    an_older_schema_than_the_rows,
)


def test_a_forged_backup_is_refused_though_its_seal_fits(
    untouched: Flask, backed_up: Callable[[], Path], tmp_path: Path
) -> None:
    whole, taken = backed_up(), []
    for change in FORGERIES:
        with suppress(BackupProblem):
            restore(Wish(forged(whole, change, to=tmp_path / "forged.zip")))
            taken.append(change.__name__)
    assert taken == []
    assert not list(tmp_path.parent.rglob("escaped*"))


def test_a_part_larger_than_it_says_and_a_link_in_place_of_a_file_are_refused(
    untouched: Flask, backed_up: Callable[[], Path], tmp_path: Path
) -> None:
    file = backed_up()

    def bomb(parts: Parts, manifest: dict[str, Any]) -> None:
        parts["content/site.toml"] = bytes(50_000_000)

    made = forged(file, bomb, to=tmp_path / "bomb.zip").read_bytes()
    # The directory at the end of the archive is what is believed about sizes.
    place = made.rindex(b"content/site.toml") - 46 + 24
    lied = made[:place] + (100).to_bytes(4, "little") + made[place + 4 :]
    end = lied.rindex(b"clientflow backup 1 ")
    with pytest.raises(BackupProblem):
        restore(Wish(sealed(lied[:end], to=tmp_path / "bomb.zip")))

    made = forged(file, lambda *_: None, to=tmp_path / "link.zip").read_bytes()
    place = made.rindex(b"content/site.toml") - 46 + 38
    link = made[:place] + (0o120777 << 16).to_bytes(4, "little") + made[place + 4 :]
    end = link.rindex(b"clientflow backup 1 ")
    with pytest.raises(BackupProblem, match="not as it was packed"):
        restore(Wish(sealed(link[:end], to=tmp_path / "link.zip")))


def test_an_older_backup_under_the_name_of_a_newer_one_is_refused(
    untouched: Flask, backed_up: Callable[[], Path]
) -> None:
    file = backed_up()
    newer = file.with_name(name_for(clock.now() + timedelta(hours=3)))
    file.rename(newer)
    with pytest.raises(BackupProblem, match="bears the name of another"):
        restore(Wish(newer))


def test_a_backup_made_with_other_keys_is_refused(
    untouched: Flask, backed_up: Callable[[], Path], tmp_path: Path
) -> None:
    file, own = backed_up(), untouched.config["KEY_FILE"]
    others = tmp_path / "others" / "clientflow.keys"
    write_ring(others, Ring.new(clock.now().date()))
    untouched.config["KEY_FILE"] = others
    untouched.extensions.pop("keys", None)
    with pytest.raises(BackupProblem, match="not made with the keys"):
        restore(Wish(file))
    untouched.config["KEY_FILE"] = own
    untouched.extensions.pop("keys", None)


def test_a_backup_older_than_the_record_of_erasures_needs_a_word(
    untouched: Flask, backed_up: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backed_up()
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(BackupProblem, match="--even-if-old"):
        restore(Wish(file))


def test_what_is_no_archive_at_all_is_refused(untouched: Flask, tmp_path: Path) -> None:
    for content in (b"", b"PK", b"\0" * 200_000, b"clientflow backup 1 "):
        (tmp_path / "some.zip").write_bytes(content)
        with pytest.raises(BackupProblem):
            restore(Wish(tmp_path / "some.zip"))
    with pytest.raises(BackupProblem, match="cannot be read"):
        restore(Wish(tmp_path / "missing.zip"))
    file = sealed(b"PK\5\6" + bytes(18), to=tmp_path / "empty.zip")
    assert zipfile.is_zipfile(file)
    with pytest.raises(BackupProblem, match="no manifest"):
        restore(Wish(file))
