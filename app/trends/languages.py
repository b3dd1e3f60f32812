"""Which language a browser prefers: one of a fixed list, and never what else it says."""

import re

from .models import OTHER

#: Not said at all.
UNSAID = "none"

NAMES = dict(
    pair.split()
    for pair in (
        "ar Arabic, bg Bulgarian, bn Bengali, ca Catalan, cs Czech, da Danish, de German, "
        "el Greek, en English, es Spanish, et Estonian, eu Basque, fa Persian, fi Finnish, "
        "fr French, ga Irish, gl Galician, he Hebrew, hi Hindi, hr Croatian, hu Hungarian, "
        "id Indonesian, is Icelandic, it Italian, ja Japanese, ko Korean, lt Lithuanian, "
        "lv Latvian, ms Malay, nl Dutch, no Norwegian, pl Polish, pt Portuguese, ro Romanian, "
        "ru Russian, sk Slovak, sl Slovenian, sr Serbian, sv Swedish, sw Swahili, ta Tamil, "
        "th Thai, tr Turkish, uk Ukrainian, ur Urdu, vi Vietnamese, zh Chinese"
    ).split(", ")
)
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}
_FIRST = re.compile(r"\s*([a-z]{2,3})(?![a-z0-9])", re.IGNORECASE)


def language_of(accepted: str | None) -> str:
    """The code of the first language that a browser accepts."""
    if not accepted:
        return UNSAID
    found = _FIRST.match(accepted)
    code = found[1].lower() if found else ""
    code = _SAME.get(code, code)
    return code if code in NAMES else OTHER
