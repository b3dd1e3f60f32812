"""Drift: a site that runs with other figures than it published says so, everywhere."""

from typing import Any

import pytest
from flask import Flask

from app.core.instance import NotReady, check_start
from app.policy.drift import current_drift, drift_found
from tests.folder import ContentFolder
from tests.people import make_member, sign_in

pytestmark = pytest.mark.database

SENTENCE = "KEEP_COMMENT_IP_DAYS: published 90 days, running 365 days"


@pytest.fixture
def drifted(app: Flask, content: ContentFolder, read: Any) -> Flask:
    """A site whose addresses are kept for longer than it published."""
    content.policy()
    with app.app_context():
        read()
    app.config["KEEP_COMMENT_IP_DAYS"] = 365
    app.extensions.pop("policy.figures", None)
    return app


@pytest.mark.promise("policy-drift")
def test_a_changed_period_fails_the_check_by_name(drifted: Flask) -> None:
    result = drifted.test_cli_runner().invoke(args=["policy", "check"])
    assert result.exit_code == 1
    assert SENTENCE in result.output
    assert result.output.count(SENTENCE) == 1


@pytest.mark.promise("policy-drift")
def test_the_page_keeps_its_words_and_says_what_differs(drifted: Flask) -> None:
    page = drifted.test_client().get("/privacy/").text
    assert "kept for 90 days" in page
    assert SENTENCE in page


@pytest.mark.promise("policy-drift")
def test_a_strict_site_does_not_start(drifted: Flask) -> None:
    with drifted.app_context():
        check_start()
        drifted.config["POLICY_STRICT"] = True
        with pytest.raises(NotReady, match=SENTENCE):
            check_start()


@pytest.mark.promise("policy-drift")
def test_the_doctor_and_the_overview_sound_an_alarm(drifted: Flask) -> None:
    with drifted.app_context():
        assert drift_found().state == "fail"
        make_member("otto", owner=True)
    assert "than in the policy" in sign_in(drifted, "otto").get("/admin/").text


def test_a_site_as_published_has_no_drift(app: Flask, content: ContentFolder, read: Any) -> None:
    content.policy()
    with app.app_context():
        read()
        assert current_drift() == ()
        app.config["POLICY_STRICT"] = True
        check_start()
        assert drift_found().state == "ok"


def test_a_version_may_announce_a_setting_that_will_change(app: Flask, published: Any) -> None:
    made = published(2, settings={"KEEP_COMMENT_IP_DAYS": 60})
    assert "kept for 60 days" in app.test_client().get("/privacy/").text
    with app.app_context():
        assert [drift.published for drift in current_drift()] == ["60 days"]
    assert made.figures["keep.comment_ip"] == ["60 days", "KEEP_COMMENT_IP_DAYS"]
