"""What `flask doctor` asks about the way in: whose word on a visitor's address is taken."""

from flask import current_app

from app.core.readers import Network
from app.core.registry import Check, Finding

#: A network of this many leading bits or fewer holds strangers.
WIDEST = {4: 7, 6: 16}
_SETTING = "CLIENTFLOW_TRUSTED_PROXIES"


def proxies() -> Finding:
    """A proxy that stands before the site is trusted, and nobody else is."""
    trusted: tuple[Network, ...] = current_app.config["TRUSTED_PROXIES"]
    wide = [str(network) for network in trusted if network.prefixlen <= WIDEST[network.version]]
    if wide:
        told = f"Anybody in {', '.join(wide)} may say which address a visitor has."
        return Finding("fail", told, f"set {_SETTING} to the addresses of your proxies")
    if trusted:
        return Finding("ok", f"The word of {', '.join(map(str, trusted))} is taken.")
    if current_app.config["BASE_URL"].startswith("https://"):
        told = "The site is reached by https, and no proxy is trusted: all visitors look like one."
        return Finding("warn", told, f"set {_SETTING}=127.0.0.1")
    return Finding("ok", "There is none, and nobody's word on addresses is taken.")


WEB_CHECKS = (Check("proxies", proxies),)
