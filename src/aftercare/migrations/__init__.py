"""Alembic migrations, shipped in the package so that an installed wheel can migrate its database."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database at `url` back to `revision`."""
    command.downgrade(config(url), revision)


def config(url: str) -> Config:
    """Alembic's configuration for `url`."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return settings


def revision(db: Session) -> str | None:
    """The revision that the database of `db` stands at; None where it has no tables of ours."""
    return MigrationContext.configure(db.connection()).get_current_revision()


@cache
def revisions() -> tuple[str, ...]:
    """The revisions that this version of the program knows, newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(config("")).walk_revisions())
