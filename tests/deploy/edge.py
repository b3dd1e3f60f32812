"""The shipped nginx file, run for real in front of whatever answers on a port."""

import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SHIPPED = Path(__file__).parents[2] / "deploy" / "nginx.conf"
HOST = "www.example.org"
PATIENCE = 20  # seconds; far more than a healthy nginx takes for anything here

AROUND = """
{user}
worker_processes 2;
daemon off;
pid {folder}/pid;
error_log {folder}/start.log;
events {{ worker_connections 768; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/clientflow.conf;
}}
"""


@dataclass(frozen=True)
class Edge:
    """A running nginx: where it listens and how to talk to it."""

    plain: int
    secure: int
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def log(self) -> str:
        """Everything nginx has written down."""
        return "".join(path.read_text() for path in self.folder.glob("*.log"))

    def connect(self) -> ssl.SSLSocket:
        """Answer a fresh TLS connection."""
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        bare = socket.create_connection(("127.0.0.1", self.secure), PATIENCE)
        return trusting.wrap_socket(bare, server_hostname=HOST)

    def ask(
        self, path: str, *, method: str = "GET", body: bytes = b"", **headers: str
    ) -> http.client.HTTPResponse:
        """Send one request on a connection of its own; the body of the answer is read later."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asking = http.client.HTTPConnection(HOST, timeout=PATIENCE)
        asking.sock = self.connect()
        asking.request(method, path, body or None, {"Connection": "close", **named})
        return asking.getresponse()

    def reload(self) -> None:
        """Let nginx read its files again, as `nginx -s reload` does."""
        self.process.send_signal(signal.SIGHUP)


@contextmanager
def edge_before(port: int, folder: Path) -> Iterator[Edge]:
    """Run nginx with the shipped file before the server on `port`, keeping files in `folder`."""
    plain, secure = free_port(), free_port()
    _write_certificate(folder)
    (folder / "clientflow.conf").write_text(
        _moved(SHIPPED.read_text(), plain, secure, port, folder)
    )
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=_user()))
    for name in ("body", "proxy"):
        (folder / name).mkdir()
    process = subprocess.Popen(
        [nginx(), "-p", str(folder), "-c", str(folder / "nginx.conf")], stdin=subprocess.DEVNULL
    )
    try:
        wait_for(secure, process)
        yield Edge(plain, secure, process, folder)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def nginx() -> str:
    """Answer the path of nginx; Debian keeps it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"


def free_port() -> int:
    """Answer a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once something listens on the port; fail when the process ends before."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"nothing listens on port {port}")


def _moved(text: str, plain: int, secure: int, upstream: int, folder: Path) -> str:
    """Change what a test must change, ports and paths, and prove that each change was made."""
    changes = {
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
        "127.0.0.1:8000;\n    keepalive": f"127.0.0.1:{upstream};\n    keepalive",
        "/etc/letsencrypt/live/www.example.org/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
        "/var/www/acme": f"{folder}/acme",
        "/srv/clientflow/": f"{SHIPPED.parents[1]}/",
    }
    for shipped, changed in changes.items():
        assert shipped in text, f"deploy/nginx.conf no longer says {shipped!r}"
        text = text.replace(shipped, changed)
    return text


def _user() -> str:
    """Let workers of an nginx started by root reach the folder, which is root's own."""
    return "user root;" if os.geteuid() == 0 else ""


def _write_certificate(folder: Path) -> None:
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(
        ["openssl", *options.split(), "-subj", f"/CN={HOST}", *files],
        check=True,
        capture_output=True,
    )
