"""Where a request comes from, as far as signing in needs to know and a person can recognise."""

import ipaddress
from dataclasses import dataclass

UNKNOWN = "Another browser"

# The first that fits names it: every browser claims to be several others.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Vivaldi", "Vivaldi"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Place:
    """One browser at one address."""

    ip: str
    device: str
    #: What its device cookie says.
    device_token: str | None = None

    @property
    def neighbourhood(self) -> str:
        """The network around the address: /24, or /48 of IPv6; guessers change addresses in it."""
        try:
            address = ipaddress.ip_address(self.ip)
        except ValueError:
            return ""
        bits = 24 if address.version == 4 else 48
        return str(ipaddress.ip_network((address, bits), strict=False))


def device_words(agent: str) -> str:
    """The family of browser and system, such as `Firefox on Linux`; never a version."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in agent), None)
    if browser is None:
        return UNKNOWN
    return f"{browser} on {system}" if system else browser
