"""Masks: as much of an email or an address as may stand in a list."""

import ipaddress

from .normal import read_address
from .sealed import DOTS


def mask(kind: str, text: str) -> str:
    """`j•••@e•••.org` for an email, `203.0.•.•` for an address, dots for anything else."""
    if kind == "email":
        return _mask_email(text)
    return _mask_address(text) if kind == "ip" else DOTS


def _mask_email(text: str) -> str:
    local, _at, domain = text.rpartition("@")
    host, dot, ending = domain.rpartition(".")
    if not host:
        host, dot, ending = ending, "", ""
    return f"{local[:1]}{DOTS}@{host[:1]}{DOTS}{dot}{ending}"


def _mask_address(text: str) -> str:
    address = read_address(text)
    if isinstance(address, ipaddress.IPv4Address):
        return ".".join([*str(address).split(".")[:2], "•", "•"])
    return ":".join([*(part.lstrip("0") or "0" for part in address.exploded.split(":")[:2]), "•"])
