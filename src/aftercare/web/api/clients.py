"""Clients, and holding them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from aftercare.flows import clients
from aftercare.flows.clients import NewClient
from aftercare.store import clients as stored
from aftercare.web.api.body import Body, ClientId, Line, Paragraph, Shown, ZoneName
from aftercare.web.deps import CallerDep
from aftercare.web.idempotency import OnceDep

router = APIRouter(prefix="/clients", tags=["clients"])
Language = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]


class ConsentIn(Body):
    """What she said yes to, where, and the words that she was shown."""

    topics: Annotated[list[Line], Field(max_length=20)]
    source: Line
    wording: Paragraph


class ClientIn(Body):
    """A new client. Without consent nothing is ever sent to her."""

    email: Annotated[str, Field(max_length=320)]
    first_name: Annotated[str, Field(max_length=1000)] = ""
    timezone: ZoneName | None = None
    country: Line | None = None
    language: Language | None = None
    """BCP 47; null: the clinic's."""
    consent: ConsentIn | None = None

    def as_new(self) -> NewClient:
        """As the flow takes it."""
        consent = self.consent or ConsentIn(topics=[], source="", wording="")
        return NewClient(
            **self.model_dump(exclude={"consent", "language"}),
            language=self.language or "",
            topics=consent.topics,
            consent_source=consent.source,
            consent_wording=consent.wording,
        )


class ClientChange(Body):
    """What can be corrected. What is left out stays; no time zone or country (null): as the clinic."""

    email: Annotated[str, Field(max_length=320)] = ""
    first_name: Annotated[str, Field(max_length=1000)] = ""
    timezone: ZoneName | None = None
    country: Line | None = None
    language: Language = "en"


class HoldIn(Body):
    """Why she is held; for staff."""

    reason: Line = ""


class ClientOut(Shown):
    """A client. `held_at`: since when everything for her waits for a person."""

    id: str
    email: str
    first_name: str
    timezone: str | None
    country: str | None
    language: str
    held_at: datetime | None
    created_at: datetime


@router.post("", status_code=201, response_model=ClientOut)
def add(new: ClientIn, caller: CallerDep, once: OnceDep) -> Response:
    """Add a client with her consent."""
    now = caller.app.clock.now()
    with caller.app.transaction() as db:
        if (before := once.replay(db)) is not None:
            return before
        client = clients.add_client(db, caller.clinic_id, new.as_new(), by=caller.by, now=now)
        return once.keep(db, 201, ClientOut.model_validate(client), f"/api/v1/clients/{client.id}")


@router.get("/{client_id}")
def show(client_id: ClientId, caller: CallerDep) -> ClientOut:
    """One client."""
    with caller.app.reading() as db:
        return ClientOut.model_validate(stored.get(db, caller.clinic_id, client_id))


@router.patch("/{client_id}")
def change(client_id: ClientId, to: ClientChange, caller: CallerDep) -> ClientOut:
    """Correct her name, address, country or language, or move her to another time zone: unsent emails follow
    her wall clock (R5)."""
    given, by, now = to.model_dump(exclude_unset=True), caller.by, caller.app.clock.now()
    if "country" in given:
        given["country"] = given["country"] or ""
    with caller.app.transaction() as db:
        if "timezone" in given:
            clients.move_zone(db, caller.clinic_id, client_id, given.pop("timezone"), by=by, now=now)
        corrected = clients.correct(db, caller.clinic_id, client_id, **given, by=by, now=now)
        return ClientOut.model_validate(corrected)


@router.put("/{client_id}/hold", status_code=204)
def hold(client_id: ClientId, caller: CallerDep, because: HoldIn | None = None) -> None:
    """Hold all her emails until a person releases them; doing it again changes nothing."""
    reason, now = (because or HoldIn()).reason, caller.app.clock.now()
    with caller.app.transaction() as db:
        clients.hold(db, caller.clinic_id, client_id, reason=reason, by=caller.by, now=now)


@router.delete("/{client_id}/hold", status_code=204)
def release(client_id: ClientId, caller: CallerDep) -> None:
    """Let her emails go on. What is too late by now is skipped (R7)."""
    now = caller.app.clock.now()
    with caller.app.transaction() as db:
        clients.release(db, caller.clinic_id, client_id, by=caller.by, now=now)
