"""Command line: thin shells, one file per noun. Data on stdout, talk on stderr.

Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 conflict, 5 checks failed."""

import sys

import typer
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from aftercare.cli import (
    appointments,
    clients,
    clinic,
    clinics,
    emails,
    messages,
    newsletters,
    resources,
    sequence,
    sequences,
    serve,
    sessions,
)
from aftercare.cli.demo import demo
from aftercare.cli.doctor import doctor
from aftercare.errors import AftercareError, Conflict, NotFound

app = typer.Typer(no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False)
app.add_typer(clients.app, name="client")
app.add_typer(sessions.app, name="session")
app.add_typer(appointments.app, name="appointment")
sequence.app.command("list")(sequences.list_all)
sequence.app.command("pause")(sequences.pause)
sequence.app.command("resume")(sequences.resume)
app.add_typer(sequence.app, name="sequence")
app.add_typer(emails.app, name="email")
app.add_typer(resources.app, name="resource")
app.add_typer(newsletters.app, name="newsletter")
app.add_typer(clinic.app, name="clinic")
app.add_typer(clinics.token_app, name="token")
app.add_typer(clinics.staff_app, name="staff")
app.command("init")(clinics.init)
app.command("plan")(messages.plan)
app.command("outbox")(messages.outbox)
app.command("migrate")(serve.migrate)
app.command("serve")(serve.serve)
app.command("doctor")(doctor)
app.command("demo")(demo)

NO_TABLES = (
    "aftercare: the database cannot be used. Check AFTERCARE_DATABASE_URL, then run `aftercare init` for a "
    "new installation or `aftercare migrate` after an update."
)
NO_DATABASE = (
    "aftercare: Is the database running? It does not let us in. Start it, or check AFTERCARE_DATABASE_URL; "
    "`aftercare doctor --only database` says more."
)


def main() -> None:
    """Entry point of the `aftercare` command."""
    try:
        app()
    except AftercareError as error:
        print(f"aftercare: {error}", file=sys.stderr)
        sys.exit(exit_code(error))
    except UnicodeEncodeError:
        print("aftercare: something on the command line is not UTF-8 text; type it again", file=sys.stderr)
        sys.exit(2)
    except ArgumentError:
        print(NO_TABLES, file=sys.stderr)
        sys.exit(2)
    except (OperationalError, ProgrammingError) as error:
        # Without a statement it was not even asked.
        print(NO_TABLES if error.statement else NO_DATABASE, file=sys.stderr)
        sys.exit(1)


def exit_code(error: AftercareError) -> int:
    """3 not found, 4 conflict, else 2: what was typed or set cannot be used."""
    if isinstance(error, NotFound):
        return 3
    return 4 if isinstance(error, Conflict) else 2
