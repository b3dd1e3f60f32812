"""Every route, every method, and what each of the cast gets there.

The table is `doors.txt`, one row a door: its endpoint, its method, an address of it, and eight
codes in the order of `CAST`. Forms are sent from our own pages, empty and without a token, so a
403 or 422 says that the one who sent it was let in. A 303 in the first column leads to the
sign-in, a 404 says that the address does not exist.
"""

from typing import Any

import pytest
from flask import Flask

from app.core.web.access import (
    MEMBER,
    PUBLIC,
    RIGHT,
    UnlabelledEndpoint,
    check_labels,
    is_recent_only,
    label_of,
    rights_of,
    takes_anybodys_form,
)
from tests.folder import ContentFolder
from tests.house.doors import CAST, Street
from tests.house.doors import DOORS as ROWS

pytestmark = pytest.mark.database


#: Where no id can be: beyond what a database counts, of nothing, or no number at all.
NOWHERE = ("0", "999999", "9" * 30, "-1", "1.0", "٣", "x", "%00", "1%27", "..", "")
#: What mail programs send for their readers (RFC 8058); the address itself is the key.
FROM_ANYWHERE = {"comment_mail.silence", "comment_mail.stop"}
#: What takes no recent sign-in: it changes nothing, is how one gets it, or takes a right away.
RECENT_NOT_NEEDED = {"passkeys.options", "people.find", "people.withdraw_invitation"}


def test_the_table_is_what_happens(street: Street) -> None:
    wanted, seen = {}, {}
    for _endpoint, method, address, *codes in ROWS:
        for who, code in zip(CAST, codes, strict=True):
            wanted[method, address, who] = int(code)
            seen[method, address, who] = street.call(who, method, address).status_code
    assert {key: code for key, code in seen.items() if wanted[key] != code} == {}


def test_every_rule_and_every_method_is_in_the_table(street: Street) -> None:
    present = set()
    for endpoint, method, address, *_codes in ROWS:
        rule = street.rule_at(method, address)
        assert rule.endpoint == endpoint, (method, address)
        present.add((rule.rule, method))
    assert present == {
        (rule.rule, method)
        for rule in street.app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
    }


def test_labels_and_table_agree(street: Street) -> None:
    odd = []
    for endpoint, method, address, *codes in ROWS:
        view = street.app.view_functions[endpoint]
        label, rights = label_of(view), set(rights_of(view))
        if label == PUBLIC and len(set(codes)) > 1:
            odd.append((method, address, "is not the same for everybody"))
        if label in (MEMBER, RIGHT) and codes[0] != "303":
            odd.append((method, address, "lets in who is not signed in"))
        for who, code in zip(CAST[1:], codes[1:], strict=True):
            if label == RIGHT and not street.rights[who] & rights and code != "404":
                odd.append((method, address, f"lets in {who}"))
    assert odd == []


def test_only_mail_programs_may_send_forms_of_ours_from_elsewhere(street: Street) -> None:
    assert {
        endpoint
        for endpoint, view in street.app.view_functions.items()
        if takes_anybodys_form(view)
    } == FROM_ANYWHERE


def test_what_changes_rights_asks_who_is_there(street: Street) -> None:
    """A session left open on a shared machine must not be enough."""
    powerful = {
        endpoint
        for endpoint, view in street.app.view_functions.items()
        if endpoint.startswith(("people.", "passkeys.", "second_factor."))
        and any("POST" in rule.methods for rule in street.app.url_map.iter_rules(endpoint))
        and not is_recent_only(view)
    }
    assert powerful == RECENT_NOT_NEEDED


