"""Pages for the people who work at a clinic."""

from fastapi import APIRouter

from aftercare.web.staff import inbox, logins, pictures, today

router = APIRouter(include_in_schema=False)
for part in (inbox, logins, pictures, today):
    router.include_router(part.router)
