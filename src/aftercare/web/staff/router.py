"""Pages for the people who work at a clinic."""

from fastapi import APIRouter

from aftercare.web.staff import (
    clients,
    emails,
    emails_preview,
    imports,
    inbox,
    logins,
    pictures,
    publishing,
    sandbox,
    sequences,
    sequences_steps,
    sessions,
    today,
)

router = APIRouter(include_in_schema=False)
for part in (
    clients,
    emails,
    emails_preview,
    imports,
    inbox,
    logins,
    pictures,
    publishing,
    sandbox,
    sequences,
    sequences_steps,
    sessions,
    today,
):
    router.include_router(part.router)
