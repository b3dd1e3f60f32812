"""Whose word on the client's address is taken."""

import ipaddress
from typing import Any

import pytest
from flask import Flask, request

from app.core.web import public
from app.core.web.access import is_on_this_machine
from tests.wire import ask

PEER, CLIENT = "10.0.0.1", "203.0.113.9"
TRUSTED = ("10.0.0.0/8", "2001:db8:1::/48", "127.0.0.1/32")

#: name: (peer, X-Forwarded-For, the client's address as it is seen)
BELIEVED = {
    "one client": (PEER, CLIENT, CLIENT),
    "white space": (PEER, f"  {CLIENT}\t", CLIENT),
    "a forged entry before": (PEER, f"192.0.2.1, {CLIENT}", CLIENT),
    "many forged entries before": (PEER, "192.0.2.1," * 200 + CLIENT, CLIENT),
    "our own proxies after": (PEER, f"{CLIENT}, 10.1.1.1, 10.2.2.2", CLIENT),
    "forged before, our own after": (PEER, f"127.0.0.1, {CLIENT}, 10.1.1.1", CLIENT),
    "only our own": (PEER, "10.1.1.1, 10.2.2.2", "10.1.1.1"),
    "this machine, claimed": (PEER, "127.0.0.1", "127.0.0.1"),
    "no header": (PEER, None, PEER),
    "empty": (PEER, "", PEER),
    "only a comma": (PEER, ",", PEER),
    "a comma at the end": (PEER, f"{CLIENT},", PEER),
    "a hole in the list": (PEER, f"{CLIENT}, , 10.1.1.1", "10.1.1.1"),
    "unknown": (PEER, "unknown", PEER),
    "a hidden name": (PEER, "_hidden, 10.1.1.1", "10.1.1.1"),
    "a word at the end": (PEER, f"{CLIENT}, evil", PEER),
    "a word before": (PEER, f"evil, {CLIENT}", CLIENT),
    "with a port": (PEER, f"{CLIENT}:4711", PEER),
    "in quotes": (PEER, f'"{CLIENT}"', PEER),
    "IPv6": (PEER, "2001:db8:2::9", "2001:db8:2::9"),
    "IPv6, long": (PEER, "2001:0DB8:0002:0:0:0:0:0009", "2001:db8:2::9"),
    "IPv6 in brackets": (PEER, "[2001:db8:2::9]", PEER),
    "IPv6 with a scope": (PEER, "fe80::1%eth0", PEER),
    "IPv6 with a scope that is markup": (PEER, "fe80::1%<script>", PEER),
    "IPv4 in IPv6 clothes": (PEER, f"::ffff:{CLIENT}", CLIENT),
    "our own in IPv6 clothes": (PEER, f"{CLIENT}, ::ffff:10.1.1.1", CLIENT),
    "peer in IPv6 clothes": (f"::ffff:{PEER}", CLIENT, CLIENT),
    "IPv6 peer": ("2001:db8:1::1", CLIENT, CLIENT),
    "leading zeros": (PEER, "203.0.113.09", PEER),
    "a number": (PEER, "3405803785", PEER),
    "a network": (PEER, "203.0.113.0/24", PEER),
    "too long": (PEER, "1" * 10_000, PEER),
    "not text": (PEER, "\xff\xfe", PEER),
}
#: Callers whose word is not taken, whatever they say.
STRANGERS = (
    CLIENT,
    "11.0.0.1",
    "2001:db8:2::1",
    "::ffff:203.0.113.9",
    "",
    "unix:",
    "10.0.0.1.evil",
)

FORWARDING = {
    "HTTP_X_FORWARDED_FOR": "127.0.0.1",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PORT": "1",
    "HTTP_X_FORWARDED_PREFIX": "/evil",
    "HTTP_X_REAL_IP": "127.0.0.1",
    "HTTP_FORWARDED": "for=127.0.0.1;host=evil.example;proto=https",
}


def tell() -> dict[str, Any]:
    """What views get to know about where a request came from."""
    return {
        "address": request.remote_addr,
        "scheme": request.scheme,
        "host": request.host,
        "root": request.root_path,
        "url": request.url,
        "here": is_on_this_machine(),
        "headers": sorted(name for name, _ in request.headers if "Forwarded" in name),
    }


def telling(app: Flask) -> Flask:
    app.add_url_rule("/tell", "tell", public(tell))
    return app


@pytest.fixture(scope="module")
def behind(make_lasting: Any) -> Flask:
    networks = tuple(ipaddress.ip_network(name) for name in TRUSTED)
    return telling(make_lasting(TRUSTED_PROXIES=networks))


@pytest.fixture(scope="module")
def alone(make_lasting: Any) -> Flask:
    return telling(make_lasting())


def told(app: Flask, **environ: Any) -> dict[str, Any]:
    import json

    return json.loads(ask(app, "/tell", **environ).text)


@pytest.mark.parametrize(("peer", "given", "client"), BELIEVED.values(), ids=BELIEVED)
def test_the_nearest_address_that_is_not_ours_is_the_client(
    behind: Flask, peer: str, given: str | None, client: str
) -> None:
    assert told(behind, REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=given)["address"] == client


@pytest.mark.parametrize("peer", STRANGERS)
def test_a_stranger_is_not_believed(behind: Flask, peer: str) -> None:
    silent = told(behind, REMOTE_ADDR=peer)
    assert told(behind, REMOTE_ADDR=peer, **FORWARDING) == silent


@pytest.mark.parametrize("peer", [*STRANGERS, PEER, "127.0.0.1", "::1"])
def test_without_listed_proxies_nobody_is_believed(alone: Flask, peer: str) -> None:
    silent = told(alone, REMOTE_ADDR=peer)
    spoken = told(alone, REMOTE_ADDR=peer, **FORWARDING)
    assert spoken == silent | {"here": False}


@pytest.mark.parametrize("name", [*FORWARDING, "HTTP_VIA"])
def test_what_a_proxy_on_this_machine_passes_on_did_not_begin_here(
    alone: Flask, behind: Flask, make_lasting: Any, name: str
) -> None:
    elsewhere = make_lasting(TRUSTED_PROXIES=(ipaddress.ip_network("192.0.2.0/24"),))
    for app in (alone, behind, elsewhere):
        here = {"REMOTE_ADDR": "127.0.0.1"}
        assert ask(app, "/metrics", **here).status == 200
        assert ask(app, "/metrics", **here, **{name: "127.0.0.1"}).status == 404
        assert "database" not in ask(app, "/readyz", **here, **{name: "x"}).text


@pytest.mark.parametrize(
    ("given", "scheme"),
    [
        ("https", "https"),
        ("http", "http"),
        (None, "http"),
        ("HTTPS", "http"),
        ("https, http", "http"),
        ("javascript", "http"),
        ("", "http"),
    ],
)
def test_a_listed_proxy_names_the_scheme(behind: Flask, given: str | None, scheme: str) -> None:
    seen = told(behind, REMOTE_ADDR=PEER, HTTP_X_FORWARDED_PROTO=given)
    assert seen["scheme"] == scheme


def test_even_a_listed_proxy_cannot_change_host_or_prefix(behind: Flask) -> None:
    seen = told(behind, REMOTE_ADDR=PEER, **FORWARDING)
    assert (seen["host"], seen["root"], seen["headers"]) == ("localhost", "", [])
