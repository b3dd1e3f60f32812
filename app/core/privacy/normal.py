"""What is the same address: one form for each email and each IP, whatever way it was typed."""

import ipaddress
import unicodedata

import idna

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_V4_BITS, _V6_BITS = 24, 48


def normal_email(text: str) -> str:
    """One spelling for one mailbox: trimmed, composed, lower-case, the domain in ASCII."""
    composed = unicodedata.normalize("NFC", text.strip())
    local, at, domain = composed.rpartition("@")
    return unicodedata.normalize("NFC", local.lower()) + at + _ascii_domain(domain)


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        # No name a mail could go to; equal text is still found as equal.
        return domain.lower()


def read_address(text: str) -> Address:
    """The address of a text, IPv4 within IPv6 as IPv4. Raises `ValueError`."""
    address = ipaddress.ip_address(text.strip().partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def address_bytes(text: str) -> bytes:
    """An address as 16 bytes, so that its length tells nothing. Raises `ValueError`."""
    address = read_address(text)
    if isinstance(address, ipaddress.IPv4Address):
        return bytes(10) + b"\xff\xff" + address.packed
    return address.packed


def address_text(packed: bytes) -> str:
    """The address of 16 bytes as people write it."""
    return str(read_address(str(ipaddress.IPv6Address(packed))))


def neighbourhood(text: str) -> bytes:
    """The network an address is in: 24 bits of IPv4, 48 of IPv6.

    Also takes a network such as `203.0.113.0/24`. Raises `ValueError`.
    """
    address = read_address(text.partition("/")[0])
    bits = _V4_BITS if address.version == 4 else _V6_BITS
    network = ipaddress.ip_network((address, bits), strict=False)
    return str(network).encode("ascii")
