"""Every pair of colours that the theme lays upon each other can be read, in both schemes."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text()
SCHEMES = ("light", "dark")
TEXT, SHAPES = 4.5, 3.0
PAPERS = ("bg", "raised", "sunk")
PAIRS = (
    *((ink, paper, TEXT) for ink in ("ink", "ink-soft", "link") for paper in PAPERS),
    *(("accent", paper, TEXT) for paper in ("bg", "raised")),
    *(("on-accent", paper, TEXT) for paper in ("accent", "accent-hover")),
    *(
        (tone, paper, TEXT)
        for tone in ("ok", "warn", "bad", "info")
        for paper in ("bg", f"{tone}-bg")
    ),
    *(("ink", f"{tone}-bg", TEXT) for tone in ("ok", "warn", "bad", "info")),
    *(("link", f"{tone}-bg", TEXT) for tone in ("ok", "warn", "bad", "info")),
    ("ink", "mark", TEXT),
    *(("line", paper, SHAPES) for paper in PAPERS),
    *(("focus", paper, SHAPES) for paper in PAPERS),
)

Colour = tuple[float, float, float]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "paper", "least"), PAIRS)
def test_ink_can_be_read_on_its_paper(scheme: str, ink: str, paper: str, least: float) -> None:
    colours = tokens(scheme)
    assert contrast(colours[ink], colours[paper]) >= least


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("paper", PAPERS)
def test_links_mixed_from_the_accent_can_be_read(scheme: str, paper: str) -> None:
    """Where browsers can mix colours, links and pressed buttons follow the accent."""
    colours = tokens(scheme)
    link = mixed(colours["accent"], colours["to-link"], share("link"))
    assert contrast(link, colours[paper]) >= TEXT
    pressed = mixed(colours["accent"], colours["to-hover"], share("accent-hover"))
    assert contrast(colours["on-accent"], pressed) >= TEXT


@pytest.mark.parametrize("ink", ["ink", "ink-soft", "link", "accent", "focus"])
def test_the_dark_band_of_a_light_page_can_be_read(ink: str) -> None:
    assert contrast(tokens("dark")[ink], tokens("light")["band"]) >= TEXT


def test_the_night_is_the_same_by_system_and_by_switch() -> None:
    by_system, by_switch = dark_blocks()
    by_system.pop("band")
    assert by_system == by_switch


def test_black_on_white_is_twenty_one() -> None:
    assert round(contrast((1, 1, 1), (0, 0, 0)), 2) == 21
    assert round(contrast(colour("#5b554c"), colour("#fbfaf7")), 2) == 7.06


def tokens(scheme: str) -> dict[str, Colour]:
    """The colours of a scheme; the accents are the theme's own."""
    light = declared(TOKENS.partition(":root {")[2].partition("}")[0])
    named = light if scheme == "light" else light | dark_blocks()[0]
    named["accent"] = light[f"accent-{scheme}"]
    return {name: colour(text) for name, text in named.items() if text.startswith("#")}


def dark_blocks() -> list[dict[str, str]]:
    """The two places that name the colours of the night."""
    selectors = (":root:not(:has(#scheme-light:checked)", ".night {")
    return [declared(TOKENS.partition(start)[2].partition("}")[0]) for start in selectors]


def declared(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


def share(name: str) -> float:
    """How much of the accent a mixed colour keeps."""
    rule = rf"--{name}: color-mix\(in srgb, var\(--accent\) (\d+)%"
    found = re.search(rule, TOKENS)
    assert found, f"--{name} is not mixed from the accent"
    return int(found[1]) / 100


def colour(text: str) -> Colour:
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def mixed(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (a * part + b * (1 - part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """The ratio of WCAG 2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(of: Colour) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in of]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
