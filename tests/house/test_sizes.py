"""Nothing grows beyond what can be read in one sitting."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULE, CLASS, FUNCTION, PARAMETERS = 300, 150, 40, 5
TEMPLATE, STYLESHEET = 120, 250
MEDIAN_MODULE = 110

#: What may be larger, and why. Migrations and tests are exempt as a whole.
EXCEPTIONS = {
    "app/core/config.py: class Config": "one list of all settings, and the manual's table",
}


def python_files() -> list[Path]:
    found = [*(ROOT / "app").rglob("*.py"), *(ROOT / "bench").rglob("*.py"), ROOT / "wsgi.py"]
    return sorted(file for file in found if "migrations" not in file.parts)


def lines(file: Path) -> int:
    return len(file.read_text().splitlines())


def too_large(source: str) -> Iterator[str]:
    """Classes and functions over their size, and functions with too many parameters."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and _length(node) > CLASS:
            yield f"class {node.name} has {_length(node)} lines"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if _length(node) > FUNCTION:
                yield f"{node.name} has {_length(node)} lines"
            if len(_parameters(node)) > PARAMETERS:
                yield f"{node.name} takes {len(_parameters(node))} parameters"


def subject(entry: str) -> str:
    """What an entry is about, without its present size."""
    return entry.rsplit(" has ", 1)[0]


def _length(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return (node.end_lineno or first) - first + 1


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """All but the object itself, and what a library's hook is called with (`*_`, `**_`)."""
    given = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
    return [entry.arg for entry in given if entry.arg not in ("self", "cls")]


def test_modules_classes_and_functions_stay_small() -> None:
    found = []
    for file in python_files():
        name = file.relative_to(ROOT).as_posix()
        large = [f"has {lines(file)} lines"] if lines(file) > MODULE else []
        large += too_large(file.read_text())
        found += [f"{name}: {reason}" for reason in large]
    assert [entry for entry in found if subject(entry) not in EXCEPTIONS] == []


def test_every_exception_is_still_needed() -> None:
    assert all(EXCEPTIONS.values())
    assert set(EXCEPTIONS) <= {
        subject(f"{file.relative_to(ROOT).as_posix()}: {reason}")
        for file in python_files()
        for reason in [f"has {lines(file)} lines", *too_large(file.read_text())]
    }


def test_most_modules_are_short() -> None:
    sizes = sorted(lines(file) for file in python_files() if file.name != "__init__.py")
    assert sizes[len(sizes) // 2] < MEDIAN_MODULE


@pytest.mark.parametrize(
    ("folder", "pattern", "most"),
    [("templates", "*", TEMPLATE), ("static/css", "*.css", STYLESHEET)],
)
def test_templates_and_style_sheets_stay_small(folder: str, pattern: str, most: int) -> None:
    files = [file for file in sorted((ROOT / folder).rglob(pattern)) if file.is_file()]
    assert files
    assert [f"{file.name}: {lines(file)}" for file in files if lines(file) > most] == []


def test_what_is_too_large_is_seen() -> None:
    body = "\n".join(f"    x{number} = {number}" for number in range(40))
    method = "\n".join(f"        x{number} = {number}" for number in range(20))
    methods = "\n".join(f"    def m{number}(self):\n{method}" for number in range(8))
    planted = (
        f"def long():\n{body}\n\ndef wide(a, b, c, d, e, *, f): ...\n\nclass Big:\n{methods}\n"
    )
    assert list(too_large(planted)) == [
        *("long has 41 lines", "wide takes 6 parameters", "class Big has 169 lines")
    ]
