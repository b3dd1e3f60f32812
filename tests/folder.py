"""A content folder that tests write into, as Mira, Noor and Otto would."""

import io
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from tests.cast import GARDEN, MIRA, NOOR, WORKSHOP


class ContentFolder:
    """Files below one folder; every method answers the path from there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, text: str | bytes) -> str:
        """Write a file, with the folders it needs."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def remove(self, path: str) -> None:
        """Remove a file."""
        (self.root / path).unlink()

    def rename(self, path: str, new: str) -> str:
        """Rename a file."""
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).rename(self.root / new)
        return new

    def post(
        self, slug: str = "tulips", body: str = "Tulips like sun.", blog: str = GARDEN, **front: Any
    ) -> str:
        """A post; `front` adds to its front matter or replaces it."""
        front = {"title": slug.title(), "date": "2026-03-01", **front}
        return self.markdown(f"blogs/{blog}/posts/{slug}.md", body, **front)

    def page(self, path: str = "about", body: str = "", **front: Any) -> str:
        """A marketing page."""
        return self.markdown(f"pages/{path}.md", body, **{"title": path.title(), **front})

    def markdown(self, path: str, body: str, **front: Any) -> str:
        """A Markdown file with front matter."""
        matter = yaml.safe_dump(front, allow_unicode=True, sort_keys=False)
        return self.write(path, f"---\n{matter}---\n{body}\n")

    def picture(self, path: str, width: int = 1000, height: int = 500) -> str:
        """A PNG of one colour."""
        out = io.BytesIO()
        Image.new("RGB", (width, height), "#0f6a80").save(out, "PNG")
        return self.write(path, out.getvalue())

    def processor(self, host: str) -> str:
        """The list of who works for the site: one company, to whose host it may connect."""
        return self.write(
            "policy/processors.toml",
            '[[processors]]\nname = "Example Mail Ltd"\ncountry = "Ireland"\n'
            'purpose = "delivers mail"\nsafeguard = "a contract"\n'
            f'sees = "recipients and text"\nhosts = ["{host}"]\n',
        )

    def policy(self, number: int = 1, body: str = "", **front: Any) -> str:
        """A version of the privacy policy."""
        body = body or "## Comments\n\n[c5] An address is kept for {{ policy.keep.comment_ip }}."
        matter = {
            "version": number,
            "effective_from": "2026-01-01",
            "announced_on": "2026-01-01",
            "changes": [f"News number {number}."],
        }
        return self.markdown(f"policy/{number:04}.md", body, **matter | front)

    def furnish(self) -> None:
        """The least a site needs: its settings, two blogs and their authors."""
        self.write(
            "site.toml",
            'name = "Green Street"\ntagline = "Gardens and workshops"\n'
            '[contact]\nemail = "hello@example.org"\nsecurity = "security@example.org"\n'
            '[[navigation]]\nlabel = "Garden"\nto = "/garden/"\n',
        )
        self.page("home", sections=[_hero("Gardens and workshops")])
        for blog, title in ((GARDEN, "Garden"), (WORKSHOP, "Workshop")):
            self.write(
                f"blogs/{blog}/blog.toml", f'title = "{title}"\ndescription = "All about it."\n'
            )
        self.markdown(f"authors/{MIRA}.md", "Mira grows things.", name="Mira", role="Gardener")
        self.markdown(f"authors/{NOOR}.md", "Noor mends things.", name="Noor")


def _hero(title: str) -> dict[str, Any]:
    action = {"label": "Read", "to": "/garden/"}
    return {"type": "hero", "title": title, "text": "Come in.", "action": action}
