"""Signs of life for load balancers and monitoring."""

from fastapi import APIRouter

from aftercare.store import settings
from aftercare.web.deps import AppDep

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(app: AppDep) -> dict[str, str | float | None]:
    """The database answers (503 where not), and how long ago a worker last swept, in seconds; null: never.

    Workers that are away do not make the web unready: people must be able to unsubscribe all the same."""
    with app.reading() as db:
        beat = settings.last_beat(db, "sweep")
    age = None if beat is None else (app.clock.unshifted() - beat).total_seconds()
    return {"status": "ok", "sweep_age_seconds": age}
