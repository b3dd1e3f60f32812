"""The key file: made once with the database, guarded, and never replaced in silence."""

import json
import os
import shutil
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from cryptography.exceptions import UnsupportedAlgorithm
from flask import Flask

from app import create_app
from app.accounts.factors import Totp
from app.comments import Comment
from app.core import clock
from app.core.config import Config
from app.core.database import db, transaction
from app.core.errors import Unavailable
from app.core.instance import NotReady, prepare_instance
from app.core.privacy import (
    check_chain,
    masked,
    prepare_keys,
    record,
    seal,
    signing_key,
    signing_keys,
    tend_keys,
    verify,
    watch_chain,
)
from app.core.privacy import keys as keys_module
from app.core.privacy.keyfile import write_ring
from app.core.privacy.keys import KeyCheck, ring
from app.core.privacy.ring import MONTHS_AHEAD, Ring, end_of, id_of, later, month_id, name_of

pytestmark = pytest.mark.sqlite("each start makes its own file, as a first start does")


@pytest.fixture
def site(tmp_path: Path) -> Any:
    """A function that makes an app on one folder, with nothing in it at first."""
    content = tmp_path / "content"
    content.mkdir()

    def make(**changes: Any) -> Flask:
        values = {"INSTANCE": tmp_path / "instance", "CONTENT": content}
        return create_app(Config.for_tests(**values | changes))

    return make


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the key file is unless told otherwise."""
    return tmp_path / "instance" / "keys" / "clientflow.keys"


def prepare(app: Flask) -> None:
    """What every start does first."""
    with app.app_context():
        try:
            prepare_instance()
        finally:
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def run(app: Flask, *words: str) -> Any:
    """A command of the site, with its answer."""
    with app.app_context():
        answer = app.test_cli_runner().invoke(args=["keys", *words])
        db.session.remove()
    return answer


def test_a_new_site_gets_keys_for_its_owner_only(site: Any, file: Path) -> None:
    prepare(site())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    facts = json.loads(file.read_text())
    assert list(facts["roots"]) == [facts["current"]]
    assert len(facts["months"]) == MONTHS_AHEAD + 1


def test_another_start_leaves_the_keys_alone(site: Any, file: Path) -> None:
    prepare(site())
    before = file.read_bytes()
    prepare(site())
    assert file.read_bytes() == before


def test_many_may_start_at_once_and_agree_on_the_keys(site: Any, file: Path) -> None:
    apps = [site() for _number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(prepare, apps))
    prepare(site())


def test_the_file_may_be_somewhere_else(site: Any, file: Path, tmp_path: Path) -> None:
    prepare(site(KEY_FILE=tmp_path / "elsewhere" / "k"))
    assert (tmp_path / "elsewhere" / "k").exists()
    assert not file.exists()


def test_a_site_of_the_release_before_gets_keys(site: Any, file: Path) -> None:
    app = site()
    prepare(app)
    file.unlink()
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(sa.delete(KeyCheck))
        db.engine.dispose()
    prepare(site())
    assert file.exists()


def test_keys_are_never_made_by_a_request(site: Any, file: Path) -> None:
    app = site()
    with app.app_context(), pytest.raises(Unavailable):
        ring()
    assert not file.exists()


def refusal(app: Flask) -> str:
    """The sentence that stops the start."""
    with pytest.raises(NotReady) as refused:
        prepare(app)
    text = str(refused.value)
    assert "\n" not in text
    return text


def test_a_lost_file_stops_the_start_and_names_both_ways_out(site: Any, file: Path) -> None:
    prepare(site())
    file.unlink()
    told = refusal(site())
    assert str(file) in told
    assert "put it back" in told
    assert "flask keys init --after-loss" in told
    assert not file.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_that_others_can_read_stops_the_start(site: Any, file: Path, mode: int) -> None:
    prepare(site())
    file.chmod(mode)
    told = refusal(site())
    assert str(file) in told
    assert "mode 600" in told
    assert f"chmod 600 {file}" in told


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_stops_the_start(site: Any, file: Path) -> None:
    prepare(site())
    os.chown(file, 65534, -1)
    assert f"chown {os.geteuid()} {file}" in refusal(site())


@pytest.mark.parametrize(
    "text",
    ["", "{}", "null", "[]", "nonsense", '{"format": 2}', '{"format": 1, "current": "80000000"}'],
)
def test_a_file_that_holds_no_keys_stops_the_start(site: Any, file: Path, text: str) -> None:
    prepare(site())
    file.write_text(text)
    assert "put back the copy" in refusal(site())


def test_a_file_with_an_impossible_month_stops_the_start(site: Any, file: Path) -> None:
    prepare(site())
    facts = json.loads(file.read_text())
    facts["months"]["2026-13"] = next(iter(facts["months"].values()))
    file.write_text(json.dumps(facts))
    assert "put back the copy" in refusal(site())


def test_a_file_cut_short_stops_the_start(site: Any, file: Path) -> None:
    prepare(site())
    whole = file.read_text()
    for length in (1, 40, len(whole) // 2, len(whole) - 3):
        file.write_text(whole[:length])
        assert "put back the copy" in refusal(site())


def test_the_file_of_another_site_stops_the_start_before_anything_is_written(
    site: Any, file: Path
) -> None:
    prepare(site())
    write_ring(file, Ring.new(clock.now().date()))
    told = refusal(site())
    assert "not the one this database was sealed with" in told
    assert "mode 600" in told


def test_a_file_with_another_key_for_one_month_stops_the_start(site: Any, file: Path) -> None:
    prepare(site())
    facts = json.loads(file.read_text())
    first, second, *_others = facts["months"]
    facts["months"][first] = facts["months"][second]
    file.write_text(json.dumps(facts))
    assert f"key {first} differs" in refusal(site())


def test_a_file_without_a_key_that_was_added_stops_the_start(site: Any, file: Path) -> None:
    app = site()
    prepare(app)
    before = file.read_text()
    assert run(app, "add").exit_code == 0
    file.write_text(before)
    assert "differs or is missing" in refusal(site())


def test_a_machine_that_still_has_a_retired_key_stops_no_other(site: Any, file: Path) -> None:
    app = site()
    prepare(app)
    old = json.loads(file.read_text())["current"]
    before = run(app, "add") and file.read_text()
    new = next(name for name in json.loads(before)["roots"] if name != old)
    assert run(app, "promote", new).exit_code == 0
    elsewhere = file.read_text()
    assert run(app, "retire", old).exit_code == 0
    here = file.read_text()
    for text in (elsewhere, here, elsewhere):
        file.write_text(text)
        prepare(site())


@pytest.mark.parametrize("folder", ["static", "content", "templates"])
def test_a_file_in_a_folder_that_is_published_stops_the_start(site: Any, folder: str) -> None:
    root = Path(__file__).parents[4]
    told = refusal(site(KEY_FILE=root / folder / "clientflow.keys"))
    assert "published or copied" in told
    assert not (root / folder / "clientflow.keys").exists()


def test_a_file_in_the_content_folder_of_the_site_stops_the_start(
    site: Any, tmp_path: Path
) -> None:
    assert "move it out" in refusal(site(KEY_FILE=tmp_path / "content" / "k"))


def test_a_file_in_version_control_stops_the_start(site: Any, file: Path, tmp_path: Path) -> None:
    prepare(site())
    for words in (["init", "-q"], ["add", "--force", str(file)]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    told = refusal(site())
    assert "version control" in told
    assert f"git rm --cached {file}" in told


def test_a_library_without_the_cipher_stops_the_start(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_key: bytes) -> Any:
        raise UnsupportedAlgorithm("AES-GCM-SIV")

    monkeypatch.setattr(keys_module, "AESGCMSIV", missing)
    assert "has no AES-GCM-SIV" in refusal(site())


def test_a_running_site_outlives_its_file_and_takes_a_new_one_up(site: Any, file: Path) -> None:
    app = site()
    prepare(app)
    with app.app_context():
        before = ring()
        file.rename(file.with_suffix(".away"))
        assert ring() is before
        file.write_text("half of")
        assert ring() is before
        file.with_suffix(".away").rename(file)
        extended, added = before.with_new_root()
        write_ring(file, extended)
        assert added in ring().roots


def test_keys_are_not_shown_with_anything(site: Any, file: Path) -> None:
    app = site()
    prepare(app)
    with app.app_context():
        known = ring()
    assert "=" not in repr(known).replace("current=", "").replace("loss=", "")
    listed = run(app, "list").output
    for key in json.loads(file.read_text())["roots"].values():
        assert key not in listed
    assert "at work" in listed


def test_each_use_has_a_key_of_its_own(site: Any) -> None:
    app = site()
    prepare(app)
    with app.app_context():
        keys = ring()
        uses = [("seal", "a"), ("seal", "b"), ("lookup", "a"), ("near", "a"), ("link", "a")]
        derived = {keys.derive(keys.current, *use) for use in uses}
        derived |= {keys.audit_key(keys.current), keys.head_key(keys.current)}
        derived |= {signing_key("b"), keys.roots[keys.current]}
        assert len(derived) == len(uses) + 4
        assert signing_keys("b") == [signing_key("b")]


@pytest.mark.parametrize(
    ("month", "months", "expected"),
    [(202611, 1, 202612), (202612, 1, 202701), (202611, 24, 202811), (202601, 0, 202601)],
)
def test_months_are_counted_over_years(month: int, months: int, expected: int) -> None:
    assert later(month, months) == expected


def test_a_month_ends_on_its_last_day_and_is_named_as_people_do() -> None:
    assert end_of(202602) == date(2026, 2, 28)
    assert end_of(202612) == date(2026, 12, 31)
    assert name_of(202602) == "2026-02"
    assert id_of("2026-02") == 202602
    assert id_of(name_of(0x9F3A21C8)) == 0x9F3A21C8


@pytest.mark.promise("month-keys-destroyed")
def test_a_month_goes_when_its_last_address_is_due_and_not_a_day_before() -> None:
    keys = Ring.new(date(2026, 1, 5))
    keep = timedelta(days=90)
    assert keys.expired(date(2026, 5, 1), keep) == []
    assert keys.expired(date(2026, 5, 2), keep) == [202601]
    assert keys.expired(date(2026, 7, 1), keep) == [202601, 202602, 202603]


@pytest.mark.promise("month-keys-destroyed")
def test_a_destroyed_month_leaves_no_trace_in_the_file(site: Any, file: Path) -> None:
    app = site()
    prepare(app)
    handle = file.open("rb")
    month, key = next(iter(json.loads(file.read_text())["months"].items()))
    with time_machine.travel(end_of(id_of(month)), tick=False):
        assert run(app, "expire", "--yes").output == ""
    with time_machine.travel(_noon(end_of(id_of(month)) + timedelta(days=91)), tick=False):
        assert run(app, "expire").output == f"{month} is due\n"
        assert key in file.read_text()
        assert run(app, "expire", "--yes").output == f"{month} destroyed\n"
    assert key not in file.read_text()
    # Whoever held the old file open, or reads the blocks it had, finds nothing either.
    assert handle.read().strip(b"\0") == b""
    handle.close()
    prepare(site())


def test_a_clock_far_ahead_destroys_nothing(site: Any, file: Path) -> None:
    app = site()
    prepare(app)
    before = json.loads(file.read_text())["months"]
    with time_machine.travel(datetime(2036, 1, 1, tzinfo=UTC), tick=False), app.app_context():
        tend_keys()
        db.session.remove()
    assert before.items() <= json.loads(file.read_text())["months"].items()


def test_an_unattended_site_does_not_run_out_of_months(site: Any, file: Path) -> None:
    app = site()
    prepare(app)
    for years in (0.5, 1, 1.5, 2, 2.5, 3):
        now = datetime.now(UTC) + timedelta(days=365 * years)
        with time_machine.travel(now, tick=False), app.app_context():
            tend_keys()
            assert later(month_id(now), 2) in ring().months
            db.session.remove()


def test_making_keys_twice_is_refused(site: Any, file: Path) -> None:
    app = site()
    prepare(app)
    before = file.read_bytes()
    answer = run(app, "init", "--yes")
    assert (answer.exit_code, file.read_bytes()) == (1, before)
    assert "there already" in answer.output


def test_after_a_loss_the_site_begins_anew(site: Any, file: Path) -> None:
    app = site()
    prepare(app)
    with app.app_context():
        for _number in range(3):
            record("test")
        watch_chain()
        db.session.remove()
    refused = run(app, "init", "--after-loss", "--yes")
    assert refused.exit_code == 1
    assert "move it away first" in refused.output
    file.unlink()
    assert run(app, "init", "--yes").exit_code == 1
    assert run(app, "init", "--after-loss", "--yes").exit_code == 0
    app = site()
    prepare(app)
    with app.app_context():
        told = verify()
        assert told.bad is None
        assert (told.entries, told.unchecked) == (4, 3)
        assert "cannot be checked" in told.sentence
        assert check_chain().bad is None
        db.session.remove()


@pytest.mark.database
def test_what_lost_keys_had_sealed_is_given_up_and_the_rest_stays(
    app: Flask, leave: Any, mira: Any, key_file: Path, tmp_path: Path
) -> None:
    app.config["KEY_FILE"] = tmp_path / "keys" / "clientflow.keys"
    app.config["KEY_FILE"].parent.mkdir()
    shutil.copy2(key_file, app.config["KEY_FILE"])
    comment_id = leave(text="This stays.")
    prepare_keys()
    with transaction() as session:
        session.add(Totp(user_id=mira.id, secret=seal("A" * 32), confirmed_at=clock.now()))
    app.config["KEY_FILE"].unlink()
    assert run(app, "init", "--after-loss", "--yes").exit_code == 0
    row = db.session.get_one(Comment, comment_id)
    assert row.text == "This stays."
    assert masked(row, "author_email") == masked(row, "author_ip") == ""
    assert row.author_email_lookup is row.author_ip_near is None
    assert db.session.scalar(sa.select(sa.func.count(Totp.id))) == 0
    with transaction():
        row.author_email = seal("new@example.org")
    assert masked(row, "author_email") == "n•••@e•••.org"


def test_commands_without_a_file_say_so(site: Any, file: Path) -> None:
    app = site()
    prepare(app)
    file.unlink()
    for words in (("add",), ("promote", "80000001"), ("retire", "80000001"), ("extend",)):
        answer = run(app, *words)
        assert answer.exit_code == 1
        assert answer.output == f"Error: The key file {file} is missing.\n"


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
