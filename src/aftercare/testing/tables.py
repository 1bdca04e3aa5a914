"""Whether anything at all changed in a database."""

import hashlib

from sqlalchemy import Engine, select

from aftercare.models.base import Base
from aftercare.store.engine import reading


def table_hash(engine: Engine) -> str:
    """SHA-256 over every row of every table: equal before and after means that nothing changed."""
    digest = hashlib.sha256()
    with reading(engine) as db:
        for table in Base.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in db.execute(select(table)))
            digest.update("\n".join((table.name, *rows)).encode())
    return digest.hexdigest()
