"""Imports go down only, floor by floor and stair by stair (docs/architecture.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: From the ground up. Neighbours on one floor never import each other.
FLOORS = (
    "core",
    "accounts consent",
    "site blog",
    "moderation",
    "desk",
    "comments feedback",
    "mailings billing trends",
    "admin rights discovery transfer policy disclosures",
)

#: Inside a package: each module may import those of the steps before its own. A large package
#: keeps modules that belong together in a drawer, which has stairs of its own.
STAIRS = {
    "core": (
        *("clock errors readers logs turns slots", "config", "egress"),
        *("database registry markup images", "privacy", "tokens"),
        *("content mail", "jobs limits", "instance", "backup", "manual", "web", "server"),
        *("doctor", "commands feature"),
    ),
    "core.backup": (
        *("problems", "manifest", "archive proof keeping", "copying"),
        *(
            "making connections loading ledgers",
            "facts swap keycopy",
            "checking checks daily",
            "restoring",
        ),
        *("telling", "commands"),
    ),
    "core.doctor": ("examining links", "findings machine code", "commands"),
    "accounts": (
        *("places addresses agreement signals totp recovery ceremonies", "models"),
        *("permissions factors entries", "queries keyring", "passwords throttling links notices"),
        *("sessions", "second_factor acceptances joining entering settings roles staff"),
        *("passkeys people", "invitations closing founding tidying first_look", "unused"),
        *("forms doorway current", "factor_forms browsers people_forms", "proof"),
        *(
            "views account_views owner_views step_views factor_views passkey_views",
            "agreement_views",
        ),
        *("people_views invitation_views commands", "feature"),
    ),
    "consent": (
        *("choices models", "terms answers", "receipts visits", "seen pages", "views", "feature"),
    ),
    "site": (
        *("models settings addresses", "sections queries", "services pages", "views"),
        "feature",
    ),
    "blog": (
        *("models", "cards counts", "lists", "queries", "surroundings reading shelving"),
        *("services", "pages"),
        *("addresses publishing", "views", "feature"),
    ),
    "moderation": (
        *(
            "models links words reasons leak_shapes",
            "records kinds rules rulebook wording leaks",
            "bans notes trust claims mail_links second_look",
        ),
        *("classifier", "lessons", "reports trying sorting proofs openness erasing", "facts"),
        *("decisions screening queries", "figures desk forms"),
        *("answers commands", "admin_views log_views report_views", "feature"),
    ),
    "desk": (
        "wording keys marks records sieves",
        "parts",
        "kin looking past digests",
        "neighbours forms leaving",
        "feature",
    ),
    "comments": (
        *(
            "models",
            "excerpts links placing threads closing leaving keeping",
            "queries judging",
            "known",
        ),
        *("letters", "posting editing reporting", "tidying forms erasing", "pages", "status"),
        *("views status_views", "desk", "commands", "feature"),
    ),
    "comments.letters": (
        *("models", "proofs", "notices telling digest objecting", "samples views", "choice_views"),
    ),
    "comments.desk": (
        *("acts sieve tallies undoing", "queries case_queries edits trusting"),
        *(
            "deciding finding headlines",
            "spread looking writing rows moderated",
            "knowing",
            "forms",
        ),
        *("pages", "bulk phrases case_pages", "views", "case_views"),
    ),
    "feedback": (
        "models signals sentences redaction",
        "records links",
        "credits seals cards",
        *("standing letters samples", "granting approving asking answering erasing receipts"),
        *("sending expiring verifying", "forms", "views own commands", "contact wall desk"),
        "feature",
    ),
    "feedback.own": ("finding forms", "pages copies", "views"),
    "feedback.contact": ("forms", "pages", "views"),
    "feedback.wall": ("figures queries", "publishing", "views"),
    "feedback.desk": (
        *("acts sieve cutting entering", "queries item_queries"),
        *("deciding finding rows forms exporting",),
        *("headlines writing moderated digest", "publishing standing_pages", "pages item_pages"),
        *("views", "item_views publish_views entry_views", "asking_views"),
    ),
    "trends": (
        *("models cells", "hosts browsers languages places tallies", "hits labels"),
        *("counting figures", "reports charts exports", "ending pages checks"),
        *("logs", "publishing views admin_views commands", "feature"),
    ),
    "disclosures": (
        *("words papers", "files letters report", "giving published pages", "facts forms"),
        *("views public_views commands", "feature"),
    ),
    "admin": (
        *("queries words", "audit", "pages upkeep", "views mail_views upkeep_views"),
        "feature",
    ),
    "policy": (
        *(
            "figures signals words recipients differences",
            "models prose promises",
            "values clauses",
        ),
        *(
            "reading rendering queries",
            "drift",
            "publishing pages notices",
            "views commands record",
            "feature",
        ),
    ),
    "policy.record": ("activities", "making", "formats", "commands"),
    "rights": (
        *("wishes", "models", "totals links asking tidying holdings", "answering archive outcomes"),
        *("acting watching", "pages", "forms samples", "views link_views own_views", "feature"),
    ),
    "policy.promises": (
        *("models", "reading", "queries", "checking health", "facts pages", "commands views"),
    ),
    "discovery": ("models highlight", "search feeds sitemap", "services", "views", "feature"),
}

#: Modules that say what a page or a form is, never how rows are found.
WITHOUT_SQL = {"views", "admin_views", "case_views", "forms", "feature"}
WITHOUT_SQL |= {"public_views", "item_views", "publish_views", "entry_views", "asking_views"}
SQL = ("sqlalchemy", "app.core.database")
ROOF = ("app.features", "app.migrations", "app.create_app")
#: Parts of core with a front door of their own.
CORE_DOORS = {"web", "content", "markup", "privacy", "mail", "backup", "doctor"}
#: Rooms behind those that have a front door again.
INNER_DOORS = {"privacy.disclosures"}
#: The roof and the command line put the house together and may use any door.
BUILDERS = {"app", "app.core.commands"}


def modules() -> dict[str, Path]:
    files = sorted((ROOT / "app").rglob("*.py"))
    found = {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in files}
    return {
        name.removesuffix(".__init__"): file
        for name, file in found.items()
        if "migrations.versions" not in name
    }


def imported(module: str, source: str, *, is_package: bool) -> Iterator[str]:
    """Every dotted name a source imports, also inside functions; relative ones in full."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")
            above = above[: len(above) - node.level + is_package] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ("import_module", "__import__"):
                yield "app.*"


