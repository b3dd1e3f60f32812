"""Content to measure with: made posts in any number, and real ones of a Jekyll blog."""

import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from bench.site import SHIPPED

FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)
SYLLABLES = "ba de fi go lu ma ne pi ro su ta ve wi xo ya ze".split()
COMMON = "the of and to in is that for it with as was on by be at".split()
TAGS = [f"topic-{number}" for number in range(40)]
BLOG_NAME = "archive"

_FRONT = re.compile(r"\A---\s*\n(.*?)^---\s*$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(
    r"^\{% highlight (\w+).*?%\}\n(.*?)\n\{% endhighlight %\}", re.DOTALL | re.MULTILINE
)
_LIQUID = re.compile(r"\{%-?(?:\s*(?:end)?raw\b)?(.*?)-?%\}|\{\{(.*?)\}\}", re.DOTALL)
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)|<img\b[^>]*>")
_KRAMDOWN = re.compile(r"^\{:.*?\}[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class MadePost:
    """A post that nobody wrote."""

    title: str
    at: datetime
    tags: list[str]
    text: str


def made_posts(first: int, end: int, *, words: int) -> Iterator[tuple[int, MadePost]]:
    """Answer the made posts from `first` up to `end`, each with its number, always the same."""
    vocabulary = _vocabulary()
    for index in range(first, end):
        dice = random.Random(index)
        yield (
            index,
            MadePost(
                title=_title(dice, vocabulary),
                at=FIRST_DAY + timedelta(hours=20 * index % 220_000),
                tags=dice.sample(TAGS, 3),
                text=_text(dice, vocabulary, words),
            ),
        )


def with_made_posts(folder: Path, number: int, *, words: int = 250) -> Path:
    """Copy the shipped content to `folder` and add a blog of `number` made posts."""
    posts = _blog_in(folder)
    for index, post in made_posts(0, number, words=words):
        front = {"title": post.title, "date": post.at, "tags": post.tags}
        _write(posts / f"made-{index}.md", front, post.text)
    return folder


def with_real_posts(folder: Path, source: Path, number: int) -> Path:
    """Copy the shipped content and add a blog of `number` posts made from Jekyll's.

    Fewer real posts than that are repeated with other dates and slugs.
    """
    posts = _blog_in(folder)
    originals = [path for path in sorted(source.rglob("*")) if path.suffix in (".md", ".markdown")]
    found = [post for post in map(_converted, originals) if post]
    if not found:
        raise RuntimeError(f"no Jekyll posts in {source}")
    for turn, left in zip(count(), range(number, 0, -len(found)), strict=False):
        for slug, front, body in found[:left]:
            at = front["date"] - timedelta(days=400 * turn)
            name = f"{at:%Y-%m-%d}-{slug}-{turn}.md" if turn else f"{at:%Y-%m-%d}-{slug}.md"
            _write(posts / name, {**front, "date": at}, body)
    for author in {author for _, front, _ in found for author in front.get("authors", [])}:
        _write(folder / "authors" / f"{author}.md", {"name": author.title()}, "")
    return folder


def _blog_in(folder: Path) -> Path:
    shutil.copytree(SHIPPED, folder)
    posts = folder / "blogs" / BLOG_NAME / "posts"
    posts.mkdir(parents=True)
    (posts.parent / "blog.toml").write_text(
        'title = "Archive"\ndescription = "Posts to measure with."\n'
    )
    return posts


def _write(path: Path, front: dict[str, Any], body: str) -> None:
    head = yaml.safe_dump(front, sort_keys=False, allow_unicode=True)
    path.write_text(f"---\n{head}---\n{body}")


@cache
def _vocabulary() -> list[str]:
    dice = random.Random(0)
    return ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(20_000)]


def _title(dice: random.Random, vocabulary: list[str]) -> str:
    return " ".join(dice.choices(vocabulary, k=5)).capitalize()


def _text(dice: random.Random, vocabulary: list[str], words: int) -> str:
    """Answer paragraphs in which some words are on every page and most on few."""
    rare = [vocabulary[int(dice.paretovariate(0.4)) % len(vocabulary)] for _ in range(words // 2)]
    mixed = rare + dice.choices(COMMON, k=words - len(rare))
    dice.shuffle(mixed)
    paragraphs = [" ".join(mixed[at : at + 80]) + "." for at in range(0, len(mixed), 80)]
    return "\n\n".join([*paragraphs[:1], f"## {_title(dice, vocabulary)}", *paragraphs[1:]]) + "\n"


def _converted(path: Path) -> tuple[str, dict[str, Any], str] | None:
    """Answer slug, front matter and text of one Jekyll post, or `None` when it has no date."""
    text = path.read_text()
    front = _FRONT.match(text)
    if not front:
        return None
    given = yaml.safe_load(front[1])
    dated = re.match(r"(\d{4}-\d\d-\d\d)-(.+)", path.stem)
    at = _moment(given.get("date")) or _moment(dated and dated[1])
    if at is None:
        return None
    kept: dict[str, Any] = {"title": str(given["title"]), "date": at}
    if given.get("author"):
        kept["authors"] = [_slug(str(given["author"]))]
    return _slug(dated[2] if dated else path.stem), kept, _plain(text[front.end() :])


def _plain(body: str) -> str:
    """Turn what Jekyll would have computed into text, and pictures into their words."""
    body = _PICTURE.sub(lambda match: match[1] or "", _KRAMDOWN.sub("", body))
    body = _CODE.sub(lambda match: f"```{match[1]}\n{match[2]}\n```", body)
    return _LIQUID.sub(lambda match: _slug(match[1] or match[2] or ""), body)


def _moment(value: object) -> datetime | None:
    """Answer a date as Jekyll's authors write it, or `None` when there is none to read."""
    text = re.sub(r"\s+([+-]\d\d):?(\d\d)$", r"\1:\2", str(value).strip())
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:100].strip("-")
