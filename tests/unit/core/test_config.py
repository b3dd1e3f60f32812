"""Settings: a wrong one is refused in a sentence that names it and the fix."""

from pathlib import Path

import pytest

from app.core.config import Config, ConfigError


def read(**given: str) -> Config:
    """The configuration of an environment that has only these settings."""
    return Config.from_env({f"CLIENTFLOW_{name}": value for name, value in given.items()})


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without a `.env`."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_has_a_default() -> None:
    assert read().PORT == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("PORT", value) for value in ("0", "65536", "http", "-1", "8000 # mine")),
        *(("WORKERS", value) for value in ("-1", "65", "many")),
        *(("DEVELOPMENT", value) for value in ("perhaps", "2")),
        *(("LOG_LEVEL", value) for value in ("LOUD",)),
        ("METRICS_TOKEN", "short"),
        *(
            ("BASE_URL", value)
            for value in (
                *("example.org", "ftp://example.org", "https://example.org/path"),
                *("https://", "https://example.org:99999", "https://[bad", "https://a@example.org"),
                *("https://exa mple.org", "https://example.org?x", "https://example.org:0"),
            )
        ),
        *(
            ("ALLOWED_HOSTS", value)
            for value in ("https://example.org", "example.org:80", "*", "a b", "-a.example.org")
        ),
        *(
            ("SMTP_URL", value)
            for value in (
                *("mail.example.org", "http://mail.example.org", "smtp://", "smtps://mail:99999"),
                *("smtps://mail.example.org/path", "smtps://a%0d%0ab:c@mail.example.org"),
                "smtp://user:word@mail.example.org",
            )
        ),
        *(
            ("MAIL_FROM", value)
            for value in ("Example", "a@b@example.org", "hello@localhost", "a@example.org\nBcc: b")
        ),
        *(("MAIL_PER_HOUR", value) for value in ("0", "many")),
        *(("TRUSTED_PROXIES", value) for value in ("nginx", "0.0.0.0/0", "::/0", "10.0.0.1/8")),
        *(
            ("DATABASE_URL", value)
            for value in (
                *("mysql://x", "sqlite://", "sqlite:///", "sqlite:///:memory:", "x.db"),
                "postgresql://user@host:port/name",
            )
        ),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^CLIENTFLOW_{name} "):
        read(**{name: value})


@pytest.mark.parametrize("name", ["METRICS_TOKEN", "DATABASE_URL"])
def test_a_secret_is_not_repeated_when_it_is_wrong(name: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        read(**{name: "hunter2"})
    assert "hunter2" not in str(refusal.value)


def test_a_secret_is_not_shown_with_the_configuration() -> None:
    assert "s" * 32 not in repr(read(METRICS_TOKEN="s" * 32))


def test_a_setting_that_was_given_up_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match="Take it away") as refusal:
        read(SECRET_KEY="s" * 32)
    assert "s" * 32 not in str(refusal.value)


def test_an_unknown_name_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(ConfigError, match="Did you mean CLIENTFLOW_WORKERS"):
        read(WORKER="2")


def test_an_empty_value_is_the_default() -> None:
    assert read(PORT="").PORT == 8000


def test_the_environment_comes_before_the_file(nowhere: Path) -> None:
    (nowhere / ".env").write_text("CLIENTFLOW_PORT=9000\nCLIENTFLOW_HOST=127.0.0.9\n")
    config = read(PORT="9001")
    assert (config.PORT, config.HOST) == (9001, "127.0.0.9")


@pytest.mark.parametrize(
    "line", ["CLIENTFLOW_PORT=9000", 'export CLIENTFLOW_PORT="9000"', "  CLIENTFLOW_PORT = 9000 "]
)
def test_a_file_is_read_as_it_is_usually_written(nowhere: Path, line: str) -> None:
    (nowhere / ".env").write_text(f"\ufeff# ours\n\n{line}\nOTHER=1\n")
    assert read().PORT == 9000


def test_a_line_of_the_file_that_says_nothing_is_named(nowhere: Path) -> None:
    (nowhere / ".env").write_text("CLIENTFLOW_PORT=1\nnonsense\n")
    with pytest.raises(ConfigError, match="line 2"):
        read()


def test_a_file_that_is_not_utf_8_is_refused(nowhere: Path) -> None:
    (nowhere / ".env").write_bytes(b"CLIENTFLOW_HOST=\xff")
    with pytest.raises(ConfigError, match="UTF-8"):
        read()


def test_the_site_answers_to_its_own_address_and_to_this_machine() -> None:
    config = read(
        BASE_URL="https://WWW.Example.org:8443", ALLOWED_HOSTS="example.org, b.example.org"
    )
    assert config.hosts == {
        *("www.example.org", "example.org", "b.example.org", "localhost", "127.0.0.1", "::1")
    }


def test_a_mail_server_needs_a_sender() -> None:
    with pytest.raises(ConfigError, match="CLIENTFLOW_MAIL_FROM"):
        read(SMTP_URL="smtps://mail.example.org")
    sender = "Garden & Co <garden@example.org>"
    assert read(SMTP_URL="smtps://mail.example.org", MAIL_FROM=sender).SMTP_URL


def test_a_password_for_the_mail_server_is_never_printed() -> None:
    config = read(SMTP_URL="smtps://user:word@mail.example.org", MAIL_FROM="a@example.org")
    assert "word" not in repr(config)
