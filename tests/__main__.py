"""`make test`: provide what the tests need, check the style, test on both databases.

The first part that fails ends the run, so the last lines printed are always its own.
Exit codes: 0 everything passed; 3 something the tests need is missing; else a part failed.
"""

import os
import signal
import subprocess
import sys
from types import FrameType
from typing import NoReturn

from tests.provision import (
    UNPROVIDED,
    Unprovided,
    keep_files_in_memory,
    provide,
    throwaway_postgres,
)

LINT = (
    ("ruff", "check", "--quiet"),
    ("ruff", "format", "--check", "--quiet"),
    ("mypy", "--no-error-summary"),
)
#: Neighbours stay together, as they share what is made for a file: a site, a browser, a reading.
PYTEST = ("pytest", "-n", "2", "--dist", "worksteal")
ON_SQLITE = (*PYTEST, "--database=sqlite")
ON_POSTGRESQL = (*PYTEST, "--database=postgresql", "-m", "database and not browser")


def main(arguments: list[str]) -> int:
    """Run everything, or with `--lint` only the style checks; answer the exit code."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    if arguments == ["--lint"]:
        return _run(*LINT)
    try:
        return _test()
    except Unprovided as problem:
        print(problem, file=sys.stderr)
        return UNPROVIDED
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _test() -> int:
    provide()
    keep_files_in_memory()
    with throwaway_postgres() as address:
        os.environ["CLIENTFLOW_TEST_POSTGRES"] = address
        return _run(*LINT, ON_SQLITE, ON_POSTGRESQL)


def _run(*parts: tuple[str, ...]) -> int:
    for part in parts:
        print("\n$", *part, flush=True)
        code = _call([sys.executable, "-m", *part])
        if code != 0:
            return code if code > 0 else 128 - code
    return 0


def _call(command: list[str]) -> int:
    """Run one part; when we are told to end, let it clean up before we go."""
    part = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        return part.wait()
    except KeyboardInterrupt:  # the part got its own Ctrl-C
        part.wait()
        raise
    except SystemExit:
        part.send_signal(signal.SIGINT)
        part.wait()
        raise


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """Leave through every `finally`, so that no server outlives us."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
