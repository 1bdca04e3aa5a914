"""For tests of pages and routes that run on one kind of database: what differs between the two is tested in
the flows behind them."""

import pytest


@pytest.fixture(params=["sqlite"])
def database_url(sqlite_url: str) -> str:
    """Instead of the one that runs each test twice."""
    return sqlite_url
