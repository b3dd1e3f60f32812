"""Front matter and settings: a mapping, and the line of the file each of its keys stands in."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

LARGEST = 65_536
# Far more than any page needs; at some ten thousands libyaml ends the whole process.
DEEPEST = 40

_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TOML_HEADER = re.compile(r"\s*\[(\[?)\s*([\w.-]+)\s*\]")
_TOML_KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*=")
# What XML cannot hold would break feeds; NUL and half characters break databases.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
)

Lines = dict[str, int]


class ContentProblem(Exception):
    """A content file that cannot be used: which line, and why, in words for its author."""

    def __init__(self, reason: str, *, line: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def read_yaml(text: str) -> tuple[dict[str, Any], Lines]:
    """The mapping between the two lines of hyphens; `text` begins in line 2 of its file.

    Raises `ContentProblem` for anything but a plain mapping of bearable depth in which
    each key is given once.
    """
    if len(text) > LARGEST:
        raise ContentProblem("the front matter is longer than 64 KB")
    try:
        _refuse_aliases_and_depths(text)
        return _mapping(text)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        reason = f"YAML: {problem.problem or 'cannot be read'}"
        raise ContentProblem(reason, line=mark.line + 2 if mark else 2) from None
    except yaml.YAMLError as problem:
        raise ContentProblem(f"YAML: {problem}", line=2) from None


def read_toml(text: str) -> tuple[dict[str, Any], Lines]:
    """The mapping of a TOML file. Raises `ContentProblem`."""
    if len(text) > LARGEST:
        raise ContentProblem("is longer than 64 KB")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        place = _TOML_PLACE.search(str(problem))
        line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
        raise ContentProblem(f"TOML: {_TOML_PLACE.sub('', str(problem))}", line=line) from None
    except (ValueError, RecursionError) as problem:
        raise ContentProblem(f"TOML: {problem}") from None
    lines = _toml_lines(text)
    for key, value in values.items():
        refuse_control_characters(value, line=lines.get(key, 1))
    return values, lines


def refuse_control_characters(value: Any, *, line: int) -> None:
    """Raise `ContentProblem` when a text, or any text within a value, holds one."""
    for text in _texts(value):
        found = _FORBIDDEN.search(text)
        if found:
            reason = f"holds the control character U+{ord(found[0]):04X}"
            raise ContentProblem(reason, line=line + text.count("\n", 0, found.start()))


def parent_of(path: str) -> str:
    """The path of the entry a key stands in: `sections[2].title` is in `sections[2]`."""
    return path[: max(path.rfind("."), path.rfind("["), 0)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _texts(key)
            yield from _texts(entry)
    elif isinstance(value, list | tuple | set):
        for entry in value:
            yield from _texts(entry)


def _refuse_aliases_and_depths(text: str) -> None:
    """Aliases let ten lines stand for gigabytes, and no author needs them."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        line = event.start_mark.line + 2 if event.start_mark else 2
        if isinstance(event, yaml.AliasEvent):
            raise ContentProblem("YAML aliases are not used here", line=line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise ContentProblem("YAML: is nested too deeply", line=line)


def _mapping(text: str) -> tuple[dict[str, Any], Lines]:
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise ContentProblem("the front matter must be a list of `name: value` lines", line=2)
        lines: Lines = {}
        _note_lines(node, "", lines)
        return {key.value: _value(loader, key, value) for key, value in node.value}, lines
    finally:
        loader.dispose()


def _value(loader: Any, key: yaml.ScalarNode, node: yaml.Node) -> Any:
    line = _line(node)
    try:
        value = loader.construct_object(node, deep=True)
    except yaml.YAMLError:
        raise
    except Exception as problem:  # Numbers, dates and tags of odd shapes raise anything.
        raise ContentProblem(f"YAML: `{key.value}` cannot be read: {problem}", line=line) from None
    refuse_control_characters(value, line=line)
    return value


def _note_lines(node: yaml.Node, path: str, lines: Lines) -> None:
    """The line of every key and list entry below a node. A key given twice is refused."""
    if isinstance(node, yaml.SequenceNode):
        for number, entry in enumerate(node.value, start=1):
            lines[f"{path}[{number}]"] = _line(entry)
            _note_lines(entry, f"{path}[{number}]", lines)
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise ContentProblem("YAML: a name must be a plain word", line=_line(key))
        refuse_control_characters(key.value, line=_line(key))
        inner = f"{path}.{key.value}" if path else key.value
        if inner in lines:
            raise ContentProblem(f"`{inner}` is given twice", line=_line(key))
        lines[inner] = _line(key)
        _note_lines(value, inner, lines)


def _line(node: yaml.Node) -> int:
    # The front matter's first line is the second of the file.
    return node.start_mark.line + 2 if node.start_mark else 2


def _toml_lines(text: str) -> Lines:
    """Lines of keys and tables as they are usually written; the parser does not tell them."""
    lines: Lines = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), start=1):
        header, key = _TOML_HEADER.match(line), _TOML_KEY.match(line)
        if header:
            table = header[2]
            lines.setdefault(table, number)
            if header[1]:
                counts[table] = counts.get(table, 0) + 1
                table = f"{table}[{counts[table]}]"
                lines[table] = number
        elif key:
            lines.setdefault(f"{table}.{key[1]}" if table else key[1], number)
    return lines
