"""What a database error may say."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from aftercare.models import Client
from aftercare.store.engine import open_engine, writing
from tests.store.rows import NOW


def test_an_error_of_the_database_repeats_no_value_that_was_sent_to_it(database_url: str) -> None:
    engine = open_engine(database_url)
    maya = {"email": "maya@example.com", "email_key": "maya@example.com", "first_name": "Maya"}
    with pytest.raises(IntegrityError) as failure, writing(engine) as db:
        db.execute(insert(Client).values(clinic_id="clc_none", created_at=NOW, **maya))
    assert "maya" not in str(failure.value).lower()
    engine.dispose()
