"""The shipped site, read once from end to end."""

import pytest
from flask import Flask

from tests.crawl import Visited, crawl


@pytest.fixture(scope="session")
def pages(shipped: Flask) -> dict[str, Visited]:
    """Every address of the shipped site that a visitor can reach."""
    return crawl(shipped)
