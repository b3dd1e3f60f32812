"""What an authority gets, and who is told: no more than the entry says, and as soon as allowed."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.database import db
from app.core.mail.outbox import OutgoingMail
from app.core.privacy import Viewer, collect, disclosures_about, holds_anything, person_of
from app.core.privacy.disclosures import Outcome, approve, enter, reject
from app.disclosures.giving import Answer, give
from app.disclosures.letters import tell_those_named
from tests.factories import make_comment
from tests.folder import ContentFolder
from tests.people import make_member
from tests.unit.disclosures.conftest import BO, demand

pytestmark = pytest.mark.database

As = Callable[[str], Viewer]
MAY = datetime(2027, 5, 20, tzinfo=UTC)


@pytest.fixture
def said(keepers: Flask, content: ContentFolder, read: Any) -> None:
    """Bo has an account and left a comment, and Ada left another."""
    content.post("tulips")
    read()
    make_member("bo", BO)
    make_comment(name="Bo", email=BO, text="Bo was here.", ip="203.0.113.9")
    make_comment(name="Ada", email="ada@example.org", text="So was I.")


def answered(as_: As, **changed: Any) -> Answer:
    """A demand that was approved and met."""
    number = enter(demand(**changed), as_("otto")).id
    for name in ("otto", "ona"):
        approve(number, as_(name))
    return give(number, as_("ona"))


def people_in(answer: Answer) -> list[dict[str, Any]]:
    assert answer.content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return json.loads(archive.read("data.json"))["people"]


def values_in(answer: Answer) -> set[str]:
    rows = [row for person in people_in(answer) for row in person["rows"]]
    return {str(value) for row in rows for value in row["values"].values()}


def mails() -> list[str]:
    return list(db.session.scalars(sa.select(OutgoingMail.template)))


@pytest.mark.promise("export-only-by-entry")
def test_only_what_was_asked_for_is_in_the_file(said: None, as_: As) -> None:
    everything = values_in(answered(as_, parts=("name", "email", "ip", "content")))
    assert {BO, "203.0.113.9", "bo"} <= everything
    assert any("Bo was here." in value for value in everything)
    assert not any("So was I." in value or "ada@" in value for value in everything)
    assert not any("argon2" in value for value in everything)
    names = values_in(answered(as_, parts=("name",)))
    assert {"bo", "Bo"} <= names
    assert BO not in names
    assert not any("was here" in value or "203.0" in value for value in names)


def test_days_that_were_not_asked_about_are_left_out(said: None, as_: As) -> None:
    long_ago = {
        "from_on": date(2001, 1, 1),
        "until_on": date(2020, 1, 1),
    }
    answer = answered(as_, **long_ago)
    assert answer.outcome is Outcome.NOTHING_HELD
    assert answer.content is None


def test_several_who_are_named_are_told_apart(said: None, as_: As) -> None:
    both = people_in(answered(as_, emails=(BO, "ada@example.org"), parts=("content",)))
    assert [person["email"] for person in both] == [BO, "ada@example.org"]
    assert "So was I." not in str(both[0])
    assert mails() == ["disclosures/given"] * 2


def test_under_a_duty_of_silence_nobody_hears_of_it_until_it_ends(
    said: None, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = holds_anything(person_of("nobody@example.org"))
    answered(as_, barred_until=MAY.date())
    enter(demand(emails=("nobody@example.org",), barred_until=MAY.date()), as_("otto"))
    assert mails() == []
    assert disclosures_about(person_of(BO)) == []
    assert "District Court" not in str(collect(person_of(BO)))
    assert holds_anything(person_of("nobody@example.org")) is before, "not even that much"

    monkeypatch.setattr(clock, "now", lambda: MAY - timedelta(seconds=1))
    tell_those_named()
    assert mails() == []
    monkeypatch.setattr(clock, "now", lambda: MAY)
    for _time in range(2):
        tell_those_named()
    assert mails() == ["disclosures/given"], "and once"
    (known,) = disclosures_about(person_of("BO@example.ORG"))
    assert known.authority == "District Court of Springfield"
    assert known.outcome is Outcome.COMPLIED


def test_a_refused_demand_can_be_read_of_and_is_not_written_about(said: None, as_: As) -> None:
    reject(enter(demand(), as_("otto")).id, as_("ona"))
    tell_those_named()
    assert mails() == []
    (known,) = disclosures_about(person_of(BO))
    assert known.outcome is Outcome.REJECTED


def test_the_command_obeys_the_same_rules(
    said: None, keepers: Flask, as_: As, tmp_path: Path
) -> None:
    number = str(enter(demand(), as_("otto")).id)
    file = tmp_path / "answer.zip"
    command = ["privacy", "disclose", number, "--as", "ona", "--to", str(file)]
    run = keepers.test_cli_runner().invoke
    approve(int(number), as_("otto"))
    refused = run(args=command)
    assert refused.exit_code == 1
    assert "Two different accounts have to approve" in refused.output
    approve(int(number), as_("ona"))
    make_member("una", owner=True)
    assert (
        "accept the confidentiality agreement"
        in run(args=[*command[:4], "una", *command[5:]]).output
    )
    assert not file.exists()
    assert run(args=command).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert zipfile.ZipFile(file).namelist() == ["data.json", "README.txt"]
    again = run(args=command)
    assert again.exit_code == 1, "a file is never written over"
