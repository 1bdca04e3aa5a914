"""Pages for the people who work at a clinic."""

from fastapi import APIRouter

from aftercare.web.staff import imports, inbox, logins, pictures, sandbox, sessions, today

router = APIRouter(include_in_schema=False)
for part in (imports, inbox, logins, pictures, sandbox, sessions, today):
    router.include_router(part.router)
