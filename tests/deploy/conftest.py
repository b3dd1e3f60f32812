"""The real site, served as the shipped unit serves it, with nginx in front."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.edge import HOST, Edge, edge_before, free_port, wait_for

ROOT = Path(__file__).parents[2]
ADDRESS = f"https://{HOST}"


@pytest.fixture(scope="package")
def site_behind_nginx() -> Iterator[Edge]:
    """The shipped content at https://www.example.org/, kept for all tests of this folder."""
    with tempfile.TemporaryDirectory(prefix="clientflow-edge-") as name:
        folder, port = Path(name), free_port()
        given = {
            "CLIENTFLOW_BASE_URL": ADDRESS,
            "CLIENTFLOW_TRUSTED_PROXIES": "127.0.0.1",
            "CLIENTFLOW_INSTANCE": str(folder / "instance"),
            "CLIENTFLOW_CONTENT": str(ROOT / "content"),
        }
        ours = {name: value for name, value in os.environ.items() if "CLIENTFLOW" not in name}
        server = subprocess.Popen(
            [sys.executable, "-m", "flask", "serve", "--port", str(port), "--workers", "1"],
            cwd=ROOT,
            env={**ours, **given},
            stdin=subprocess.DEVNULL,
        )
        try:
            wait_for(port, server)
            (folder / "edge").mkdir()
            with edge_before(port, folder / "edge") as edge:
                yield edge
        finally:
            server.terminate()
            server.wait(30)
