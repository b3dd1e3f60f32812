"""The shipped systemd unit, judged by systemd's own tools."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy" / "clientflow.service"
EXPOSURE = 1.5  # systemd's scale runs from 0, locked away, to 10; most services are above 9


def test_the_unit_is_valid(tmp_path: Path) -> None:
    moved = SHIPPED.read_text().replace("/srv/clientflow/.venv/bin/python", sys.executable)
    unit = tmp_path / SHIPPED.name
    unit.write_text(moved.replace("/srv/clientflow", str(ROOT)))
    answer = _systemd("verify", "--man=no", str(unit))
    assert answer == ""


def test_the_unit_is_locked_away() -> None:
    answer = _systemd("security", "--offline=true", str(SHIPPED))
    level = re.search(r"exposure level for \S+: ([\d.]+)", answer)
    assert level
    assert float(level[1]) <= EXPOSURE


def _systemd(verb: str, *arguments: str) -> str:
    answer = subprocess.run(
        ["systemd-analyze", verb, *arguments], check=False, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout + answer.stderr
