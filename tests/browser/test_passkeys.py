"""One person's passkey in a real browser: made, used to log in, and used to confirm."""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from app.core.database import db
from tests.people import make_member, sign_in

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class _Silent(WSGIRequestHandler):
    def log(self, *_args: Any) -> None:
        """Nothing."""


@pytest.fixture
def served(make_app: Any, read: Any) -> Iterator[tuple[Flask, str]]:
    """A site at the name `localhost`, where Ada has an account, and its address."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=_Silent)
    address = f"http://localhost:{server.port}"
    app = make_app(BASE_URL=address)
    with app.app_context():
        from app.core.content import sync

        sync()
        make_member("ada")
        db.session.remove()
    server.app = app
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app, address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, served: tuple[Flask, str]) -> Iterator[Page]:
    """Ada's browser, signed in, on a device that checks who she is."""
    app, address = served
    context = browser.new_context(base_url=address)
    cookie = sign_in(app, "ada").get_cookie("session")
    assert cookie
    context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def give_authenticator(page: Page, **facts: Any) -> tuple[Any, str]:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": {**AUTHENTICATOR, **facts}})
    return session, made["authenticatorId"]


def test_a_passkey_from_making_it_to_removing_it(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    session, device = give_authenticator(page)

    page.goto("/account/passkeys/new/")
    page.get_by_label("Name of this passkey").fill("This laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("strong", has_text="This laptop")).to_be_visible()

    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))
    page.goto("/account/log-in/?next=/account/second-factor/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page).to_have_url(re.compile(r":\d+/account/second-factor/(#.*)?$"))
    expect(page.get_by_text("Last used")).to_be_visible()

    page.goto("/account/confirm/?next=/account/email/")
    page.get_by_role("button", name="It is me").click()
    expect(page).to_have_url(re.compile(r":\d+/account/email/(#.*)?$"))

    page.goto("/account/second-factor/")
    page.get_by_role("link", name="Remove This laptop").click()
    page.get_by_role("button", name="Remove this passkey with a passkey").click()
    expect(page.get_by_text("Saved.", exact=False)).to_be_visible()
    expect(page.get_by_text("This laptop")).to_have_count(0)

    (credential,) = session.send("WebAuthn.getCredentials", {"authenticatorId": device})[
        "credentials"
    ]
    assert credential["rpId"] == "localhost"
    assert credential["isResidentCredential"]
    assert complaints == []


def test_a_device_that_cannot_tell_who_is_there_makes_no_passkey(page: Page) -> None:
    give_authenticator(page, hasUserVerification=False, isUserVerified=False)
    page.goto("/account/passkeys/new/")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).not_to_contain_text("Waiting")
    page.goto("/account/second-factor/")
    expect(page.get_by_text("None", exact=True)).to_be_visible()


def test_a_refusal_of_the_person_is_said_in_words(page: Page) -> None:
    give_authenticator(page, isUserVerified=False)
    page.goto("/account/passkeys/new/")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("No passkey was used")
    expect(page.get_by_role("button", name="Add a passkey")).to_be_enabled()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_fit_and_say_what_they_need(page: Page, width: int, scheme: Any) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    for path in ("/account/second-factor/", "/account/passkeys/new/", "/account/first-look/"):
        page.goto(path)
        spare = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(spare) == 0, path
