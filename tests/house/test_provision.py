"""What the tests need is found, named or run, and nothing of it stays behind."""

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import provision
from tests.provision import POSTGRES, Need, Unprovided, provide, throwaway_postgres

ABSENT = Need("absent", "absent-package", ("absent-program",))


def test_without_root_a_missing_program_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Unprovided, match="only root can install them: absent-package"):
        provide((ABSENT,))


def test_a_package_that_brings_no_program_is_not_taken_for_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(provision, "_install", lambda packages: None)
    with pytest.raises(Unprovided, match="absent could not be found"):
        provide((ABSENT,))


def test_a_program_can_be_named_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("ABSENT", str(own))
    assert ABSENT.find() == str(own)


def test_the_throwaway_postgres_is_gone_after_a_failure() -> None:
    def fail() -> None:
        with throwaway_postgres() as address:
            folders.append(Path(parse_qs(urlsplit(address).query)["host"][0]))
            assert (folders[0] / ".s.PGSQL.5432").is_socket()
            raise LookupError

    folders: list[Path] = []
    provide((POSTGRES,))
    with pytest.raises(LookupError):
        fail()
    assert not folders[0].exists()
