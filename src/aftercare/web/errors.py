"""The one place of HTTP statuses: errors become problem documents (RFC 9457), or kind pages for people.

Nothing that was sent is repeated: not its values, and not the names of fields that we do not know."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException

from aftercare.errors import AftercareError, Conflict, ContentError, InvalidInput, NotFound
from aftercare.web import pages
from aftercare.web.refusals import NotAllowed, NotSignedIn, Unauthorised
from aftercare.web.staff import trouble as staff_trouble

_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MACHINE_PATHS = ("/api/", "/healthz", "/readyz")
_LINK_PATHS = ("/u/", "/s/", "/c/", "/v/", "/k/")
"""Below these stand the links of emails, which mail programs cut and break."""
_CLIENT_PATHS = ("/fresh-link", "/u/", "/s/", "/c/", "/v/", "/n/", "/guides/")


class UnreadableBody(AftercareError):
    """The body is no JSON that means the same to everybody."""


class WrongMediaType(AftercareError):
    """The body is in a format that is not read here."""


class BadHeader(AftercareError):
    """A header of the request cannot be used."""


class KeyReused(AftercareError):
    """An Idempotency-Key came with another request than before."""

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for another request. Take a new key for a new request."
        )


class StillRunning(Conflict):
    """The first request with this Idempotency-Key has no answer yet."""

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is still running. Send it again soon.")


@dataclass(frozen=True)
class Problem:
    """What a problem document says. `faults`: (JSON pointer, detail)."""

    status: int
    detail: str
    faults: Sequence[tuple[str, str]] = ()


def install(web: FastAPI) -> None:
    """Answer every error through `respond`."""
    web.add_exception_handler(AftercareError, _of_ours)
    web.add_exception_handler(RequestValidationError, _of_validation)
    web.add_exception_handler(HTTPException, _of_routing)
    web.add_exception_handler(DBAPIError, _of_database)
    web.add_exception_handler(NoConnectionFree, _of_database)


def respond(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The problem as a document for programs, as a page for people."""
    if request.url.path.startswith(_CLIENT_PATHS):
        wish = request.headers.get("accept-language", "")
        if problem.status == 404 and request.url.path.startswith(_LINK_PATHS):
            return pages.cut_link(404, wish)
        return pages.trouble(problem.status, wish, headers)
    if not request.url.path.startswith(_MACHINE_PATHS):
        return staff_trouble.respond(request, problem.status, problem.detail, problem.faults)
    content: dict[str, Any] = {
        "type": f"urn:aftercare:problem:{HTTPStatus(problem.status).name.lower().replace('_', '-')}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": f"urn:aftercare:request:{request.state.request_id}",
    }
    if problem.faults:
        content["errors"] = [{"pointer": pointer, "detail": detail} for pointer, detail in problem.faults]
    return JSONResponse(
        content,
        problem.status,
        {"Cache-Control": "no-store", **(headers or {})},
        media_type="application/problem+json",
    )


def broken(request: Request) -> Response:
    """The answer to a fault of ours; what it was stands in the log under the request's id."""
    return respond(request, Problem(500, "Something went wrong here. Quote the instance when you ask us."))


_STATUSES: tuple[tuple[type[AftercareError], int], ...] = (
    (Unauthorised, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (UnreadableBody, 400),
    (BadHeader, 400),
    (WrongMediaType, 415),
    (InvalidInput, 422),
    (ContentError, 422),
    (KeyReused, 422),
)
_HEADERS: dict[type[Exception], dict[str, str]] = {
    Unauthorised: {"WWW-Authenticate": "Bearer"},
    StillRunning: {"Retry-After": "2"},
}


def _of_ours(request: Request, error: Exception) -> Response:
    if isinstance(error, NotSignedIn):
        return staff_trouble.to_login(request, error)
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
    if status == 500:
        return broken(request)
    if isinstance(error, InvalidInput):
        pointer = "/" + error.field.replace(".", "/")
        return respond(request, Problem(status, "A value cannot be used.", [(pointer, error.problem)]))
    return respond(request, Problem(status, str(error)), _HEADERS.get(type(error)))


def _of_validation(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    if any(fault["type"] == "json_invalid" for fault in found):
        return respond(request, Problem(400, "The body is not JSON."))
    faults = [_fault(fault) for fault in found]
    return respond(request, Problem(422, "Some values cannot be used.", faults))


def _fault(fault: dict[str, Any]) -> tuple[str, str]:
    parts = [str(part) for part in fault["loc"][1:]]
    known = all(_FIELD_NAME.fullmatch(part) or part.isdigit() for part in parts)
    pointer = "".join(f"/{part}" for part in (parts if known else parts[:-1]))
    if fault["type"] == "extra_forbidden":
        return pointer, "There is no such field. Take it out, or correct its spelling."
    return pointer, str(fault["msg"]).removeprefix("Value error, ")


def _of_routing(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(getattr(error, "headers", None) or {})
    details = {
        400: "The body cannot be read.",
        403: "This form did not come from a page that you have open here. Reload the page and try again.",
        404: "There is nothing at this address.",
        405: "This address does not take that method.",
        413: "The body is too large; send at most 1 MB (signed in, 20 MB as a file of clients).",
    }
    return respond(request, Problem(status, details.get(status, HTTPStatus(status).phrase)), headers)


def _of_database(request: Request, error: Exception) -> Response:
    if isinstance(error, IntegrityError):
        return respond(
            request, Problem(409, "The same thing was saved at this very moment. Look, and try again.")
        )
    if isinstance(error, OperationalError | InterfaceError | NoConnectionFree):
        return respond(
            request, Problem(503, "The database cannot be reached. Try again soon."), {"Retry-After": "10"}
        )
    raise error
