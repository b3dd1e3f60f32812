"""Media of other sites in an author's text: each becomes a card that says where its link goes.

A frame or player would tell another site who reads what, before anybody pressed anything. The
card loads nothing; whoever follows its link knows where they are led.
"""

import re
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

#: Where an address alone in its paragraph is a video and not merely an address.
VIDEO_SITES = frozenset(
    {
        *("youtube.com", "youtu.be", "youtube-nocookie.com", "vimeo.com", "dailymotion.com"),
        *("dai.ly", "twitch.tv", "media.ccc.de", "framatube.org", "tilvids.com"),
    }
)
#: What an element would show; a frame may be anything.
KINDS = {
    "iframe": "Page",
    "video": "Video",
    "audio": "Recording",
    "object": "Page",
    "embed": "Page",
}
NO_ADDRESS = "embeds something without an address on the web; link to it instead"

_ALONE = re.compile(r"<?(https?://[^\s<>\"]+)>?|\[([^\]\n]+)\]\((https?://[^\s()<>\"]+)\)")
_EMBEDDED = re.compile(
    r"(<p>\s*)?<(iframe|video|audio|object|embed)\b[^>]*>"
    r"(?:(?:(?!<(?:iframe|video|audio|object)\b).)*?</\2\s*>)?(\s*</p>)?",
    re.DOTALL | re.IGNORECASE,
)
_PLAYERS = (
    (
        re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+).*"),
        "https://www.youtube.com/watch?v={}",
    ),
    (re.compile(r"https?://player\.vimeo\.com/video/(\d+).*"), "https://vimeo.com/{}"),
)


class OutsideLinks(Treeprocessor):
    """Addresses of videos that stand alone; before anything in them is read as Markdown."""

    def run(self, root: Element) -> None:
        """Put a card in the place of each such paragraph."""
        for parent in list(root.iter()):
            for position, child in enumerate(list(parent)):
                found = _ALONE.fullmatch((child.text or "").strip()) if child.tag == "p" else None
                if found is None or len(child):
                    continue
                address = found[1] or found[3]
                if is_video_site(address):
                    parent[position] = _card(address, "Video", found[2] or "")


class OutsideFrames(Postprocessor):
    """Frames and players written as HTML."""

    def __init__(self, md: Markdown, problems: list[tuple[str, str]]) -> None:
        super().__init__(md)
        self.problems = problems

    def run(self, text: str) -> str:
        """Put a card in the place of each, or a link where it stands within a sentence."""
        return _EMBEDDED.sub(self._replaced, text)

    def _replaced(self, found: re.Match[str]) -> str:
        told = _Told()
        told.feed(found[0])
        address = _watched(told.address)
        if not is_on_the_web(address):
            self.problems.append((NO_ADDRESS, found[2]))
            return ""
        kind = "Video" if is_video_site(address) else KINDS[found[2].lower()]
        if _is_in_a_sentence(found):
            link = _link(address, f"{told.title or kind} at {_host(address)}")
            return f"{found[1] or ''}{link}{found[3] or ''}"
        return f"\n{_html(address, kind, told.title)}\n"


def is_on_the_web(address: str) -> bool:
    """Whether it names another site that a link may lead to."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def is_video_site(address: str) -> bool:
    """Whether an address is of a site that shows videos."""
    if not is_on_the_web(address):
        return False
    host = _host(address)
    return any(host == site or host.endswith(f".{site}") for site in VIDEO_SITES)


class _Told(HTMLParser):
    """The first address and title that markup for a player names."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.address = self.title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is not known yet."""
        given: Mapping[str, str | None] = dict(attrs)
        address = given.get("src") or given.get("data") or ""
        self.address = self.address or ("https:" * address.startswith("//") + address).strip()
        title = given.get("title") or given.get("aria-label") or ""
        self.title = self.title or " ".join(title.split())


def _is_in_a_sentence(found: re.Match[str]) -> bool:
    """Whether the paragraph that a match stands in holds anything else."""
    if found[1] or found[3]:
        return not (found[1] and found[3])
    before = found.string
    return before.rfind("<p>", 0, found.start()) > before.rfind("</p>", 0, found.start())


def _watched(address: str) -> str:
    """The page on which people watch what an address of a player would show."""
    for player, page in _PLAYERS:
        found = player.fullmatch(address)
        if found:
            return page.format(found[1])
    return address


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _words(address: str, kind: str, title: str) -> tuple[str, str, str]:
    """The name of the card, its sentence, and the words of its link."""
    host = _host(address)
    said = (
        f"{kind} at {host}. Nothing of it was loaded here; following the link asks {host} for it."
    )
    return title or f"{kind} at {host}", said, f"Go to {host}"


def _card(address: str, kind: str, title: str) -> Element:
    name, said, go = _words(_watched(address), kind, title)
    card = Element("aside", {"class": "callout callout--note", "role": "note", "aria-label": name})
    SubElement(card, "p", {"class": "callout__title"}).text = AtomicString(name)
    SubElement(card, "p").text = AtomicString(said)
    link = SubElement(SubElement(card, "p"), "a", {"href": _watched(address)})
    link.text = AtomicString(go)
    return card


def _html(address: str, kind: str, title: str) -> str:
    name, said, go = _words(address, kind, title)
    return (
        f'<aside class="callout callout--note" role="note" aria-label="{escape(name)}">'
        f'<p class="callout__title">{escape(name)}</p><p>{escape(said)}</p>'
        f"<p>{_link(address, go)}</p></aside>"
    )


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'
