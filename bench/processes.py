"""Processes under measurement: their ports, their cores and the CPU time they use."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
SERVER_CORE, LOAD_CORE = 0, 1
PATIENCE = 900  # seconds for a server to listen; a first start may have much to read


def free_port() -> int:
    """Answer a port of the loopback range that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    """Tell whether somebody answers on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def on_core(core: int, command: Sequence[str]) -> list[str]:
    """Bind a command to one core, where there is more than one to choose from."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return list(command)
    return ["taskset", "--cpu-list", str(cores[core]), *command]


@contextmanager
def serving(
    command: Sequence[str], port: int, *, environment: dict[str, str] | None = None, log: Path
) -> Iterator[int]:
    """Run a server for as long as the block lasts; yield its process id once it listens."""
    if is_listening(port):
        raise RuntimeError(f"port {port} was taken before the measured server started")
    with log.open("ab") as words:
        server = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
    try:
        _wait_for(server, port, log)
        yield server.pid
    finally:
        server.terminate()
        server.wait(PATIENCE)


def cpu_seconds(root: int) -> float:
    """Answer the CPU time that a process and all its living descendants have used."""
    children: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.name))
        used[int(entry.name)] = int(fields[11]) + int(fields[12])

    family = [root]
    for member in family:
        family += children.get(member, [])
    return sum(used.get(member, 0) for member in family) / TICKS


def _wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not is_listening(port):
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.02)