@pytest.mark.parametrize("who", CAST)
def test_a_door_that_is_shut_looks_like_a_wall(street: Street, who: str) -> None:
    """Byte for byte and header for header what is told of an address that does not exist."""
    wall = street.call(who, "GET", "/admin/no-such-room/")
    assert wall.status_code == 404
    differing = []
    for _endpoint, method, address, *codes in ROWS:
        if address.startswith("/admin/") and codes[CAST.index(who)] == "404":
            answer = street.call(who, method, address)
            if answer.data != wall.data or dict(answer.headers) != dict(wall.headers):
                differing.append((method, address))
    assert differing == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_no_door_takes_a_method_it_does_not_name(street: Street, method: str) -> None:
    doors = {(row[1], row[2]) for row in ROWS}
    taken = []
    for address in {row[2] for row in ROWS}:
        if (method, address) in doors:
            continue
        for who in ("nobody", "odo"):
            foreign = street.call(who, method, address, **{"Sec-Fetch-Site": "cross-site"})
            own = street.call(who, method, address)
            if foreign.status_code not in (403, 404, 405) or own.status_code not in (404, 405):
                taken.append((who, address, foreign.status_code, own.status_code))
    assert taken == []


def test_no_form_is_taken_from_another_site(street: Street) -> None:
    headers = [
        {"Sec-Fetch-Site": site}
        for site in ("cross-site", "same-site", "none", "", "same-origin,x")
    ]
    headers += [{"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"}]
    let_in = [
        (address, given)
        for endpoint, method, address, *_codes in ROWS
        if method == "POST" and endpoint not in FROM_ANYWHERE
        for given in headers
        for who in ("nobody", "odo")
        if street.call(who, "POST", address, **given).status_code not in (403, 404)
    ]
    assert let_in == []


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_other_safe_methods_open_no_door_that_a_label_shuts(street: Street, method: str) -> None:
    opened = []
    for endpoint, row_method, address, *codes in ROWS:
        view = street.app.view_functions[endpoint]
        for who, code in zip(CAST, codes, strict=True):
            if row_method != "GET" or not is_shut_out(street, who, view):
                continue
            answer = street.call(who, method, address)
            if answer.status_code != int(code):
                opened.append((who, address, answer.status_code))
    assert opened == []


def is_shut_out(street: Street, who: str, view: Any) -> bool:
    """Whether the label alone keeps somebody out."""
    if label_of(view) not in (MEMBER, RIGHT):
        return False
    rights = set(rights_of(view))
    return who == "nobody" or bool(rights and not street.rights[who] & rights)


INTRUDERS = ("nobody", "bo", "noor", "otto")
SPELLINGS = (
    *("/{0}", "{0}/", "{0}.", "{0};x", "{0}%20", "{0}%00", "{0}%2e%2e/", "{0}?x=1", "/.{0}"),
    *("/x/..{0}", "{1}", "{2}", "{3}"),
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_other_spelling_opens_a_shut_door(street: Street, spelling: str) -> None:
    opened = []
    for _endpoint, method, pattern, *codes in ROWS:
        if "404" not in codes[1:] and codes[0] != "303":
            continue
        address = street.address(pattern)
        other = spelling.format(
            address, address.rstrip("/"), address.upper(), address.replace("/a", "/%61")
        )
        for who, code in zip(CAST, codes, strict=True):
            if who in INTRUDERS and code in ("303", "404"):
                answer = street.call(who, method, other.replace("{", "{{").replace("}", "}}"))
                if answer.status_code not in (303, 308, 400, 404, 405):
                    opened.append((who, method, other, answer.status_code))
    assert opened == []


def test_an_id_of_nothing_is_never_a_fault(street: Street) -> None:
    faults = []
    for _endpoint, method, pattern, *_codes in ROWS:
        for name in street.names:
            if f"{{{name}}}" not in pattern:
                continue
            for value in NOWHERE:
                address = street.address(pattern.replace(f"{{{name}}}", value))
                for who in ("nobody", "mira", "odo"):
                    code = street.call(who, method, address).status_code
                    if code not in (303, 308, 400, 403, 404, 405, 410, 422):
                        faults.append((who, method, address, code))
    assert faults == []


def test_an_endpoint_without_a_label_stops_the_start(app: Flask, content: ContentFolder) -> None:
    app.add_url_rule("/unlabelled/", "unlabelled", lambda: "")
    with pytest.raises(UnlabelledEndpoint, match="unlabelled"):
        check_labels(app)
