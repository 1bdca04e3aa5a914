"""Pages for the people who work at a clinic."""

from fastapi import APIRouter

from aftercare.web.staff import (
    alerts,
    appointments,
    calendar,
    client_edit,
    client_emails,
    client_proof,
    client_rest,
    clients,
    emails,
    emails_preview,
    imports,
    inbox,
    life_events,
    logins,
    newsletter_page,
    newsletters,
    newsletters_review,
    pictures,
    publishing,
    resources,
    sandbox,
    sequences,
    sequences_steps,
    sessions,
    settings,
    timeline,
    today,
)

router = APIRouter(include_in_schema=False)
for part in (
    alerts,
    appointments,
    imports,  # before what begins with /clients/{client_id}
    calendar,
    client_edit,
    client_emails,
    client_proof,
    client_rest,
    clients,
    emails,
    emails_preview,
    inbox,
    life_events,
    logins,
    newsletter_page,  # before what begins with /newsletters/{issue_id}
    newsletters,
    newsletters_review,
    pictures,
    publishing,
    resources,
    sandbox,
    sequences,
    sequences_steps,
    sessions,
    settings,
    timeline,
    today,
):
    router.include_router(part.router)
