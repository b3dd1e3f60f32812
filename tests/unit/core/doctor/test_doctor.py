"""`flask doctor` names what is wrong with a site and what to type against it."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import Result
from flask import Flask

from app.core import clock
from app.core.content import sync
from app.core.database import db, transaction
from app.core.doctor import last_look, look, look_and_store
from app.core.jobs import JobTurn, run_due
from app.core.privacy import prepare_keys, record, tell_keys
from app.core.privacy.holders import KeyHolder
from app.core.privacy.keyfile import read_ring, write_ring
from app.core.privacy.ring import Ring
from app.core.registry import Check, Finding
from tests.folder import ContentFolder

pytestmark = pytest.mark.database


@pytest.fixture
def own_keys(tmp_path: Path) -> Path:
    """A key file that a test may spoil."""
    file = tmp_path / "own" / "clientflow.keys"
    write_ring(file, Ring.new(clock.now().date()))
    return file


def ask(app: Flask, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["doctor", *options])


def answers(app: Flask) -> dict[str, Finding]:
    with app.app_context():
        return {answer.name: answer.finding for answer in look()}


def test_a_site_in_order_fails_nothing(
    make_app: Any, own_keys: Path, content: ContentFolder
) -> None:
    app = make_app(KEY_FILE=own_keys)
    content.page("contact")
    with app.app_context():
        sync()
        run_due()
    told = ask(app)
    lines = told.stdout.splitlines()
    odd = [line for line in lines if not line.startswith("ok    ")]
    # The content of this site has no policy of its own, and the PostgreSQL of the tests writes
    # nothing that would last.
    fails = [line for line in odd if re.match(r"fail  database: .*\bfsync is off", line)]
    warns = [line for line in odd if re.match(r"warn  (policy|promises)\b", line)]
    assert sorted(odd) == sorted(fails + warns)
    assert bool(fails) is app.config["DATABASE_URL"].startswith("postgresql")
    assert told.exit_code == len(fails)
    assert len(lines) > 12
    counted = (len(lines) - len(odd), len(warns), len(fails))
    assert told.stderr == "{} ok, {} to look at, {} failed\n".format(*counted)


def test_what_fails_is_told_with_its_fix_and_by_the_exit_code(app: Flask) -> None:
    told = ask(app)
    jobs = next(line for line in told.stdout.splitlines() if " jobs: " in line)
    assert jobs.startswith("fail  jobs: ")
    assert jobs.endswith("  -> flask jobs run --forever")
    assert told.exit_code == 1


def test_a_program_gets_json(app: Flask) -> None:
    told = ask(app, "--json")
    found = {each["name"]: each for each in json.loads(told.stdout)}
    assert found["jobs"]["state"] == "fail"
    assert found["jobs"]["fix"] == "flask jobs run --forever"
    assert set(found["database"]) == {"name", "state", "sentence", "fix"}


def test_no_colour_is_told_to_a_program(app: Flask) -> None:
    assert "\x1b" not in ask(app).stdout


def test_a_check_that_crashes_has_failed_in_a_sentence(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash() -> Finding:
        raise ValueError("bo@example.org")

    registry = app.extensions["registry"]
    card = replace(registry.features[0], checks=(Check("odd", crash), Check("even", fine)))
    monkeypatch.setattr(registry, "features", (card,))
    found = answers(app)
    assert found["odd"].state == "fail"
    assert "ValueError" in found["odd"].sentence
    assert "bo@example.org" not in found["odd"].sentence
    assert found["even"].state == "ok"


def fine() -> Finding:
    return Finding("ok", "All is well.")


def test_a_missing_key_file_is_told(make_app: Any, own_keys: Path) -> None:
    app = make_app(KEY_FILE=own_keys)
    own_keys.unlink()
    assert answers(app)["key file"].state == "fail"


def test_a_key_file_that_others_can_read_is_told(make_app: Any, own_keys: Path) -> None:
    app = make_app(KEY_FILE=own_keys)
    own_keys.chmod(0o644)
    finding = answers(app)["key file"]
    assert (finding.state, finding.fix) == ("fail", f"chmod 600 {own_keys}")


def test_the_key_file_of_another_site_is_told(make_app: Any, own_keys: Path) -> None:
    app = make_app()
    with app.app_context():
        prepare_keys()
    app.config["KEY_FILE"] = own_keys
    assert "not the one" in answers(app)["key file"].sentence


def test_address_keys_that_run_out_are_told_sixty_days_ahead(make_app: Any, own_keys: Path) -> None:
    app = make_app(KEY_FILE=own_keys)
    with time_machine.travel(clock.now() + timedelta(days=670), tick=False):
        assert answers(app)["address keys"].state != "warn"
    with time_machine.travel(clock.now() + timedelta(days=725), tick=False):
        assert answers(app)["address keys"].fix == "flask keys extend"


def test_machines_with_other_keys_are_named(make_app: Any, own_keys: Path) -> None:
    app = make_app(KEY_FILE=own_keys)
    with app.app_context():
        tell_keys()
        with transaction() as session:
            session.execute(sa.update(KeyHolder).values(machine="web2"))
    assert answers(app)["machines"].state == "ok"
    keys, _new = read_ring(own_keys).with_new_root()
    write_ring(own_keys, keys)
    finding = answers(app)["machines"]
    assert finding.state == "fail"
    assert "web2 lacks the key" in finding.sentence
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert answers(app)["machines"].state == "ok"


def test_a_clock_that_went_back_is_told(app: Flask) -> None:
    with app.app_context(), time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        record("signed_in")
    assert answers(app)["clock"].state == "fail"


def test_a_mail_server_that_is_away_is_told(make_app: Any) -> None:
    app = make_app(SMTP_URL="smtp://127.0.0.1:9", MAIL_FROM="site@example.org")
    finding = answers(app)["mail"]
    assert (finding.state, finding.fix) == ("fail", "check CLIENTFLOW_SMTP_URL")


def test_a_proxy_nobody_trusts_and_one_that_is_everybody_are_told(make_app: Any) -> None:
    lonely = make_app(BASE_URL="https://example.org")
    assert answers(lonely)["proxies"].state == "warn"
    trusting = make_app(TRUSTED_PROXIES=(ip_network("0.0.0.0/0"),))
    assert answers(trusting)["proxies"].state == "fail"
    rightly = make_app(TRUSTED_PROXIES=(ip_network("10.0.0.0/8"),))
    assert answers(rightly)["proxies"].state == "ok"


def test_a_link_that_leads_nowhere_is_told(app: Flask, content: ContentFolder, read: Any) -> None:
    content.post("lost", body="See [this](/blog/nothing-of-this-kind/).")
    with app.app_context():
        read()
    finding = answers(app)["links"]
    assert finding.state == "warn"
    assert "/blog/nothing-of-this-kind/ on /garden/lost/" in finding.sentence


def test_what_was_found_is_kept_until_the_next_look(app: Flask) -> None:
    with app.app_context():
        look_and_store()
        first = last_look()
        run_due()
        look_and_store()
        later = {each.name: each.state for each in last_look()}
    assert {each.name: each.state for each in first}["jobs"] == "fail"
    assert later["jobs"] == "ok"
    assert len(first) == len(later)


def test_a_job_that_nobody_runs_any_more_is_late(app: Flask) -> None:
    with app.app_context():
        run_due()
        with transaction() as session:
            long_ago = clock.now() - timedelta(days=9)
            session.execute(sa.update(JobTurn).values(due_at=long_ago))
        db.session.remove()
    assert "is late" in answers(app)["jobs"].sentence
