"""What an installation's database promises about committed rows."""

from sqlalchemy import text
from sqlalchemy.orm import Session

MUST_BE_ON = ("fsync", "synchronous_commit", "full_page_writes")


def switched_off(db: Session) -> list[str]:
    """PostgreSQL settings that are off although a send is only as safe as the row committed before it."""
    if db.get_bind().dialect.name == "sqlite":
        return []
    return [
        name
        for name in MUST_BE_ON
        if db.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar_one() == "off"
    ]
