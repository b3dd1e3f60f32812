"""What of a header is kept: a family, a language, a host, and nothing that tells one from many."""

import pytest

from app.trends.browsers import browser_of, is_program
from app.trends.hits import Hit, sort
from app.trends.hosts import source_of
from app.trends.languages import NAMES, language_of
from app.trends.models import LONGEST, Dimension

OWN = frozenset({"www.example.org"})
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.1 Safari/605.1.15"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("agent", "browser"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0", "Firefox 140 to 149"),
        (CHROME, "Chrome 140 to 149"),
        (f"{CHROME} Edg/142.0.3595.53", "Edge 140 to 149"),
        (f"{CHROME} OPR/124.0.0.0", "Opera 120 to 129"),
        (CHROME.replace("Chrome/", "SamsungBrowser/29.0 Chrome/"), "Samsung Internet 20 to 29"),
        (IPHONE.replace("Version/26.0", "CriOS/142.0"), "Chrome 140 to 149"),
        (IPHONE.replace("Version/26.0", "FxiOS/9.0"), "Firefox 1 to 9"),
        (SAFARI, "Safari 20 to 29"),
        (IPHONE, "Safari 20 to 29"),
        ("Mozilla/5.0 Ada's own browser 7", "other"),
    ],
)
def test_a_browser_is_a_family_and_a_band_of_versions(agent: str, browser: str) -> None:
    assert not is_program(agent)
    assert browser_of(agent) == browser


@pytest.mark.parametrize(
    "agent",
    [
        *(None, "", "curl/8.5.0", "Wget/1.24", "python-requests/2.32", "Go-http-client/2.0"),
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
        "Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@example.com)",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        CHROME.replace("Chrome/", "HeadlessChrome/"),
        f"{CHROME} Lighthouse",
        "Mozilla/5.0 (compatible; YandexBot/3.0)",
        "facebookexternalhit/1.1",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
    ],
)
def test_programs_are_no_readers(agent: str | None) -> None:
    assert is_program(agent)


@pytest.mark.parametrize(
    ("referrer", "source"),
    [
        ("", "none"),
        (None, "none"),
        ("https://blog.example.com/a/page?name=Bo#part", "example.com"),
        ("https://example.com:8443/", "example.com"),
        ("https://user:secret@example.com/", "example.com"),
        ("https://EXAMPLE.com./", "example.com"),
        ("http://www.shop.example.co.uk/", "example.co.uk"),
        ("https://example.de/", "example.de"),
        ("https://deep.sub.example.com.au/", "example.com.au"),
        ("https://www.example.org/garden/", None),
        ("http://203.0.113.9/", "other"),
        ("http://[2001:db8::1]/", "other"),
        ("http://intranet/", "other"),
        ("android-app://com.example.mail/", "other"),
        ("javascript:alert(1)", "other"),
        ("https://<script>.example.com/", "other"),
        ("https://bo%40example.org/", "other"),
        ("https://" + "a" * 70 + ".example.com/", "other"),
        ("https://" + "x.y" * 60 + ".com/", "other"),
        ("https://[broken", "other"),
    ],
)
def test_of_a_referrer_the_registered_host_is_kept(referrer: str | None, source: str) -> None:
    assert source_of(referrer, OWN) == source


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("EN-us", "en"),
        ("nb", "no"),
        ("tlh", "other"),
        ("*", "other"),
        ("x-canary-word", "other"),
        ("english", "other"),
        ("", "none"),
    ],
)
def test_a_language_is_one_of_a_list(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


def test_the_list_of_languages_is_in_order() -> None:
    assert list(NAMES) == sorted(NAMES)
    assert len(NAMES) > 40


@pytest.mark.promise("no-address-for-readers")
def test_of_marked_headers_family_language_and_host_survive() -> None:
    marked = Hit(
        "/tulips/",
        "200",
        agent=f"{CHROME} canary-agent",
        language="en-canary,de;q=0.1",
        referrer="https://canary-sub.example.net/canary-page?canary-query",
        purpose="canary-purpose",
    )
    values = list(sort(marked, 9, lambda path: path, OWN))
    assert values == [
        (Dimension.TOTAL, ""),
        (Dimension.PAGE, "/tulips/"),
        (Dimension.HOUR, "09"),
        (Dimension.BROWSER, "Chrome 140 to 149"),
        (Dimension.LANGUAGE, "en"),
        (Dimension.SOURCE, "example.net"),
    ]


def test_no_value_is_longer_than_its_column() -> None:
    longest = Hit("/x/", "200", agent="Mozilla/5.0 Firefox/" + "9" * 280, referrer="https://" * 40)
    for _dimension, value in sort(longest, 23, lambda path: path, OWN):
        assert len(value) <= LONGEST
