"""Heads of the audit chain in public and by mail: what a cut record is found out by."""

import json
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.database import db, is_sqlite
from app.core.mail.outbox import OutgoingMail
from app.core.mail.sending import send_due
from app.core.privacy import kept_heads, record, watch_chain
from app.disclosures.published import mail_head

pytestmark = pytest.mark.database

PAGE = "/privacy/transparency/"


@pytest.fixture
def recorded(app: Flask) -> Any:
    """Within the app: five entries, and the head of the day."""
    with app.app_context():
        for _number in range(5):
            record("look.refused")
        watch_chain()
        yield app
        db.session.remove()


def cut_tail(most: int) -> None:
    """What the owner of a database can do: shut its guards off, and delete the newest entries."""
    tables = ("looks", "audit_details", "audit_chain")
    with db.engine.begin() as connection:
        if is_sqlite():
            named = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in connection.execute(named).all():
                connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        else:
            for table in tables:
                connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for table in tables:
            connection.execute(sa.text(f"DELETE FROM {table} WHERE id > {most}"))
    db.session.remove()


@pytest.mark.promise("transparency-report", "record-cannot-be-edited")
def test_a_cut_tail_is_found_by_a_head_that_a_reader_kept(recorded: Flask, tmp_path: Path) -> None:
    kept = tmp_path / "head.json"
    kept.write_bytes(recorded.test_client().get(f"{PAGE}head.json").data)
    verify = ["audit", "verify", "--against", str(kept)]
    run = recorded.test_cli_runner().invoke
    assert run(args=verify).exit_code == 0
    cut_tail(3)
    for file in kept_heads():
        file.unlink()
    assert run(args=["audit", "verify"]).exit_code == 0, "the rest of the chain is whole"
    found = run(args=verify)
    assert found.exit_code == 1
    assert "Entry 4 is missing: the chain ends at 3, and had 5 entries" in found.output


@pytest.mark.promise("transparency-report")
def test_anybody_can_check_the_signature(recorded: Flask, tmp_path: Path) -> None:
    page = recorded.test_client().get(PAGE).text
    shown = re.search(r"<pre[^>]*><code>(.*?)</code>", page, re.DOTALL)
    assert shown
    commands = unescape(shown[1])
    done = subprocess.run(commands, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert "Signature Verified Successfully" in done.stdout + done.stderr
    forged = commands.replace('head", 5', 'head", 6')
    assert forged != commands
    done = subprocess.run(forged, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0


def test_the_page_shows_the_newest_heads_and_the_file_is_one(recorded: Flask) -> None:
    client = recorded.test_client()
    head = json.loads(client.get(f"{PAGE}head.json").text)
    assert set(head) == {"count", "mac", "at", "key", "public", "signature"}
    assert head["mac"] in client.get(PAGE).text
    assert json.loads(client.get(f"{PAGE}report.json").text)["audit_head"] == head


def test_before_the_first_head_there_is_none(app: Flask) -> None:
    client = app.test_client()
    assert client.get(f"{PAGE}head.json").status_code == 404
    assert "The first head is taken within a day" in client.get(PAGE).text


def test_the_head_goes_to_the_mailbox_that_was_set_and_to_nobody_else(
    recorded: Flask, outbox: Any
) -> None:
    mail_head()
    assert db.session.scalar(sa.select(sa.func.count(OutgoingMail.id))) == 0
    recorded.config["AUDIT_MAIL"] = "audit@example.org"
    mail_head()
    send_due()
    (letter,) = outbox
    assert letter["To"] == "audit@example.org"
    mac = json.loads(recorded.test_client().get(f"{PAGE}head.json").text)["mac"]
    assert mac in letter.get_body(("plain",)).get_content().replace("\n", "")


def test_a_broken_chain_is_what_the_mail_says_first(recorded: Flask, outbox: Any) -> None:
    recorded.config["AUDIT_MAIL"] = "audit@example.org"
    cut_tail(3)
    watch_chain()
    mail_head()
    send_due()
    (letter,) = outbox
    assert letter["Subject"] == "The audit chain is broken"
