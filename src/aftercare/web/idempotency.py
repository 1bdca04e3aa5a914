"""The Idempotency-Key header (IETF draft-ietf-httpapi-idempotency-key-header): a program may repeat a POST
whose answer it never saw, and nothing happens twice.

The answer is stored in the transaction of what it tells (ADR 9), so a crash leaves both or neither. Errors
are not stored: a repeated request is tried anew."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from aftercare.store import idempotency
from aftercare.web.deps import Caller, CallerDep
from aftercare.web.errors import BadHeader, KeyReused, StillRunning

HEADER = "Idempotency-Key"
_FORM = re.compile("[!-~]{1,255}")


@dataclass(frozen=True)
class Once:
    """One POST. Without a key it is simply carried out."""

    caller: Caller
    key: str | None
    request_hash: str
    asked_at: datetime
    """Unshifted."""

    def replay(self, db: Session) -> Response | None:
        """The answer that this very request was given before. None: carry it out and `keep` its answer, both
        in the transaction of `db`. KeyReused, StillRunning."""
        if self.key is None or self._is_first(db, self.key):
            return None
        stored = idempotency.get(db, self.caller.clinic_id, self.key)
        if stored is None or stored.status is None or stored.body is None:
            raise StillRunning
        if stored.request_hash != self.request_hash:
            raise KeyReused
        return _answer(stored.status, stored.body, stored.location, {"Idempotency-Replayed": "true"})

    def keep(self, db: Session, status: int, body: BaseModel, location: str | None = None) -> Response:
        """The answer, stored for whoever asks again with this key."""
        text = body.model_dump_json()
        if self.key is not None and (row := idempotency.get(db, self.caller.clinic_id, self.key)) is not None:
            row.status, row.body, row.location = status, text, location
            db.flush()
        return _answer(status, text, location, {})

    def _is_first(self, db: Session, key: str) -> bool:
        try:
            return idempotency.take(
                db, self.caller.clinic_id, key, self.request_hash, unshifted=self.asked_at
            )
        except TimeoutError:
            raise StillRunning from None


def _answer(status: int, body: str, location: str | None, headers: dict[str, str]) -> Response:
    if location is not None:
        headers |= {"Location": location}
    return Response(body, status, headers, media_type="application/json")


async def _hash_of(request: Request) -> str:
    """Of method, path and body, to the byte."""
    line = f"{request.method} {request.url.path}?{request.url.query}\n"
    return hashlib.sha256(line.encode() + await request.body()).hexdigest()


def get_once(
    request: Request,
    caller: CallerDep,
    request_hash: Annotated[str, Depends(_hash_of)],
    key: Annotated[
        str | None,
        Header(
            alias=HEADER,
            description="Any text that is new for each new request, such as a UUID: 1 to 255 visible ASCII "
            "characters. The same request sent again with it within 24 hours changes nothing and is given "
            "the first answer again, with `Idempotency-Replayed: true`.",
            json_schema_extra={"minLength": 1, "maxLength": 255, "pattern": f"^{_FORM.pattern}$"},
        ),
    ] = None,
) -> Once:
    """What the request says about being repeated. BadHeader."""
    if key is not None and (not _FORM.fullmatch(key) or len(request.headers.getlist(HEADER)) > 1):
        raise BadHeader("Send one Idempotency-Key of 1 to 255 visible ASCII characters, such as a UUID.")
    # Read here, not within the transaction: there a second connection would be needed to read it.
    return Once(caller, key, request_hash, caller.app.clock.unshifted())


OnceDep = Annotated[Once, Depends(get_once)]
