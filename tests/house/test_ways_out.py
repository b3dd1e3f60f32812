"""Where sealed values are opened: a short list, for one person at a time (docs/architecture.md).

Whoever adds a place here adds a way by which somebody's email or address can leave the house.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: What opens sealed values, and the modules that may call it. Read each before adding one.
PLACES = {
    # For the purposes that a column names, one value at a time.
    "open_for": {
        *("accounts.account_views", "accounts.invitations", "accounts.joining"),
        *("accounts.passwords", "accounts.second_factor", "accounts.settings"),
        *("core.mail.forgetting", "core.mail.sending", "core.privacy.disclosures.terms"),
        *("core.privacy.vault", "moderation.bans", "moderation.proofs", "moderation.trust"),
        *("rights.answering", "rights.links", "rights.own_views"),
    },
    # A look by an administrator, on record.
    "reveal": {"desk.looking"},
    # Everything about one person: for that person, and for an approved demand.
    "collect": {"disclosures.files", "rights.acting", "rights.pages"},
    # The vault's own work.
    "open_sealed": {
        *("core.privacy.reveal", "core.privacy.rotation", "core.privacy.subjects.collecting"),
        *("core.privacy.trial", "core.privacy.vault"),
    },
}
#: Those of them that open one value after the other, and what becomes of it.
IN_A_LOOP = {
    ("core.privacy.disclosures.terms", "open_for"): "compared with a seal, and given to nobody",
    ("core.privacy.rotation", "open_sealed"): "sealed again at once",
    ("core.privacy.trial", "open_sealed"): "tried, and dropped",
    ("disclosures.files", "collect"): "those whom one released entry names",
}
LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def calls(source: str) -> Iterator[tuple[str, bool]]:
    """Each call of what opens, and whether it stands in a loop."""

    def walk(node: ast.AST, *, in_loop: bool) -> Iterator[tuple[str, bool]]:
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in PLACES:
                yield name, in_loop
        for child in ast.iter_child_nodes(node):
            yield from walk(child, in_loop=in_loop or isinstance(node, LOOPS))

    yield from walk(ast.parse(source), in_loop=False)


def found() -> dict[tuple[str, str], bool]:
    """Each module that opens, with what, and whether it does so in a loop anywhere."""
    places: dict[tuple[str, str], bool] = {}
    for file in sorted((ROOT / "app").rglob("*.py")):
        module = ".".join(file.relative_to(ROOT / "app").with_suffix("").parts)
        for name, in_loop in calls(file.read_text()):
            places[module, name] = places.get((module, name), False) or in_loop
    return places


@pytest.mark.promise("export-only-by-entry")
def test_sealed_values_are_opened_in_these_places_only() -> None:
    allowed = {(module, name) for name, modules in PLACES.items() for module in modules}
    assert found().keys() - allowed == set()


@pytest.mark.promise("export-only-by-entry")
def test_nothing_opens_one_after_the_other_but_what_is_listed() -> None:
    looping = {place for place, in_loop in found().items() if in_loop}
    assert looping - IN_A_LOOP.keys() == set()


def test_a_planted_way_out_is_seen() -> None:
    planted = "def everybody(rows):\n    return [open_for(row, 'email', 'mail') for row in rows]\n"
    assert list(calls(planted)) == [("open_for", True)]


@pytest.mark.promise("export-only-by-entry")
def test_only_a_released_entry_names_several_people_and_one_place_takes_it() -> None:
    releasing = [
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "app").rglob("*.py")
        if any(
            isinstance(node, ast.ImportFrom)
            and any(alias.name == "release" for alias in node.names)
            and "disclosures" in f"{node.module}{file}"
            for node in ast.walk(ast.parse(file.read_text()))
        )
    ]
    assert sorted(releasing) == [
        "app/core/privacy/disclosures/__init__.py",
        "app/disclosures/giving.py",
    ]
