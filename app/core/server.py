"""`flask serve`: the web server and one job worker, started together and ended together."""

import ctypes

# `socket` imports it when it first looks a host up. Were a thread of ours doing so while a web
# process is forked, that process would find it locked for ever.
import encodings.idna  # noqa: F401
import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import click
from flask import current_app
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from app.core.database import db
from app.core.instance import NotReady

# 32 threads outlast twenty slow senders of bodies; more of them are nginx's business.
BLOCKING_THREADS = 32
BACKPRESSURE = 1_024
# Whoever writes lets go of the interpreter at each statement, and waits this long for those who
# reckon to give it back; Python's own 5 ms would make everybody behind them wait, too.
SECONDS_OF_A_THREAD = 0.000_5
HEADER_TIMEOUT_MS = 5_000
SECONDS_TO_FINISH = 10
SECONDS_TO_START = 60
SECONDS_BEFORE_RESPAWN = 2.0
EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, not bound
_PR_SET_PDEATHSIG = 1


def check_port(host: str, port: int) -> None:
    """Raise `NotReady` unless the address can be listened on now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Without SO_REUSEPORT: with it, a server left over from before would share our port.
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise NotReady(f"Port {port} needs root; choose one from 1024 up: PORT=8000.") from None
        except (OSError, UnicodeError) as problem:
            if getattr(problem, "errno", None) == errno.EADDRINUSE:
                raise NotReady(
                    f"{host}, port {port}, is in use; stop what uses it, or choose another port: "
                    f"make serve PORT={port + 1}."
                ) from None
            raise NotReady(
                f"The address {host} cannot be used, because it is none of this machine; choose "
                "127.0.0.1, or 0.0.0.0 for all it has."
            ) from None


def serve(host: str, port: int, workers: int, greetings: tuple[str, ...] = ()) -> None:
    """Serve until the process is told to stop; a worker that dies is started again.

    Once the site answers, its address and the `greetings` are printed.
    """
    _clear(current_app.config["INSTANCE"] / "run")
    # The web processes are forked from this one and keep it.
    sys.setswitchinterval(SECONDS_OF_A_THREAD)
    for engine in db.engines.values():
        # The web processes are forked from this one and must not share its connections.
        engine.dispose()
    os.register_at_fork(after_in_child=_belong_to_parent)
    stopping = threading.Event()
    jobs = threading.Thread(target=_keep_job_worker, args=(stopping,), daemon=True)
    jobs.start()
    lines = (
        f"Clientflow is at {current_app.config['BASE_URL']}/  (Ctrl-C stops it)",
        *greetings,
    )
    threading.Thread(target=_announce, args=(host, port, lines, stopping), daemon=True).start()
    try:
        _web_server(host, port, workers or os.cpu_count() or 1).serve()
    finally:
        stopping.set()
        jobs.join(SECONDS_TO_FINISH)


def _web_server(host: str, port: int, workers: int) -> MPServer:
    return MPServer(
        "wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        backpressure=BACKPRESSURE,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.error,
    )


def _keep_job_worker(stopping: threading.Event) -> None:
    """Run the job worker as a process of its own, again and again, until told to stop."""
    while not stopping.is_set():
        worker = subprocess.Popen(
            [sys.executable, "-m", "flask", "jobs", "run", "--forever"],
            preexec_fn=_belong_to_parent,
            env=os.environ | {"FLASK_SKIP_DOTENV": "1"},
        )
        while worker.poll() is None and not stopping.wait(0.2):
            continue
        if worker.poll() is None:
            worker.terminate()
        try:
            worker.wait(SECONDS_TO_FINISH)
        except subprocess.TimeoutExpired:
            worker.kill()
        stopping.wait(SECONDS_BEFORE_RESPAWN)


def _announce(host: str, port: int, lines: tuple[str, ...], stopping: threading.Event) -> None:
    """Print the lines once the site answers."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and not stopping.wait(0.1):
        try:
            socket.create_connection((shown_host(host).strip("[]"), port), timeout=2).close()
        except OSError:
            continue
        for line in lines:
            click.echo(line)
        return


def _belong_to_parent() -> None:
    """Hear of Ctrl-C from the parent alone; on Linux, end when it is gone, even by SIGKILL.

    A web process that is told by the terminal and once more by its parent can miss both, and
    the worker of jobs is to finish what it does.
    """
    os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _clear(folder: Path) -> None:
    """Counts of the processes before us would otherwise be added to ours."""
    for file in folder.glob("*"):
        file.unlink()


def shown_host(host: str) -> str:
    """The host as it stands in an address; a server on all addresses is reached by loopback."""
    if host in EVERY_ADDRESS:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
