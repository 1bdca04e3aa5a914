"""`aftercare init`, `aftercare staff ...`, `aftercare token ...`."""

import sys
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from aftercare.bootstrap import App
from aftercare.cli import colleagues
from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, print_made, say, transaction
from aftercare.errors import Conflict, InvalidInput
from aftercare.flows import clinics, defaults, logins, recipients
from aftercare.flows.clinics import NewClinic
from aftercare.mail.paths import templates_root
from aftercare.migrations import upgrade
from aftercare.store import clinics as stored
from aftercare.store import sequences

staff_app = typer.Typer(no_args_is_help=True, help="People who work at the clinic.")
token_app = typer.Typer(no_args_is_help=True, help="Tokens of the REST interface.")
staff_app.command("list")(colleagues.list_staff)
staff_app.command("role")(colleagues.change_role)
staff_app.command("leave")(colleagues.leave)
token_app.command("list")(colleagues.list_tokens)
token_app.command("revoke")(colleagues.revoke_token)

QUESTIONS = {
    "name": "Name of the clinic",
    "email": "Address that emails come from, and replies go to",
    "postal_address": "Postal address (it stands in every email)",
    "phone": "Phone",
    "hours": "Hours, for example: Monday to Friday, 9:00 to 17:00",
    "country": "Country, two letters",
    "timezone": "Time zone, for example Europe/London",
    "reply_reader": "Who reads replies",
}
OWNER_QUESTIONS = {
    "owner_name": "First name of the owner, who signs in first",
    "owner_email": "The address of the owner",
}
NOT_YET = (
    "What asks how somebody is waits as a draft: nobody would hear of “Please call me”. Name the duty "
    "contact and when people work under Settings, then publish each: {publish}"
)
NOBODY = "Nobody can sign in yet: aftercare staff add FIRST_NAME ADDRESS --role owner"


@dataclass(frozen=True)
class _Made:
    clinic: str
    owner: str = ""
    link: str = ""
    waits: tuple[str, ...] = ()


