"""No part of the program opens a connection but those that ask the list of hosts first."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: What connects, or runs a program that could.
CONNECTS = frozenset(
    "smtplib socket socketserver ssl http.client urllib.request urllib3 requests httpx aiohttp "
    "ftplib imaplib poplib telnetlib xmlrpc xmlrpc.client asyncio subprocess webbrowser".split()
)
#: Who may, and why nobody is surprised by it.
ALLOWED = {
    "app/core/mail/transport.py": {"smtplib", "socket", "ssl"},  # asks `require_way` first
    "app/core/jobs.py": {"socket"},  # the name of this machine
    "app/core/privacy/holders.py": {"socket"},  # the name of this machine
    "app/core/server.py": {"socket", "subprocess"},  # listens, knocks at its own door, runs itself
    "app/core/privacy/keyfile.py": {"subprocess"},  # asks git whether the key file is tracked
    "app/core/web/vendor.py": {"subprocess"},  # npm, typed by a developer; holds no data
}


def used(source: str) -> Iterator[str]:
    """Every module that a source imports and that connects."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from CONNECTS & set(names)


@pytest.mark.promise("listed-recipients")
def test_only_what_passes_the_gate_can_connect() -> None:
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / "app").rglob("*.py")):
        modules = set(used(file.read_text()))
        if modules:
            found[file.relative_to(ROOT).as_posix()] = modules
    assert found == ALLOWED


def test_the_mail_transport_asks_before_it_connects() -> None:
    source = (ROOT / "app/core/mail/transport.py").read_text()
    assert source.count(".connect(") == 1
    assert source.index("require_way(host)") < source.index(".connect(")


def test_the_list_is_asked_before_the_database_is_set_up() -> None:
    source = (ROOT / "app/__init__.py").read_text()
    assert source.index("check_ways_out(app.config)") < source.index("init_database(app)")


@pytest.mark.parametrize(
    "source",
    [
        "import requests",
        "def f():\n    from urllib.request import urlopen",
        "from urllib import request",
        "import http.client as h",
    ],
)
def test_a_planted_way_out_is_seen(source: str) -> None:
    assert list(used(source))
