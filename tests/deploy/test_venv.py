"""The script that makes .venv, with a Python that only writes down what it is asked to do."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[2] / "deploy" / "venv.sh"

FAKE_PYTHON = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
    *version_info*"< (3, 11)"*) exit "$TOO_OLD" ;;
    *ensurepip*) exit "$CANNOT" ;;
    *"-m venv"*) rm -rf .venv && mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *"-m pip install"*) exit "$PIP" ;;
    *print*) echo python3.11-venv ;;
esac
"""


class Checkout:
    """A folder with the script, two requirement files and the fake Python."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        (folder / "deploy").mkdir()
        shutil.copy(SHIPPED, folder / "deploy")
        (folder / "requirements.txt").write_text("one==1\n")
        (folder / "requirements-dev.txt").write_text("one==1\ntwo==2\n")
        (folder / "python").write_text(FAKE_PYTHON)
        (folder / "python").chmod(0o755)

    def install(self, name: str = "requirements.txt", **answers: str) -> tuple[int, str]:
        """Run the script; answer its exit code and what it said."""
        self.calls.write_text("")
        given = {"TOO_OLD": "0", "CANNOT": "0", "PIP": "0", **answers}
        surroundings = {"PATH": os.environ["PATH"], "HOME": "", "CALLS": str(self.calls)}
        answer = subprocess.run(
            ["sh", "deploy/venv.sh", name],
            check=False,
            cwd=self.folder,
            env={**surroundings, "PYTHON": str(self.folder / "python"), **given},
            capture_output=True,
            text=True,
        )
        return answer.returncode, answer.stderr

    @property
    def has_made(self) -> bool:
        return "-m venv" in self.calls.read_text()

    @property
    def has_installed(self) -> bool:
        return "-m pip install" in self.calls.read_text()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_first_run_makes_and_installs_with_hashes(checkout: Checkout) -> None:
    assert checkout.install()[0] == 0
    assert checkout.has_made
    assert "--require-hashes" in checkout.calls.read_text()


def test_the_second_run_does_nothing(checkout: Checkout) -> None:
    checkout.install()
    assert checkout.install() == (0, "")
    assert not checkout.has_installed


def test_changed_requirements_are_installed_without_starting_over(checkout: Checkout) -> None:
    checkout.install()
    (checkout.folder / "requirements.txt").write_text("one==2\n")
    assert checkout.install()[0] == 0
    assert checkout.has_installed
    assert not checkout.has_made


def test_serving_after_testing_installs_nothing(checkout: Checkout) -> None:
    checkout.install("requirements-dev.txt")
    assert checkout.install() == (0, "")


def test_an_unfinished_install_is_made_anew(checkout: Checkout) -> None:
    code, words = checkout.install(PIP="1")
    assert code == 1
    assert "run the command again" in words
    assert checkout.install()[0] == 0
    assert checkout.has_made
    assert checkout.has_installed


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Checkout) -> None:
    checkout.install()
    (checkout.folder / ".venv" / "bin" / "python").unlink()
    assert checkout.install()[0] == 0
    assert checkout.has_made


def test_an_old_python_is_refused_in_one_sentence(checkout: Checkout) -> None:
    code, words = checkout.install(TOO_OLD="1")
    assert code == 1
    assert words.count("\n") == 1
    assert "needs Python 3.11 or newer" in words
    assert not (checkout.folder / ".venv").exists()


def test_without_root_a_missing_venv_package_is_named(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = checkout.folder / "bin"
    someone.mkdir()
    (someone / "id").write_text("#!/bin/sh\necho 1000\n")
    (someone / "id").chmod(0o755)
    monkeypatch.setenv("PATH", f"{someone}:{os.environ['PATH']}")
    code, words = checkout.install(CANNOT="1")
    assert code == 1
    assert words.count("\n") == 1
    assert "install python3.11-venv" in words
