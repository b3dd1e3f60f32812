"""One address for every kind of page."""

POST = "/engineering/sealing-an-address/"
POST_WITH_CODE = "/blog/writing-a-post/"
POST_WITH_FIGURES = "/blog/callouts-figures-footnotes/"
POST_IN_A_SERIES = "/engineering/reading-the-generation-first/"
POST_WITH_A_COVER = "/blog/the-first-release/"

FAULTS = {"/fault/500/": 500, "/fault/503/": 503}

EVERY_KIND = (
    "/",
    "/features/",
    "/pricing/",
    "/about/",
    "/contact/",
    "/feedback/",
    "/feedback/new/",
    "/trends/",
    "/blog/",
    POST,
    POST_WITH_CODE,
    POST_WITH_FIGURES,
    POST_IN_A_SERIES,
    POST_WITH_A_COVER,
    "/blog/tags/",
    "/blog/tags/privacy/",
    "/blog/authors/",
    "/blog/authors/design/",
    "/blog/archive/",
    "/blog/archive/2026/11/",
    "/engineering/series/",
    "/engineering/series/fast-and-never-stale/",
    "/search/",
    "/search/?q=cookie",
    "/search/?q=zzzzzz",
    "/search/?q=%21%21",
    "/nowhere/",
)

ODD_KINDS = (
    "/",
    "/garden/",
    "/garden/endless/",
    "/garden/tags/",
    "/garden/series/",
    "/garden/authors/mira/",
    "/workshop/",
    "/workshop/archive/",
    "/search/?q=title",
    "/nowhere/",
)
