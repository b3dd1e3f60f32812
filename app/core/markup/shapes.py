"""The house's shapes of Markdown: anchors, callouts, figures, code and tables.

A Markdown extension. It runs after the standard ones and turns their plain
elements into what the style sheet and screen readers expect.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify_unicode
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_by_name
from pygments.util import ClassNotFound

from .outside import OutsideFrames, OutsideLinks

CALLOUTS = {"note": "Note", "tip": "Tip", "important": "Important", "warning": "Warning"}
NO_PICTURE = "is not in the content folder, or is no PNG, JPEG, WebP, GIF or AVIF file"
#: Fragments that belong to the page around an article.
RESERVED_IDS = re.compile(r"main|q|q-problem|kept|comments|comment-.*|c\d+")
SIZES = "(min-width: 46rem) 42rem, 100vw"

_CALLOUT = re.compile(r"\[!(\w+)\][ \t]*\n?")
_CODE = re.compile(r'<pre><code(?: class="language-([\w+#.-]+)")?>(.*?)</code></pre>', re.DOTALL)
_HTML_PICTURE = re.compile(r"<(?:img|image|picture)\b", re.IGNORECASE)
_FOOTNOTE_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class PictureTag:
    """Where the versions of one picture are, and its size in pixels."""

    src: str
    srcset: str
    width: int
    height: int
    full: str


def heading_id(text: str, separator: str) -> str:
    """The fragment of a heading, made of its own words only, so it outlives its neighbours."""
    name = slugify_unicode(text, separator) or "section"
    return f"{name}{separator}section" if RESERVED_IDS.fullmatch(name) else name


class ArticleShapes(Extension):
    """One text's shapes; afterwards `headings` and `problems` tell what was met."""

    def __init__(self, pictures: Mapping[str, PictureTag | str]) -> None:
        super().__init__()
        self.pictures = pictures
        self.headings: list[tuple[int, str, str]] = []
        #: Each with the words of the text it is about.
        self.problems: list[tuple[str, str]] = []

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        """Hook in: before the contents list (5) to lower headings, after it for the rest."""
        md.treeprocessors.register(OutsideLinks(md), "shapes-outside", 25)
        md.treeprocessors.register(_LowerTitles(md), "shapes-titles", 6)
        md.treeprocessors.register(_Shapes(md, self), "shapes", 4)
        md.postprocessors.register(OutsideFrames(md, self.problems), "shapes-frames", 6)
        md.postprocessors.register(_Code(md), "shapes-code", 5)


class _LowerTitles(Treeprocessor):
    """The page's own title is the only first-level heading."""

    def run(self, root: Element) -> None:
        for heading in root.iter("h1"):
            heading.tag = "h2"


class _Shapes(Treeprocessor):
    def __init__(self, md: Markdown, shapes: ArticleShapes) -> None:
        super().__init__(md)
        self.shapes = shapes
        self.pictures_seen = 0

    def run(self, root: Element) -> None:
        names = {token["id"]: token for token in _flat(getattr(self.md, "toc_tokens", []))}
        for token in names.values():
            text = html.unescape(token["name"])
            self.shapes.headings.append((token["level"], token["id"], text))
        for parent in list(root.iter()):
            _part_callouts(parent)
            for position, child in enumerate(list(parent)):
                self._shape(parent, position, child, names)
        for block in self.md.htmlStash.rawHtmlBlocks:
            picture = _HTML_PICTURE.search(str(block))
            if picture:
                reason = "write pictures as ![what it shows](path), not as HTML"
                self.shapes.problems.append((reason, picture[0]))

    def _shape(self, parent: Element, position: int, child: Element, names: dict) -> None:
        if child.tag in ("h2", "h3", "h4") and child.get("id"):
            _add_anchor(child, names)
        elif child.tag == "table":
            parent[position] = _scrolling(child)
        elif child.tag == "blockquote":
            _make_callout(child)
        elif child.tag == "img":
            self._fill_picture(parent, child)
        elif child.tag == "div" and child.get("class") == "footnote":
            _name_footnotes(child)
        elif child.tag == "sup" and (child.get("id") or "").startswith("fnref"):
            _name_reference(child)

    def _fill_picture(self, parent: Element, image: Element) -> None:
        source, alt = image.get("src", ""), (image.get("alt") or "").strip()
        found = self.shapes.pictures.get(source)
        if not isinstance(found, PictureTag):
            reason = found or f"the picture {source} {NO_PICTURE}"
            self.shapes.problems.append((reason, f"]({source}"))
            return
        if not alt:
            reason = f"the picture {source} has no alternative text"
            self.shapes.problems.append((reason, f"![]({source}"))
            return
        self.pictures_seen += 1
        for name, value in _picture_attributes(found, is_first=self.pictures_seen == 1).items():
            image.set(name, value)
        caption = image.attrib.pop("title", None)
        stands_alone = len(parent) == 1 and not (parent.text or "").strip()
        if parent.tag == "p" and stands_alone and not (image.tail or "").strip():
            _make_figure(parent, image, found.full, caption)


