"""The web application."""

from fastapi import FastAPI

from aftercare import bootstrap
from aftercare.bootstrap import App
from aftercare.web import api, assets, errors, health
from aftercare.web.edge import edge
from aftercare.web.public import (
    archive,
    checkin,
    consent,
    fresh_link,
    guides,
    newsletter,
    settings,
    unsubscribe,
    view,
)
from aftercare.web.request_log import request_log
from aftercare.web.staff import router as staff


def create_app(app: App) -> FastAPI:
    """The web application around these parts. It keeps no state of its own: run as many as you like."""
    web = FastAPI(
        title="Aftercare",
        version="1",
        openapi_url="/api/openapi.json",
        # Both would load scripts from somebody else's server.
        docs_url=None,
        redoc_url=None,
        # A trace would carry the tokens of links to wherever traces are kept.
        telemetry={"tracing": False, "metrics": False},
    )
    web.state.aftercare = app
    web.add_middleware(request_log)
    web.add_middleware(edge)
    errors.install(web)
    clients = (unsubscribe, settings, fresh_link, consent, checkin, view, newsletter, archive, guides)
    for part in (api, *clients, health, staff):
        web.include_router(part.router)
    web.mount("/static", assets.mount())
    return web


def create_current() -> FastAPI:
    """The web application of this process's app, for a server that imports it by name."""
    return create_app(bootstrap.current())
