"""Seeing everything, and taking it along: complete, explained, and nobody else's."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.comments import Comment
from app.core.database import db
from app.core.privacy import collect, inventory, person_of, reveal
from app.core.privacy.belonging import linked_models
from app.rights.archive import SCHEMA
from app.rights.holdings import label_of, shown
from app.rights.wishes import Wish
from tests.people import make_member, make_trusted, member
from tests.unit.rights.conftest import ADA, BO, LinkFor, words

FILES = ["README.txt", "data.json", "data.html", "schema.json"]


def unpacked(body: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def problems(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = "") -> list[str]:
    """What is wrong about a value by a schema; the keywords that ours uses and no others."""
    known = {"$ref", "$defs", "$schema", "title", "description", "type", "const", "enum", "anyOf"}
    known |= {"pattern", "properties", "required", "additionalProperties", "items"}
    assert schema.keys() <= known, schema.keys() - known
    if "$ref" in schema:
        return problems(value, whole["$defs"][schema["$ref"].rpartition("/")[2]], whole, at)
    if "anyOf" in schema:
        each = [problems(value, one, whole, at) for one in schema["anyOf"]]
        return [] if [] in each else each[-1]
    found = []
    types = schema.get("type", [])
    names = [types] if isinstance(types, str) else types
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "number": (int, float),
        "null": type(None),
    }
    if names and not any(isinstance(value, kinds[name]) for name in names):
        return [f"{at}: {value!r} is no {types}"]
    if "const" in schema and value != schema["const"]:
        found.append(f"{at}: not {schema['const']}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r} is none of {schema['enum']}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at}: {value!r}")
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{at}: no {name}" for name in schema["required"] if name not in value]
        found += [f"{at}: {name} is unknown" for name in value if name not in schema["properties"]]
        for name, inner in schema["properties"].items():
            found += problems(value[name], inner, whole, f"{at}.{name}") if name in value else []
    for number, entry in enumerate(value if isinstance(value, list) else ()):
        found += problems(entry, schema.get("items", {}), whole, f"{at}[{number}]")
    return found


@pytest.fixture
def looked(app: Flask, said: None) -> None:
    """Mira of the garden looked at the address of Bo's first comment, and at Ada's email."""
    with app.app_context():
        make_member("mira", role="administrator", blog="garden")
        make_trusted("mira")
        from app.accounts import viewer_for

        viewer = viewer_for(member("mira"))
        bo, _second, ada = db.session.scalars(sa.select(Comment).order_by(Comment.id))
        reveal(bo, "author_ip", viewer, "abuse")
        reveal(ada, "author_email", viewer, "answer")
        db.session.remove()


@pytest.mark.usefixtures("looked")
def test_the_page_shows_every_value_its_reason_and_its_end(link_for: LinkFor, press: Any) -> None:
    page = press(link_for(Wish.SEE))
    told = words(page)
    for value in ("Bo’s tulips.", "Bo’s second thought.", "Bo’s praise.", "203.0.113.7", BO):
        assert value in told
    assert "Seen by the administrators of" in told
    assert "a legitimate interest" in told
    assert "2027" in told
    assert "Ada" not in told
    assert "198.51.100.4" not in told


@pytest.mark.promise("look-is-recorded")
@pytest.mark.usefixtures("looked")
def test_it_says_who_looked_at_what_and_why_and_never_the_name(
    link_for: LinkFor, press: Any
) -> None:
    told = words(press(link_for(Wish.LOOKS)))
    assert told.count("looked at your network address") == 1
    assert "an administrator of Garden looked at your network address of a comment" in told
    assert "for stopping abuse" in told
    assert "mira" not in told.lower()


@pytest.mark.promise("export-complete")
@pytest.mark.usefixtures("looked")
def test_the_export_holds_every_declared_value_and_nobody_elses(
    app: Flask, link_for: LinkFor, press: Any
) -> None:
    answer = press(link_for(Wish.EXPORT))
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert answer.headers["Cache-Control"] == "no-store"
    files = unpacked(answer.data)
    assert list(files) == FILES
    facts = json.loads(files["data.json"])
    schema = json.loads(files["schema.json"])
    assert problems(facts, schema, schema) == []
    with app.app_context():
        held = collect(person_of(BO))
        values = {id(item): shown(item.value) for row in held.rows for item in row.items}
    ids = [f"{row.table}/{row.number}" for row in held.rows]
    assert [row["id"] for row in facts["held"]] == ids
    assert {id.partition("/")[0] for id in ids} >= {"comments", "feedback"}
    for row, given in zip(held.rows, facts["held"], strict=True):
        assert [item.name for item in row.items] == [value["name"] for value in given["values"]]
        for item, value in zip(row.items, given["values"], strict=True):
            assert (value["value"] is None) == (item.withheld is not None or item.value is None)
            is_said_already = item.withheld or item.name == "html"  # as words, above
            assert is_said_already or values[id(item)][:20].split("\n")[0] in _plain(files)
    assert [look["at_what"] for look in facts["looks"]] == ["comment.ip"]
    everything = "".join(files.values())
    assert ADA not in everything
    assert "Ada" not in everything
    assert "198.51.100.4" not in everything


@pytest.mark.usefixtures("said")
def test_the_readable_file_stands_alone(link_for: LinkFor, press: Any) -> None:
    page = unpacked(press(link_for(Wish.EXPORT)).data)["data.html"]
    assert "<style>" in page
    assert "prefers-color-scheme" in page
    assert not re.search(r"(src|href)=|url\(|@import|<script|<link", page)


def test_the_schema_is_kept_beside_the_code() -> None:
    assert json.loads(Path(SCHEMA).read_text())["properties"]["version"]["const"] == 1


def _plain(files: dict[str, str]) -> str:
    import html

    return html.unescape(files["data.html"])


def test_no_value_is_called_by_the_name_of_its_column() -> None:
    asked = {model.__tablename__ for model, links in linked_models() if links}
    names = {each.declared.export_as or each.column for each in inventory() if each.table in asked}
    raw = (" id", " uid", " hash", " html", " folded")
    assert len(names) > 20
    assert {name for name in names if label_of(name).lower().endswith(raw)} == set()