class _Code(Postprocessor):
    """Fenced and indented code, highlighted with class names only, in a region that scrolls."""

    def run(self, text: str) -> str:
        return _CODE.sub(_highlighted, text)


def _flat(tokens: list[dict]) -> Iterator[dict]:
    for token in tokens:
        yield token
        yield from _flat(token["children"])


def _add_anchor(heading: Element, names: dict) -> None:
    known = names.get(heading.get("id"))
    text = html.unescape(known["name"]) if known else "".join(heading.itertext())
    if len(heading):
        heading[-1].tail = (heading[-1].tail or "") + " "
    else:
        heading.text = (heading.text or "") + " "
    anchor = SubElement(heading, "a", {"class": "anchor", "href": f"#{heading.get('id')}"})
    anchor.set("aria-label", f"Link to: {text}")
    anchor.text = "#"


def _scrolling(table: Element) -> Element:
    columns = [" ".join("".join(cell.itertext()).split()) for cell in table.iter("th")]
    label = "Table: " + ", ".join(column for column in columns if column)
    region = Element("div", {"class": "table", "role": "region", "tabindex": "0"})
    region.set("aria-label", label if len(label) > 7 else "Table")
    for cell in table.iter():
        style = cell.attrib.pop("style", "")
        if "right" in style or "center" in style:
            cell.set("class", "end" if "right" in style else "middle")
    for head in table.iter("th"):
        head.set("scope", "col")
    region.tail, table.tail = table.tail, None
    region.append(table)
    return region


def _part_callouts(parent: Element) -> None:
    """Give each callout a quote of its own; Markdown joins quotes that follow one another."""
    for quote in [child for child in parent if child.tag == "blockquote"]:
        starts = [child for child in quote if child.tag == "p" and _callout_kind(child)]
        for start in reversed(starts):
            position = list(quote).index(start)
            if position == 0:
                continue
            rest = list(quote)[position:]
            own = Element("blockquote")
            own.extend(rest)
            own.tail, quote.tail = quote.tail, "\n"
            for child in rest:
                quote.remove(child)
            parent.insert(list(parent).index(quote) + 1, own)


def _callout_kind(paragraph: Element) -> str | None:
    found = _CALLOUT.match(paragraph.text or "")
    return found[1].lower() if found and found[1].lower() in CALLOUTS else None


def _make_callout(quote: Element) -> None:
    first = quote.find("p")
    kind = _callout_kind(first) if first is not None else None
    if first is None or kind is None:
        return
    quote.tag = "aside"
    quote.set("class", f"callout callout--{kind}")
    quote.set("role", "note")
    quote.set("aria-label", CALLOUTS[kind])
    first.text = _CALLOUT.sub("", first.text or "", count=1)
    title = Element("p", {"class": "callout__title"})
    title.text, title.tail = CALLOUTS[kind], "\n"
    quote.insert(0, title)
    if not "".join(first.itertext()).strip():
        quote.remove(first)


def _picture_attributes(found: PictureTag, *, is_first: bool) -> dict[str, str]:
    return {
        "src": found.src,
        "srcset": found.srcset,
        "sizes": SIZES,
        "width": str(found.width),
        "height": str(found.height),
        "loading": "eager" if is_first else "lazy",
        "decoding": "async",
    }


def _make_figure(parent: Element, image: Element, full: str, caption: str | None) -> None:
    parent.tag = "figure"
    parent.text = None
    image.tail = None
    parent.remove(image)
    link = SubElement(parent, "a", {"href": full})
    link.append(image)
    if caption:
        SubElement(parent, "figcaption").text = caption


def _name_footnotes(notes: Element) -> None:
    notes.tag = "section"
    notes.set("class", "footnotes")
    notes.set("aria-label", "Footnotes")
    for rule in notes.findall("hr"):
        notes.remove(rule)
    for link in notes.iter("a"):
        if link.get("class") == "footnote-backref":
            number = _FOOTNOTE_NUMBER.search(link.attrib.pop("title", ""))
            link.set("class", "footnote-back")
            link.set("aria-label", f"Back to reference {number[0] if number else ''}".strip())


def _name_reference(mark: Element) -> None:
    mark.set("class", "footnote-ref")
    link = mark.find("a")
    if link is not None:
        link.attrib.pop("class", None)
        link.set("id", mark.attrib.pop("id"))
        link.set("aria-label", f"Footnote {''.join(link.itertext())}")


def _highlighted(found: re.Match[str]) -> str:
    language = found[1] or ""
    source = html.unescape(found[2])
    try:
        lexer = get_lexer_by_name(language) if language else TextLexer()
    except ClassNotFound:
        lexer = TextLexer()
    marked = highlight(source, lexer, HtmlFormatter(nowrap=True))
    name = html.escape(language)
    label = f'<p class="code__label">{name}</p>' if name else ""
    return (
        f'<div class="code" data-language="{name}">{label}<pre tabindex="0" role="group" '
        f'aria-label="{f"Code: {name}" if name else "Code"}"><code class="highlight">{marked}'
        "</code></pre></div>"
    )
