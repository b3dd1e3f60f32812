"""Nothing is cut off and nothing scrolls sideways, however small the screen or large the text."""

from typing import Any

import pytest

from tests.browser.pages import EVERY_KIND, FAULTS, ODD_KINDS

pytestmark = pytest.mark.browser

# What sticks out of the page, or is cut, outside of a region that scrolls by itself.
MISFITS = """() => {
  const room = document.documentElement.clientWidth, whole = document.documentElement.scrollWidth;
  const found = whole > room ? [`the page is ${whole} px wide`] : [];
  const told = element => `${element.tagName}.${element.getAttribute("class") || ""} `
    + element.textContent.trim().slice(0, 40);
  const visit = (element, scrolls) => {
    const style = getComputedStyle(element), overflow = style.overflowX + style.overflowY;
    if (style.display === "none" || style.clipPath !== "none" || !element.checkVisibility()) return;
    const box = element.getBoundingClientRect();
    const isOut = box.right > room + 1 || box.left < -1;
    if (isOut && !scrolls) found.push(`sticks out: ${told(element)}`);
    const isCut = /hidden|clip/.test(overflow) && element.textContent.trim()
      && (element.scrollWidth > element.clientWidth + 1
        || element.scrollHeight > element.clientHeight + 1);
    if (isCut) found.push(`is cut: ${told(element)}`);
    for (const child of element.children) visit(child, scrolls || /auto|scroll/.test(overflow));
  };
  visit(document.body, false);
  return found;
}"""
STYLES = {
    "as it is": "",
    "at 200 %": "html { font-size: 200% }",
    # The values of WCAG 2.2, success criterion 1.4.12.
    "spaced": "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    " word-spacing: .16em !important } p { margin-block-end: 2em !important }",
}
WEAR = """text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [sheet];
}"""


# 320 px is also what a window of 1280 px leaves at a zoom of 400 %.
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_page_fits(readers: Any, width: int) -> None:
    assert _misfits(readers.open_broken(width), (*EVERY_KIND, *FAULTS)) == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_long_words_long_titles_and_right_to_left_fit(odd_readers: Any, width: int) -> None:
    assert _misfits(odd_readers.open(width), ODD_KINDS) == {}


def _misfits(page: Any, paths: tuple[str, ...]) -> dict[str, list[str]]:
    """What does not fit, by page and by what the reader did to the text."""
    found = {}
    for path in paths:
        answer = page.goto(path)
        assert answer.ok or path == "/nowhere/", path
        for how, style in STYLES.items():
            page.evaluate(WEAR, style)
            found[f"{path} {how}"] = page.evaluate(MISFITS)
    return {path: misfits for path, misfits in found.items() if misfits}