def violations(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """One sentence for each import that breaks a rule."""
    found = imported(module, source, is_package=is_package)
    reasons = ((target, broken_rule(module, target)) for target in found)
    return [f"{module} imports {target}: {reason}" for target, reason in reasons if reason]


def broken_rule(module: str, target: str) -> str | None:
    if module.split(".")[-1] in WITHOUT_SQL and target.startswith(SQL):
        return "no SQL here"
    if target == "app.*":
        return "imports are written, not computed"
    if not target.startswith("app."):
        return None
    return _roof(module, target) or _floor(module, target) or _stair(module, target)


def _roof(module: str, target: str) -> str | None:
    if target.startswith(ROOF) and module != "app":
        return "nobody imports the roof"
    if target.split(".")[2:3] == ["feature"] and module != "app.features":
        return "only app.features imports cards"
    return None


def _floor(module: str, target: str) -> str | None:
    here, there = _package(module), _package(target)
    if here == there or module in ("app", "app.features"):
        return None
    if there not in _levels(FLOORS):
        return "that package has no floor"
    if here == "migrations":
        return None if there == "core" else "migrations know tables, not features"
    if _levels(FLOORS)[there] >= _levels(FLOORS)[here]:
        return "imports go down only"
    if there == "core":
        return _core_door(target)
    return None if target.count(".") == 2 else "features are entered by their front door"


def _core_door(target: str) -> str | None:
    """`app.core.web.public` is the door, `app.core.web.access.public` is a window."""
    parts = target.split(".")
    deepest = 5 if ".".join(parts[2:4]) in INNER_DOORS else 4
    is_window = parts[2] in CORE_DOORS and len(parts) > deepest
    return "this part of core is entered by its front door" if is_window else None


def _stair(module: str, target: str) -> str | None:
    package = _package(module)
    if package != _package(target) or package not in STAIRS:
        return None
    here, there = (name.split(".")[2:] for name in (module, target))
    while here[:1] == there[:1] and f"{package}.{''.join(here[:1])}" in STAIRS:
        package, here, there = f"{package}.{here[0]}", here[1:], there[1:]
    if here[:1] == there[:1] or not here:
        return None
    steps = _levels(STAIRS[package])
    if not there:
        return "a module does not import its own drawer"
    if there[0] not in steps:
        # A name of the package itself, or one that `modules` will be asked about.
        return None if module.count(".") == 1 else "a module does not import its own front door"
    if here[0] not in steps:
        return "this module has no stair"
    if steps[there[0]] >= steps[here[0]]:
        return "stairs go down only"
    if package == "core" and module not in BUILDERS:
        return _core_door(target)
    return None


def _package(name: str) -> str:
    return [*name.split("."), ""][1]


def _levels(rows: tuple[str, ...]) -> dict[str, int]:
    return {name: level for level, row in enumerate(rows) for name in row.split()}


def test_every_import_goes_down() -> None:
    found = [
        violation
        for name, file in modules().items()
        for violation in violations(name, file.read_text(), is_package=file.stem == "__init__")
    ]
    assert found == []


def test_every_module_stands_on_a_stair() -> None:
    known = {f"app.{package}.{name}" for package in STAIRS for name in _levels(STAIRS[package])}
    present = {
        ".".join(name.split(".")[: depth + 2])
        for name in modules()
        if _package(name) != "migrations"
        for depth in range(1, name.count("."))
        if ".".join(name.split(".")[1 : depth + 1]) in STAIRS
    }
    assert present == known


PLANTED = {
    "upward": ("app.core.jobs", "from app.blog import published_post"),
    "upward inside a function": ("app.core.jobs", "def run():\n    import app.site.queries"),
    "upward between features": ("app.blog.views", "from app.discovery import search"),
    "neighbour": ("app.blog.pages", "from app.site import current_site"),
    "through the window": ("app.discovery.views", "from app.blog.queries import all_blogs"),
    "relative, through the window": ("app.discovery.views", "from ..blog.queries import all_blogs"),
    "up the stairs": ("app.blog.models", "from .queries import all_blogs"),
    "up the stairs by name": ("app.blog.models", "from . import queries"),
    "up the stairs of a drawer": ("app.comments.desk.sieve", "from .rows import one_row"),
    "up out of a drawer": ("app.comments.letters.notices", "from ..posting import post_comment"),
    "up from beside a drawer": ("app.comments.posting", "from .desk.rows import one_row"),
    "its own drawer": ("app.comments.desk.rows", "from . import anything"),
    "along the step": ("app.blog.surroundings", "from .reading import read_post"),
    "upward inside core": ("app.core.database", "from app.core.web import public"),
    "through a window of core": ("app.blog.views", "from app.core.web.access import public"),
    "through a window of a room": (
        "app.disclosures.pages",
        "from app.core.privacy.disclosures.models import Disclosure",
    ),
    "through a window inside core": ("app.core.instance", "from app.core.content.sync import sync"),
    "SQL in a view": ("app.blog.views", "from sqlalchemy import select"),
    "SQL in a view, inside a function": ("app.blog.views", "def f():\n    import sqlalchemy as s"),
    "database in a form": ("app.comments.forms", "from app.core.database import db"),
    "database in a card": ("app.blog.feature", "from app.core import database"),
    "a card": ("app.blog.views", "from .feature import FEATURE"),
    "a card from above": ("app.discovery.views", "from app.blog.feature import FEATURE"),
    "the roof": ("app.core.web.setup", "from app.features import FEATURES"),
    "the roof, whole": ("app.core.server", "from app import create_app"),
    "computed": ("app.core.jobs", "from importlib import import_module\nimport_module('app.blog')"),
    "unknown package": ("app.blog.views", "from app.utils import helper"),
}


@pytest.mark.parametrize(("module", "source"), PLANTED.values(), ids=PLANTED)
def test_a_planted_violation_is_caught(module: str, source: str) -> None:
    assert violations(module, source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("app.comments.views", "from app.blog import published_post"),
        ("app.blog.views", "from app.core.web import public\nfrom .queries import published_post"),
        ("app.features", "from app.blog.feature import FEATURE"),
        ("app.blog.queries", "import sqlalchemy as sa\nfrom app.core.database import db"),
    ],
)
def test_what_is_allowed_is_not_caught(module: str, source: str) -> None:
    assert violations(module, source) == []
