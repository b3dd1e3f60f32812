"""Where the site may connect to: its own machine, and hosts that its readers are told of."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.core.config import Config, ConfigError
from app.core.egress import FILE, WayClosed, processors, require_way, ways_out
from app.core.mail.transport import Undelivered, transport
from app.policy.recipients import recipients_are_listed
from tests.folder import ContentFolder

HOST = "smtp.example.org"


@pytest.fixture
def listed(content: ContentFolder) -> ContentFolder:
    content.processor(HOST)
    return content


def ways(tmp_path: Path, **settings: Any) -> list[str]:
    config = Config.for_tests(INSTANCE=tmp_path, CONTENT=tmp_path, **settings)
    names = ("CONTENT", "SMTP_URL", "SQLALCHEMY_DATABASE_URI")
    return [host for _setting, host in ways_out({name: getattr(config, name) for name in names})]


@pytest.mark.promise("listed-recipients")
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("SMTP_URL", "smtps://user:secret@mail.example.org"),
        ("DATABASE_URL", "postgresql://user:secret@base.example.org/site"),
    ],
)
def test_a_host_that_nobody_is_told_of_stops_the_start(
    listed: ContentFolder, tmp_path: Path, name: str, address: str
) -> None:
    config = Config.for_tests(INSTANCE=tmp_path, CONTENT=listed.root, **{name: address})
    with pytest.raises(ConfigError) as refused:
        create_app(config)
    host = address.partition("@")[2].partition("/")[0]
    assert f"CLIENTFLOW_{name} leads to {host}," in str(refused.value)
    assert str(listed.root / FILE) in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_listed_host_is_taken_in_any_spelling(make_app: Any, listed: ContentFolder) -> None:
    app: Flask = make_app(SMTP_URL="smtps://SMTP.Example.org.:465")
    with app.app_context():
        require_way("smtp.example.org")
        assert [entry.country for entry in processors()] == ["Ireland"]
        assert recipients_are_listed().figure == (
            "This site connects to 1 host elsewhere, each on the list."
        )


@pytest.mark.promise("listed-recipients")
def test_a_line_taken_out_stops_the_next_mail(make_app: Any, listed: ContentFolder) -> None:
    app: Flask = make_app(SMTP_URL="smtps://smtp.example.org")
    listed.remove(FILE)
    with app.app_context():
        with pytest.raises(WayClosed):
            require_way("smtp.example.org")
        with transport() as way, pytest.raises(Undelivered) as kept:
            way.send(None, to="ada@example.org", name="")  # type: ignore[arg-type]
        assert "smtp.example.org" in kept.value.sentence
        assert "ada" not in kept.value.sentence
        assert kept.value.is_general
        assert recipients_are_listed().problem


@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        ("postgresql://127.0.0.1/site", []),
        ("postgresql://[::1]:5432/site", []),
        ("postgresql://LOCALHOST/site", []),
        ("postgresql:///site?host=/run/postgresql", []),
        (
            "postgresql:///site?host=one.example.org,two.example.org",
            ["one.example.org", "two.example.org"],
        ),
        ("postgresql://localhost/site?host=one.example.org", ["one.example.org"]),
        ("postgresql:///site?hostaddr=192.0.2.1", ["192.0.2.1"]),
        ("postgresql://127.0.0.1/site?hostaddr=192.0.2.1", ["192.0.2.1"]),
        ("postgresql:///site?service=far", ["the service far"]),
    ],
)
def test_every_way_to_a_database_elsewhere_is_seen(
    tmp_path: Path, address: str, hosts: list[str]
) -> None:
    assert ways(tmp_path, DATABASE_URL=address) == hosts


def test_what_the_environment_adds_to_an_address_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOST", "far.example.org")
    assert ways(tmp_path, DATABASE_URL="postgresql:///site") == ["far.example.org"]
    assert ways(tmp_path, DATABASE_URL="postgresql://127.0.0.1/site") == []
    assert ways(tmp_path, SMTP_URL="smtp://127.0.0.1:2525") == []


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('country = "Ireland"', "", "country"),
        ("Ireland", "", "country"),
        ("smtp.example.org", "https://x/", "is no host"),
        ("sees", "saw", "sees"),
        ("[[processors]]", "[processors]", "must be a list"),
    ],
)
def test_a_list_that_says_too_little_is_a_file_with_a_problem(
    listed: ContentFolder, read: Any, before: str, after: str, reason: str
) -> None:
    file = listed.root / FILE
    file.write_text(file.read_text().replace(before, after))
    (problem,) = read().problems
    assert reason in problem.problem


def test_a_list_that_cannot_be_read_lets_nobody_through(
    content: ContentFolder, tmp_path: Path
) -> None:
    content.write(FILE, "[[processors]]\nname = 1\n")
    config = Config.for_tests(
        INSTANCE=tmp_path, CONTENT=content.root, SMTP_URL="smtp://smtp.example.org"
    )
    with pytest.raises(ConfigError, match=r"policy/processors.toml cannot be used"):
        create_app(config)
