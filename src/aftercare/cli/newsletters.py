"""`aftercare newsletter list`, `new`, `schedule`, `pause`, `resume` and `cancel`."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer

from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, print_made, print_rows, reading, say
from aftercare.cli.opening import transaction as writing
from aftercare.domain.newsletters import Audience
from aftercare.domain.segments import FORMS, Segment
from aftercare.errors import InvalidInput
from aftercare.flows import newsletter_audience, newsletter_issues, newsletters
from aftercare.flows.newsletter_files import BLANK, TOPIC
from aftercare.flows.newsletters import When

app = typer.Typer(no_args_is_help=True, help="Issues of the newsletter, which go to its subscribers once.")
SHOWN = ("issue", "subject", "state", "hour", "sent", "enrolled")
AtOption = Annotated[str, typer.Option("--at", help="Local date and time, like 2026-12-01T10:00.")]
WhoseOption = Annotated[str, typer.Option("--whose", help="On whose clock: recipient or clinic.")]
OnlyOption = Annotated[
    list[str] | None, typer.Option("--only", help=f"CONDITION=VALUE; conditions: {', '.join(FORMS)}.")
]


@app.command("list")
def list_all(clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """The newest issues: state, hour, and how many emails of each were sent."""
    with reading(open_app(), clinic) as (db, clinic_id, _now):
        cards = newsletter_issues.cards(db, clinic_id)
    found = [
        {
            "issue": card.issue.id,
            "subject": card.subject,
            "state": "paused" if newsletters.stands_still(card.issue, card.sequence) else card.issue.state,
            "hour": card.issue.scheduled_local,
            "whose_time": card.issue.whose_time,
            "sent": card.progress.sent,
            "to_come": card.progress.to_come,
            "left_out": dict(card.progress.left_out),
            "enrolled": card.progress.enrolled,
        }
        for card in cards
    ]
    print_rows(found, as_json=as_json, shown=SHOWN, title="Newsletter")


@app.command("new")
def new(
    starter: Annotated[str, typer.Argument(help="issue-1 to issue-6, or blank.")] = BLANK,
    subject: Annotated[str, typer.Option(help="Of a blank one.")] = "",
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """Begin an issue; prints its id. It is written in the browser."""
    with writing(open_app(), clinic) as (db, clinic_id, now):
        made = newsletters.create(db, clinic_id, starter, subject=subject, by=BY, now=now)
        told = {"issue": made.id}
    print_made(told, as_json=as_json)


@app.command("schedule")
def schedule(
    issue: str,
    at: AtOption,
    whose: WhoseOption = "recipient",
    only: OnlyOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count who would get it.")] = False,
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """Check an issue, count who gets it and who is left out, and send it at that hour."""
    opened, segment = open_app(), _segment(only or [])
    when = When(_local(at), whose)
    with reading(opened, clinic) as (db, clinic_id, now):
        checked = newsletters.check(db, opened, clinic_id, issue)
        found = newsletter_audience.audience(db, clinic_id, TOPIC, when, segment, now=now)
    if not dry_run:
        with writing(opened, clinic) as (db, clinic_id, now):
            newsletters.schedule(db, clinic_id, issue, checked, when, segment, by=BY, now=now)
        opened.submit("enrol_subscribers")
    print_rows(_numbers(found), as_json=as_json, shown=("who", "number"), title="Who gets it")
    say("Nothing was scheduled." if dry_run else "Scheduled. Cancel it up to the minute it leaves.")


@app.command("pause")
def pause(issue: str, clinic: ClinicOption = "") -> None:
    """Let an issue stand still, however much of it has left."""
    _act(newsletters.pause, issue, clinic, "Paused.")


@app.command("resume")
def resume(issue: str, clinic: ClinicOption = "") -> None:
    """Let it go on with those who have not had it."""
    _act(newsletters.resume, issue, clinic, "It goes on.")


@app.command("cancel")
def cancel(issue: str, clinic: ClinicOption = "") -> None:
    """Send no more of it; what has left has left."""
    _act(newsletters.cancel, issue, clinic, "Cancelled.")


def _act(verb: Callable[..., None], issue: str, clinic: str, said: str) -> None:
    with writing(open_app(), clinic) as (db, clinic_id, now):
        verb(db, clinic_id, issue, by=BY, now=now)
    say(said)


def _numbers(found: Audience) -> list[dict[str, object]]:
    """One row for those who get it, one for each reason; together they are the last."""
    left_out = [(f"left out: {reason}", number) for reason, number in found.left_out.items()]
    rows = [("get it", found.going), *left_out, ("subscribers", found.subscribers)]
    return [{"who": who, "number": number} for who, number in rows]


def _local(at: str) -> datetime:
    try:
        local = datetime.fromisoformat(at)
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None:
        raise InvalidInput("at", "write a local date and time like 2026-12-01T10:00")
    return local


def _segment(conditions: list[str]) -> Segment:
    pairs = [one.partition("=") for one in conditions]
    return Segment.parse({name: value for name, _, value in pairs})
