"""G3: what a post page costs when it is rendered anew."""

from collections.abc import Iterator

from bench.report import Finding
from bench.ruler import compare
from bench.site import SHIPPED, site_of

LIMIT = 100  # times nginx
ENCODINGS = {"identity": "as it is", "br": "compressed for a browser"}


def measure() -> Iterator[Finding]:
    """Compare the longest shipped post with nginx sending the same bytes."""
    with site_of() as site:
        posts = SHIPPED.glob("blogs/*/posts/*.md")
        longest = max(posts, key=lambda path: path.stat().st_size)
        slug = longest.stem[11:] if longest.stem[:4].isdigit() else longest.stem
        path = f"/{longest.parts[-3]}/{slug}/"
        with site.served() as pid:
            for encoding, words in ENCODINGS.items():
                seen = compare(site, pid, path, encoding=encoding)
                size = f"{seen.size / 1000:.1f} KB"
                what = f"post page rendered anew, {words}, {size}"
                yield Finding("G3", f"{what}: CPU", seen.ratio, LIMIT, "times nginx")
                yield Finding("G3", f"{what}: CPU per answer", seen.ours * 1000, unit="ms")
                yield Finding("G3", f"{what}: answers of one core", seen.per_second, unit="/s")
