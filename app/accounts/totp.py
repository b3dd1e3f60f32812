"""Codes from an authenticator app (RFC 6238): six digits, thirty seconds, one step of grace."""

import hmac
import re
from datetime import datetime

import pyotp
import segno

STEP = 30
GRACE = 1
_CODE = re.compile(r"[0-9]{6}")
_BLANK = re.compile(r"[\s-]+")


def new_secret() -> str:
    """A fresh secret of 160 bits in base32, as apps take it."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, at: datetime, after: int | None) -> int | None:
    """The time step whose code this is, or `None`.

    A step that is not later than `after`, the last one accepted, never matches: a code that
    was read over a shoulder is worth nothing. Takes the same time whether it matches or not.
    """
    given = _BLANK.sub("", code)
    if not _CODE.fullmatch(given):
        return None
    now = int(at.timestamp()) // STEP
    maker = pyotp.HOTP(secret)
    found = None
    for step in range(now - GRACE, now + GRACE + 1):
        is_right = hmac.compare_digest(maker.at(step), given)
        if is_right and (after is None or step > after):
            found = step
    return found


def code_at(secret: str, at: datetime) -> str:
    """The code an app shows at that moment."""
    return pyotp.TOTP(secret).at(at)


def set_up_address(secret: str, username: str, site: str) -> str:
    """The `otpauth:` address an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=site)


def in_groups(secret: str) -> str:
    """The secret as people type it: groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def picture(address: str) -> str:
    """The address as a QR code: an SVG element without style, dark on light in every scheme."""
    drawn = segno.make(address, error="m").svg_inline(
        dark="#000",
        light="#fff",
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        title="QR code for your authenticator app",
    )
    return drawn.replace("<svg ", '<svg role="img" ', 1)
