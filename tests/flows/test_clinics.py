"""What a clinic may say of itself."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aftercare.config import Settings
from aftercare.errors import InvalidInput
from aftercare.flows import clinics
from aftercare.testing.inline import inline_app
from tests.factories import CLINIC, SECRET

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"logo_url": "http://willow.example.com/logo.png"}, "logo_url"),
        ({"colours": {"ink": "#eeeeee"}}, "ink"),
        ({"send_window": "20:00-20:00"}, "window"),
        ({"timezone": "Mars/Phobos"}, "timezone"),
        ({"country": "England"}, "country"),
        ({"sender_address": "willow"}, "email"),
        ({"sender_name": "Willow\r\nBcc: x@y.example"}, "sender_name"),
        ({"postal_address": " "}, "postal_address"),
        ({"hours": ""}, "hours"),
        ({"reply_reader": "Alex\x00"}, "reply_reader"),
        ({"language": "fr"}, "language"),
    ],
)
def test_what_would_spoil_every_email_is_refused_at_once(
    database_url: str, tmp_path: Path, wrong: dict[str, Any], field: str
) -> None:
    app = inline_app(Settings(data_dir=tmp_path, database_url=database_url, secret_key=SECRET), NOW)
    with pytest.raises(InvalidInput, match=field), app.transaction() as db:
        clinics.add_clinic(db, replace(CLINIC, **wrong), by="test", now=NOW)
    app.close()


def test_a_country_is_kept_in_capitals_as_support_lines_are_looked_up(
    database_url: str, tmp_path: Path
) -> None:
    app = inline_app(Settings(data_dir=tmp_path, database_url=database_url, secret_key=SECRET), NOW)
    with app.transaction() as db:
        assert clinics.add_clinic(db, replace(CLINIC, country="gb"), by="test", now=NOW).country == "GB"
    app.close()
