"""The manual says what the code does: settings, commands, keys, sentences and links."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask

from app.blog.reading import RESERVED_POSTS
from app.core import manual
from app.core.content import RESERVED
from app.core.web import health
from app.site import sections

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"
PAGES = sorted(
    [ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")],
    key=lambda page: page.relative_to(ROOT).as_posix(),
)
OPERATIONS = ROOT / "docs" / "operations.md"
CONTENT = ROOT / "docs" / "content.md"

BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r'\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"')
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
TARGET = re.compile(r"(?:^|\$ )make ([a-z]+)", re.MULTILINE)
OUR_FILE = re.compile(r"^(?:app|bench|content|deploy|docs|static|templates|tests)/[\w./-]*$")
IN_APP = re.compile(r"(?<![\w/])(?:blog|core|discovery|site)/[\w/]+\.py")
KEY_ROW = re.compile(r"^\| (\*\*)?`([\w.\[\]]+)`(?:\*\*)? \|(.*)$", re.MULTILINE)

LARGEST_PICTURE = 200_000

#: What Flask brings along.
FOREIGN_COMMANDS = {"run", "shell", "routes"}

#: The readers of `core.content.Fields`, and the helpers that ask it for a key by name.
READERS = set("text optional_text flag number slug texts moment link nested each raw".split())
HELPERS = {"_all", "_colour", "_link", "_required_link"}
LIMITS = {"longest", "words", "most", "low", "high"}

#: Modules whose sentences stop the start.
STOPPING = (
    *(
        "app/core/config.py",
        "app/core/database.py",
        "app/core/egress.py",
        "app/core/instance.py",
        "app/core/server.py",
    ),
    *("app/core/privacy/keyfile.py", "app/core/privacy/keys.py"),
)

#: Each table of docs/content.md, and the functions that read what it lists.
TABLES = {
    "site": ("app.site.settings", "read_site _language _timezone _contact _column _link"),
    "page": ("app.site.services", "read_page"),
    "titled": ("app.site.sections", "_titled"),
    "action": ("app.site.sections", "_link"),
    "section-hero": ("app.site.sections", "hero"),
    "section-features": ("app.site.sections", "features _icon"),
    "section-steps": ("app.site.sections", "steps"),
    "section-pricing": ("app.site.sections", "pricing _plan"),
    "section-questions": ("app.site.sections", "questions"),
    "section-quotes": ("app.site.sections", "quotes"),
    "section-call": ("app.site.sections", "call"),
    "section-text": ("app.site.sections", "text"),
    "section-table": ("app.site.sections", "table"),
    "section-posts": ("app.site.sections", "posts"),
    "section-contact": ("app.site.sections", "contact"),
    "policy": ("app.policy.reading", "read_draft _number _day _changes _settings"),
    "processors": ("app.policy.recipients", "read_recipients"),
    "promises": ("app.policy.promises.reading", "read_promises _promise _unguarded _clauses _all"),
    "blog": ("app.blog.reading", "read_blog _are_open"),
    "author": ("app.blog.reading", "read_author"),
    "post": (
        "app.blog.reading",
        "read_post _times _canonical _aliases _tags _series _comments _cover",
    ),
}


def code_in(page: Path) -> Iterator[str]:
    """Every piece of code of a page, in blocks and in lines."""
    text = page.read_text()
    yield from BLOCK.findall(text)
    yield from INLINE.findall(BLOCK.sub("", text))


def part_at(anchor: str) -> str:
    """The part of docs/content.md between one anchor and the next."""
    return CONTENT.read_text().split(f'<a id="{anchor}"></a>')[1].split('<a id="')[0]


def asked(module: str, functions: str) -> Iterator[tuple[str, str, set[str]]]:
    """Every key that functions ask `Fields` for: the key, by which reader, within which limits."""
    loaded = importlib.import_module(module)
    tree = ast.parse(Path(str(loaded.__file__)).read_text())
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in functions.split():
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and (found := _asked_by(call)):
                    yield *found, {f"{limit:,}" for limit in _limits(call, loaded)}


def _asked_by(call: ast.Call) -> tuple[str, str] | None:
    if isinstance(call.func, ast.Attribute) and call.func.attr in READERS:
        # A slug taken from a path is checked as a mapping made up for it.
        name, is_made_up = call.func.attr, isinstance(call.func.value, ast.Call)
        key = call.args[0] if call.args and not is_made_up else None
    elif isinstance(call.func, ast.Name) and call.func.id in HELPERS and len(call.args) > 1:
        name, key = call.func.id, call.args[1]
    else:
        return None
    return (key.value, name) if isinstance(key, ast.Constant) else None


def _limits(call: ast.Call, module: Any) -> Iterator[int]:
    for keyword in call.keywords:
        if keyword.arg in LIMITS:
            named = isinstance(keyword.value, ast.Name)
            yield getattr(module, keyword.value.id) if named else ast.literal_eval(keyword.value)


@pytest.mark.parametrize("anchor", TABLES)
def test_the_keys_of_the_manual_are_those_the_code_asks_for(anchor: str) -> None:
    rows = _rows(anchor)
    documented = {part for row in rows for part in row[2].replace("[]", "").split(".")}
    assert documented == {key for key, _reader, _limits in asked(*TABLES[anchor])}


@pytest.mark.parametrize("anchor", TABLES)
def test_the_manual_names_every_limit_and_what_must_be_given(anchor: str) -> None:
    rows = _rows(anchor)
    for key, reader, limits in asked(*TABLES[anchor]):
        mine = [row for row in rows if row[2].split(".")[-1] == key]
        told = [set(re.findall(r"[\d,]*\d", row[3])) for row in mine]
        assert not limits or any(limits <= numbers for numbers in told), (key, limits)
        if reader in ("text", "_required_link"):
            assert any(row[1] for row in mine), f"{key} must be in bold"


def _rows(anchor: str) -> list[re.Match[str]]:
    return list(KEY_ROW.finditer(part_at(anchor)))


def test_the_manual_has_every_kind_of_section_and_every_icon() -> None:
    described = {anchor.removeprefix("section-") for anchor in TABLES if "section-" in anchor}
    assert described == set(sections._TYPES)
    icons = CONTENT.read_text().split("### Icons")[1].split("<a ")[0]
    assert set(re.findall(r"`([a-z-]+)`", icons)) == sections.ICONS


def test_the_manual_names_the_addresses_a_blog_and_a_post_cannot_have() -> None:
    assert set(re.findall(r"`(\w+)`", part_at("blog").split("\n\n")[1])) == RESERVED
    (slug,) = (row[3] for row in _rows("post") if row[2] == "slug")
    assert set(re.findall(r"`(\w+)`", slug)) == RESERVED_POSTS


def test_the_settings_table_is_the_one_the_code_prints() -> None:
    shown = (ROOT / "README.md").read_text().split("<!-- settings")[1].split("-->\n", 1)[1]
    assert shown.split("\n<!-- /settings -->")[0] == manual.settings_table()


def test_the_example_of_an_environment_is_the_one_the_code_prints() -> None:
    assert (ROOT / ".env.example").read_text() == manual.example_file() + "\n"


def test_every_command_is_described_and_every_described_command_exists(app: Flask) -> None:
    words = re.compile(r"\bflask ([a-z]+)(?: ([a-z]+))?")
    named = {found for page in PAGES for code in code_in(page) for found in words.findall(code)}
    ours = _commands(app)
    assert {
        (group, verb if (group, verb) in ours or (group, "") not in ours else "")
        for group, verb in named
    } <= ours
    assert {_typed(command) for command in ours} <= set(
        re.findall(r"`(flask [a-z ]+)`", OPERATIONS.read_text())
    )


def _commands(app: Flask) -> set[tuple[str, str]]:
    """Every command of ours as noun and verb; one without a verb has an empty one."""
    found = set()
    for name, command in app.cli.commands.items():
        if isinstance(command, click.Group):
            found |= {(name, verb) for verb in command.commands}
            found |= {(name, "")} if command.invoke_without_command else set()
        elif name not in FOREIGN_COMMANDS:
            found.add((name, ""))
    return found


def _typed(command: tuple[str, str]) -> str:
    return " ".join(("flask", *command)).strip()


def test_every_make_target_is_described_and_every_described_target_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    code = [code for page in PAGES for code in code_in(page)]
    named = {target for piece in code for target in TARGET.findall(piece)}
    assert named <= targets
    readme = "\n".join(code_in(ROOT / "README.md"))
    assert {target for target in targets if f"make {target}" not in readme} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_and_every_file_named_in_a_page_exists(page: Path) -> None:
    links = [first or second for first, second in LINK.findall(BLOCK.sub("", page.read_text()))]
    assert [link for link in links if not _leads_somewhere(page, link)] == []
    files = [code for code in code_in(page) if OUR_FILE.match(code)]
    files += [f"app/{name}" for name in IN_APP.findall(page.read_text())]
    assert [file for file in files if not (ROOT / file).exists()] == []


def _leads_somewhere(page: Path, link: str) -> bool:
    if link.startswith(("https://", "mailto:")):
        return True
    name, _, fragment = link.partition("#")
    target = page.parent / name if name else page
    return target.exists() and (not fragment or fragment in _anchors(target))


def _anchors(page: Path) -> set[str]:
    text = BLOCK.sub("", page.read_text())
    headings = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(text))
    return {title.strip().replace(" ", "-") for title in headings} | set(
        re.findall(r'<a id="([\w-]+)">', text)
    )


def test_pictures_of_the_manual_are_small() -> None:
    sizes = {file.name: file.stat().st_size for file in (ROOT / "docs" / "images").iterdir()}
    assert {name: size for name, size in sizes.items() if size > LARGEST_PICTURE} == {}


def test_decisions_are_numbered_without_gaps_and_have_the_same_parts() -> None:
    pages = sorted(DECISIONS.glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text()
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
            *("Context", "Decision", "Consequences")
        ], page.name
        assert text.startswith(f"# {page.name[:4]} "), page.name
        assert len(text.splitlines()) <= 35, page.name


def test_the_list_of_decisions_is_complete() -> None:
    titles = [
        f"- [{page.read_text().splitlines()[0][2:]}]({page.name})"
        for page in sorted(DECISIONS.glob("[0-9]*.md"))
    ]
    listed = (DECISIONS / "README.md").read_text().splitlines()
    assert [line for line in listed if line.startswith("- ")] == titles


def test_every_module_of_the_core_stands_in_its_closed_list() -> None:
    listed = set(re.findall(r"`(\w+)/?`", (DECISIONS / "0001-modules-of-the-core.md").read_text()))
    modules = {entry.stem for entry in (ROOT / "app" / "core").iterdir() if entry.stem[0] != "_"}
    assert modules - listed == set()


def test_every_health_address_check_and_metric_is_described(app: Flask) -> None:
    manual_page = OPERATIONS.read_text()
    rules = {r.rule for r in app.url_map.iter_rules() if r.endpoint.startswith("health.")}
    source = Path(health.__file__).read_text()
    metrics = set(re.findall(r"clientflow_[a-z_]+?(?=_bucket|_count|_sum|\W)", source))
    wanted = rules | set(health._CHECKS) | metrics
    assert {word for word in wanted if f"`{word}" not in manual_page} == set()


def test_every_sentence_that_stops_the_start_is_explained() -> None:
    explained = re.sub(r"[`*\s]+", " ", OPERATIONS.read_text())
    missing = [words for words in _refusals() if words not in explained]
    assert missing == []


def _refusals() -> Iterator[str]:
    """A piece of each sentence that `NotReady` and `ConfigError` are raised with."""
    for name in STOPPING:
        tree = ast.parse((ROOT / name).read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                kind, given = node.exc.func, node.exc.args
                if getattr(kind, "id", "") in ("NotReady", "ConfigError"):
                    yield from (_some_words(text) for text in given if _is_text(text))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr)


def _some_words(text: ast.expr) -> str:
    """The first three words or more of a sentence that no value and no mark interrupts."""
    pieces = [
        words.split()
        for node in ast.walk(text)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for words in re.split(r"[,;:().`*]+ ", node.value)
    ]
    return " ".join(next(piece for piece in pieces if len(piece) > 2)).strip(" .,(`*")
