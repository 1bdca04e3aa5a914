"""Instants come back from the database as they went in, in every year that a calendar holds."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.dialects import sqlite

from aftercare.models.base import UTCDateTime


@pytest.mark.parametrize("year", [1, 999, 2026, 9999])
def test_an_instant_is_text_of_fixed_width_that_reads_back(year: int) -> None:
    instant = datetime(year, 1, 2, 14, 0, 5, 7, tzinfo=UTC)
    stored = UTCDateTime().process_bind_param(instant, sqlite.dialect())
    assert len(stored) == 32
    assert UTCDateTime().process_result_value(stored, sqlite.dialect()) == instant
