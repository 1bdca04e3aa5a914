"""Run by Alembic: one transaction per migration run, on either database."""

from alembic import context

from aftercare.models import Base
from aftercare.store.engine import open_engine


def run() -> None:
    """Migrate the database named in the configuration."""
    url = context.config.get_main_option("sqlalchemy.url") or ""
    engine = open_engine(url)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            render_as_batch=engine.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