def init(
    name: Annotated[str, typer.Option(help=QUESTIONS["name"])] = "",
    email: Annotated[str, typer.Option(help=QUESTIONS["email"])] = "",
    postal_address: Annotated[str, typer.Option(help=QUESTIONS["postal_address"])] = "",
    phone: Annotated[str, typer.Option(help=QUESTIONS["phone"])] = "",
    hours: Annotated[str, typer.Option(help=QUESTIONS["hours"])] = "",
    country: Annotated[str, typer.Option(help=QUESTIONS["country"])] = "",
    timezone: Annotated[str, typer.Option(help=QUESTIONS["timezone"])] = "",
    reply_reader: Annotated[str, typer.Option(help=QUESTIONS["reply_reader"])] = "",
    owner_name: Annotated[str, typer.Option(help=OWNER_QUESTIONS["owner_name"])] = "",
    owner_email: Annotated[str, typer.Option(help="The owner's address.")] = "",
    sender_name: Annotated[str, typer.Option(help="Name in the inbox; may be a discreet one.")] = "",
    logo_url: Annotated[str, typer.Option(help="https address of a logo, if you have one.")] = "",
    another: Annotated[bool, typer.Option("--another", help="Add one more clinic.")] = False,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Never ask; what is missing is an error.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Set up the database, a clinic, its owner and its default sequences; prints the clinic's id.

    Asks for what is missing where a person sits at the terminal."""
    given = {
        "name": name,
        "email": email,
        "postal_address": postal_address,
        "phone": phone,
        "hours": hours,
        "country": country,
        "timezone": timezone,
        "reply_reader": reply_reader,
    }
    owner = {"owner_name": owner_name, "owner_email": owner_email}
    app, may_ask = open_app(), sys.stdin.isatty() and not no_input
    told = _complete(given, QUESTIONS, may_ask=may_ask)
    if may_ask or any(owner.values()):
        owner = _complete(owner, OWNER_QUESTIONS, may_ask=may_ask)
    made = _set_up(app, _new_clinic(told, sender_name, logo_url), owner, another=another)
    print_made({"clinic": made.clinic, "owner": made.owner, "link": made.link}, as_json=as_json)
    say_link(made.link) if made.link else say(NOBODY)
    if made.waits:
        say(NOT_YET.format(publish="; ".join(f"aftercare sequence publish {one}" for one in made.waits)))
    say("The default texts are published. No clinician has reviewed them yet: read them before you send.")


@staff_app.command("add")
def add_staff(
    first_name: str,
    email: str,
    role: Annotated[str, typer.Option(help=f"One of {', '.join(logins.ROLES)}.")] = "therapist",
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """Add a member of staff; prints the id, and a link with which she chooses her password."""
    app = open_app()
    with transaction(app, clinic) as (db, clinic_id, now):
        member = clinics.add_staff(
            db, clinic_id, first_name=first_name, email=email, role=role, by=BY, now=now
        )
        link = _link(app, logins.invite(db, clinic_id, member.id, by=BY, unshifted=app.clock.unshifted()))
    print_made({"staff": member.id, "link": link}, as_json=as_json)
    say_link(link)


@staff_app.command("invite")
def invite(email: str, clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """A new link for somebody who works here and has forgotten her password, or whose link is too old."""
    app = open_app()
    with transaction(app, clinic) as (db, clinic_id, _now):
        member = clinics.find_staff(db, clinic_id, email)
        link = _link(app, logins.invite(db, clinic_id, member.id, by=BY, unshifted=app.clock.unshifted()))
    print_made({"staff": member.id, "link": link}, as_json=as_json)
    say_link(link)


@token_app.command("create")
def create_token(name: str, clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """Make a token for the REST interface; it is shown once."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        token = clinics.create_token(db, clinic_id, name=name, by=BY, now=now)
    print_made({"token": token}, as_json=as_json)


def say_link(link: str) -> None:
    """The one way to a first password."""
    say(f"To choose a password, open this once, within three days:\n  {link}")


def _complete(given: dict[str, str], questions: dict[str, str], *, may_ask: bool) -> dict[str, str]:
    missing = [name for name, value in given.items() if not value.strip()]
    if missing and not may_ask:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise typer.BadParameter(f"also give {options}", param_hint="init")
    return given | {name: _ask(name, questions[name]) for name in missing}


def _ask(name: str, question: str) -> str:
    """Until the answer can be used: the next question comes only then."""

    def read(answer: str) -> str:
        try:
            clinics.check_answer(name, answer.strip())
        except InvalidInput as error:
            raise typer.BadParameter(error.problem) from None
        return answer.strip()

    answer: str = typer.prompt(question, value_proc=read, err=True)
    return answer


def _new_clinic(told: dict[str, str], sender_name: str, logo_url: str) -> NewClinic:
    particulars: dict[str, Any] = {name: text for name, text in told.items() if name != "email"}
    return NewClinic(
        **particulars,
        sender_name=sender_name or told["name"],
        sender_address=told["email"],
        reply_to=told["email"],
        logo_url=logo_url or None,
    )


def _set_up(app: App, new: NewClinic, owner: dict[str, str], *, another: bool) -> _Made:
    upgrade(app.settings.database)
    now, first_name, email = app.clock.now(), owner["owner_name"], owner["owner_email"]
    with app.transaction() as db:
        if stored.some(db, 1) and not another:
            raise Conflict("This installation has a clinic already. To add one more, say --another.")
        clinic = clinics.add_clinic(db, new, by=BY, now=now)
        member = None
        if email:
            # First, so that somebody hears of “Please call me” and what asks how people are may go live.
            member = clinics.add_staff(
                db, clinic.id, first_name=first_name, email=email, role="owner", by=BY, now=now
            )
        defaults.publish_defaults(db, clinic.id, templates_root() / "sequences" / "en", by=BY, now=now)
        waits = tuple(one.sequence.slug for one in sequences.drafts(db, clinic.id))
        if member is None:
            return _Made(clinic.id, waits=waits)
        recipients.welcome(db, member, by=BY, now=now)
        token = logins.invite(db, clinic.id, member.id, by=BY, unshifted=app.clock.unshifted())
    return _Made(clinic.id, member.id, _link(app, token), waits=waits)


def _link(app: App, token: str) -> str:
    return f"{app.settings.public_url}/join/{token}"
