"""What the tests need besides Python packages: a browser, nginx, OpenSSL and PostgreSQL.

Missing programs are installed with apt when that is possible, and named when it is not.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

UNPROVIDED = 3  # the exit code of commands that miss something
APT_PATIENCE = 300  # seconds to wait for another apt
SERVER_PATIENCE = 60  # seconds for PostgreSQL to answer, or to end
#: Whether tests with a thousand examples try them all, and not a sample.
LONG = "CLIENTFLOW_TEST_LONG" in os.environ
MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 2 << 30  # bytes that must be free there; a run takes some hundred million


class Unprovided(Exception):
    """Something the tests need is missing and cannot be installed from here."""


@dataclass(frozen=True)
class Need:
    """One program, the Debian package that brings it, and how to find it."""

    program: str
    package: str
    names: tuple[str, ...]

    def find(self) -> str | None:
        """Answer the program's path, or `None` when it is not installed."""
        named = os.environ.get(self.program.upper())
        found = [shutil.which(name) for name in ((named,) if named else self.names)]
        return next(filter(None, found), None)


CHROMIUM = Need("chromium", "chromium", ("chromium", "chromium-browser", "google-chrome"))
NGINX = Need("nginx", "nginx", ("nginx",))
OPENSSL = Need("openssl", "openssl", ("openssl",))
POSTGRES = Need("postgres", "postgresql", ("postgres",))
SYSTEMD = Need("systemd-analyze", "systemd", ("systemd-analyze",))
NEEDS = (CHROMIUM, NGINX, OPENSSL, POSTGRES, SYSTEMD)


def provide(needs: tuple[Need, ...] = NEEDS) -> None:
    """Make every needed program findable, installing what is missing; name the browser's path.

    Raises `Unprovided` naming what is missing when it cannot be installed.
    """
    _look_where_debian_hides_programs()
    missing = [need for need in needs if not need.find()]
    if missing:
        _install([need.package for need in missing])
        _look_where_debian_hides_programs()
    still = ", ".join(need.program for need in needs if not need.find())
    if still:
        raise Unprovided(f"{still} could not be found after installing it.")
    if CHROMIUM in needs:
        os.environ["CHROMIUM"] = CHROMIUM.find() or ""


def keep_files_in_memory() -> None:
    """Let temporary files be where no disk slows each commit down, if there is room."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _look_where_debian_hides_programs() -> None:
    """Put the folders of system daemons and of the newest PostgreSQL on the path."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2])
    )
    hidden = ["/usr/sbin", "/sbin", *(str(path) for path in versions[-1:])]
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    os.environ["PATH"] = os.pathsep.join([*path, *(part for part in hidden if part not in path)])


def _install(packages: list[str]) -> None:
    names = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unprovided(
            f"The tests need these Debian packages, and only root can install them: {names}. "
            f"Run `sudo apt-get install {names}` and try again."
        )
    print(f"Installing {names} …", flush=True)
    _apt("update")
    _apt("install", "-y", "--no-install-recommends", *packages)


def _apt(*arguments: str) -> None:
    """Run apt-get quietly, waiting for another apt that holds its locks."""
    command = ["apt-get", "-qq", "-o", f"DPkg::Lock::Timeout={APT_PATIENCE}", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    until = time.monotonic() + APT_PATIENCE
    while True:
        answer = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if answer.returncode == 0:
            return
        if "lock" not in answer.stdout or time.monotonic() > until:
            raise Unprovided(f"`{' '.join(command)}` failed:\n{answer.stdout.strip()}")
        time.sleep(2)


@contextmanager
def throwaway_postgres(*, kept: Path | None = None, is_durable: bool = False) -> Iterator[str]:
    """Run an empty PostgreSQL for as long as the block lasts; yield its address.

    It listens on a socket in a private folder only, and both are gone afterwards; data in a
    `kept` folder stays for the next time. One that `is_durable` waits for the disk. PostgreSQL
    refuses to run as root, so root starts it as the user of Debian's package, or as nobody.
    """
    user = _unprivileged_user()
    # Not below a long TMPDIR: the path of a socket has to be short.
    place = MEMORY if os.environ.get("TMPDIR") == str(MEMORY) else "/tmp"
    folder = Path(tempfile.mkdtemp(prefix="clientflow-", dir=place))
    try:
        if user:
            shutil.chown(folder, user)
        data = kept or folder / "data"
        if not data.exists():
            data.mkdir(mode=0o700)
            if user:
                shutil.chown(data, user)
            _run_as(
                user,
                "initdb",
                *("--pgdata", str(data), "--username", "tests", "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            )
        server = _start(user, folder, data, is_durable=is_durable)
        try:
            _wait_until_ready(user, folder, server)
            yield f"postgresql://tests@/postgres?host={folder}"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {line.split(":")[0] for line in Path("/etc/passwd").read_text().splitlines()}
    return "postgres" if "postgres" in known else "nobody"


def _run_as(user: str | None, *command: str) -> None:
    answer = subprocess.run(
        command,
        user=user,
        extra_groups=[] if user else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if answer.returncode != 0:
        raise Unprovided(
            f"`{' '.join(command)}` failed:\n{(answer.stdout + answer.stderr).strip()}"
        )


def _start(
    user: str | None, folder: Path, data: Path, *, is_durable: bool
) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own, so that Ctrl-C reaches only us."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "on" if is_durable else "off",
        "synchronous_commit": "on" if is_durable else "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "autovacuum": "off",
        "jit": "off",
        "max_connections": "100",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            ["postgres", "-D", str(data), *options],
            user=user,
            extra_groups=[] if user else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_until_ready(user: str | None, folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SERVER_PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            _run_as(user, "pg_isready", "--quiet", "--host", str(folder))
        except Unprovided:
            time.sleep(0.1)
        else:
            return
    raise Unprovided(f"PostgreSQL did not start:\n{(folder / 'log').read_text().strip()}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Let the server end at once, whoever is still connected."""
    server.send_signal(signal.SIGINT)
    server.wait(SERVER_PATIENCE)
