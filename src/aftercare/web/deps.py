"""What endpoints ask for. Transactions are explicit `with` blocks inside the endpoints, not dependencies:
a dependency's transaction waits for a second thread of the pool while it holds SQLite's one write lock, and
a pool full of requests that wait for that lock would have no thread left to finish the first."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from aftercare.bootstrap import App
from aftercare.flows import clinics
from aftercare.store import settings
from aftercare.web.refusals import Unauthorised


@dataclass(frozen=True)
class Caller:
    """Who calls: a program of one clinic. Everything it asks for is looked up within that clinic."""

    app: App
    clinic_id: str
    by: str


_bearer = HTTPBearer(auto_error=False, description="An API token of the clinic: act_...")


def get_app(request: Request) -> App:
    """The app that this process serves."""
    app: App = request.app.state.aftercare
    return app


def get_caller(
    app: Annotated[App, Depends(get_app)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """The clinic of the bearer token. Unauthorised for every fault of it alike (RFC 6750 section 3)."""
    if credentials is None:
        raise Unauthorised
    # Only read here: a stranger's request never gets hold of the write lock.
    with app.reading() as db:
        token = settings.token(db, clinics.hash_token(credentials.credentials))
    if token is None:
        raise Unauthorised
    return Caller(app, token.clinic_id, f"token:{token.id}")


AppDep = Annotated[App, Depends(get_app)]
CallerDep = Annotated[Caller, Depends(get_caller)]
