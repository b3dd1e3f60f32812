"""Rendering is bounded: in time, in size, and in what a crash can take along."""

import os
import signal
from typing import Any

import pytest

from app.core.content import ContentProblem
from app.core.content.workshop import Renderer

HEAD = "---\ntitle: Tulips\ndate: 2026-03-01\n---\n"
TOO_SLOW = "takes longer than 2 seconds to render"


@pytest.mark.parametrize("text", ["[" * 20_000, "![" * 20_000])
def test_hostile_text_is_refused_at_the_deadline(reason_of: Any, text: str) -> None:
    assert reason_of(HEAD + text) == (5, TOO_SLOW)


def test_the_renderer_works_on_after_it_was_stopped(renderer: Renderer) -> None:
    with pytest.raises(ContentProblem):
        renderer.render("[" * 20_000, {})
    assert renderer.render("fine", {}).html == "<p>fine</p>"


def test_the_renderer_works_on_after_it_was_killed(renderer: Renderer) -> None:
    renderer.render("fine", {})
    os.kill(renderer._process.pid, signal.SIGKILL)
    renderer._process.join()
    assert renderer.render("fine", {}).html == "<p>fine</p>"


@pytest.mark.parametrize(
    "text",
    [
        "x" * 900_000,
        "a.png" * 100_000,
        "> " * 900 + "x",
        "<b>" * 50_000,
        "<div>" * 5_000,
        "&" * 100_000,
        "|a" * 20_000 + "\n" + "|-" * 20_000,
        "`" * 30_000,
        "*" * 30_000,
        "- " * 5_000,
        "[^1]" * 3_000,
        "x\u0301" * 10_000,
        "\u202e" * 10_000,
        "<!--" * 20_000,
        "<![CDATA[" * 5_000,
        "```\n" * 20_000,
        "<pre><code>" * 20_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_any_text_of_a_megabyte_ends_in_a_page_or_a_refusal(reason_of: Any, text: str) -> None:
    found = reason_of(HEAD + text)
    assert found is None or found[0] == 5


def test_a_text_over_a_million_characters_is_refused(renderer: Renderer) -> None:
    with pytest.raises(ContentProblem, match="longer than a megabyte"):
        renderer.render("x" * 1_000_001, {})
