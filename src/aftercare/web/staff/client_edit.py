"""Correcting what is known of a client: name, address, place, language."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, Response

from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import clients, newcomers
from aftercare.mail.scene import languages
from aftercare.models import Client
from aftercare.store import clients as rows
from aftercare.web.api.body import ClientId
from aftercare.web.staff import frame
from aftercare.web.staff.clients import LANGUAGES
from aftercare.web.staff.deps import Member, TherapistDep

router = APIRouter(prefix="/clients/{client_id}/edit")
Text = Annotated[str, Form(max_length=400)]


@dataclass(frozen=True)
class Particulars:
    """The form as it was sent, or as it begins."""

    email: Text = ""
    first_name: Text = ""
    timezone: Text = ""
    country: Text = ""
    language: Text = "en"

    @classmethod
    def of(cls, client: Client) -> "Particulars":
        """What is known now."""
        return cls(
            email=client.email,
            first_name=client.first_name,
            timezone=client.timezone or "",
            country=client.country or "",
            language=client.language,
        )


@router.get("")
def ask(member: TherapistDep, client_id: ClientId) -> HTMLResponse:
    """What is known now, to be corrected."""
    client = _client(member, client_id)
    return _ask(member, client, Particulars.of(client))


@router.post("")
def correct(member: TherapistDep, client_id: ClientId, form: Annotated[Particulars, Depends()]) -> Response:
    """Emails that were not sent yet follow."""
    try:
        _correct(member, client_id, form)
    except InvalidInput as error:
        return _ask(member, _client(member, client_id), form, error)
    except Conflict as error:
        return _ask(member, _client(member, client_id), form, InvalidInput("email", str(error)))
    return frame.back(member, f"/clients/{client_id}", "Corrected. Emails that were not sent yet follow it.")


def _correct(member: Member, client_id: str, form: Particulars) -> None:
    act: dict[str, Any] = {"by": member.by, "now": member.app.clock.now()}
    zone = newcomers.zone_of_town(form.timezone)
    with member.app.transaction() as db:
        client = clients.correct(
            db,
            member.clinic_id,
            client_id,
            first_name=form.first_name,
            email=form.email,
            country=newcomers.code_of_country(form.country) or "",
            language=form.language,
            **act,
        )
        if zone != client.timezone:
            clients.move_zone(db, member.clinic_id, client_id, zone, **act)


def _client(member: Member, client_id: str) -> Client:
    with member.app.reading() as db:
        return rows.get(db, member.clinic_id, client_id)


def _ask(
    member: Member, client: Client, form: Particulars, error: InvalidInput | None = None
) -> HTMLResponse:
    return frame.show(
        member,
        "client_edit.html.j2",
        422 if error else 200,
        client=client,
        form=form,
        error=error,
        zones=newcomers.zones(),
        countries=newcomers.countries(),
        languages=[(tag, LANGUAGES.get(tag, tag)) for tag in sorted({*languages(), form.language})],
    )
