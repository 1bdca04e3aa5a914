"""`aftercare sequence show`, `publish`, `discard` and `restore`: the draft and the versions of a sequence."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from aftercare.bootstrap import App
from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, reading, say, transaction
from aftercare.domain.wording import conditions_in_words, trigger_in_words, wait_in_words
from aftercare.errors import ContentError, InvalidInput, NotFound
from aftercare.flows import drafts, publishing
from aftercare.flows.differences import Difference, between
from aftercare.flows.drafts import Version
from aftercare.flows.publishing import DatedStep
from aftercare.store import clinics

CHECKS_FAILED = 5

SlugArgument = Annotated[str, typer.Argument(help="The sequence, as `sequence list` names it.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]
InFlightOption = Annotated[
    str, typer.Option(help="People part-way: `keep` them on their version, or `move` them to this one.")
]


def show(slug: SlugArgument, clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """The steps in words, with the dates after a visit that ends now; of the draft, where there is one."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        live, version = _versions(db, clinic_id, slug)
        dates = publishing.next_client_example(db, clinic_id, slug, now=now)
        window = clinics.get(db, clinic_id).send_window
        people = publishing.people_in_flight(db, clinic_id, slug)
    shown = _shown(version, dates, window) | {"live": live.number if live else None, "people": people}
    print(json.dumps(shown, indent=2) if as_json else _text_of(shown))


def publish(
    slug: SlugArgument,
    in_flight: InFlightOption = "keep",
    dry_run: DryRunOption = False,
    clinic: ClinicOption = "",
    as_json: JsonOption = False,
) -> None:
    """Make the draft the live version; exit code 5 where one of its emails could not be made."""
    if in_flight not in publishing.IN_FLIGHT:
        raise InvalidInput("--in-flight", f"choose from {', '.join(publishing.IN_FLIGHT)}")
    app = open_app()
    with reading(app, clinic) as (db, clinic_id, now):
        live, draft = _versions(db, clinic_id, slug)
        if draft.state != "draft":
            raise NotFound(f"The sequence '{slug}' has no draft to publish. Import or edit it first.")
        changes = between(live.files if live else None, draft.files)
        done = _would_do(db, app, clinic_id, draft, now) if dry_run else _check(db, app, clinic_id, draft)
    if not dry_run and not done["problems"]:
        with app.transaction() as db:
            done |= _publish(db, clinic_id, draft, in_flight, now)
    result = {"sequence": slug, **done, "changes": changes}
    if as_json:
        print(json.dumps(as_data(result), indent=2))
    else:
        print_changes(result)
    if done["problems"]:
        raise typer.Exit(CHECKS_FAILED)


def discard(slug: SlugArgument, clinic: ClinicOption = "") -> None:
    """Throw the draft away; what is live stays."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        drafts.discard_draft(db, clinic_id, slug, by=BY, now=now)
    say("Discarded. What is live has not changed.")


def restore(slug: SlugArgument, number: int, clinic: ClinicOption = "") -> None:
    """Make a draft that says what version NUMBER said; publish it to bring that back."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        drafts.restore(db, clinic_id, slug, number, by=BY, now=now)
    say(f"The draft says what version {number} said. Publish it to bring that back.")


def as_data(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result as it is printed with `--json`."""
    return {**result, "changes": [asdict(change) for change in result["changes"]]}


def print_changes(result: Mapping[str, Any]) -> None:
    """What changes, as sentences; the rest of the result is talk."""
    changes: Sequence[Difference] = result["changes"]
    for change in changes:
        print(change.sentence)
    for problem in result.get("problems", ()):
        say(f"aftercare: {problem['text']}")
    if not changes:
        say(f"{result['sequence']}: nothing changes.")
    elif result.get("version"):
        say(f"Version {result['version']} is live. {_of_people(result)}")


def _of_people(result: Mapping[str, Any]) -> str:
    if not result["people"]:
        return "The next client gets it."
    if result["in_flight"] == "move":
        return f"Runs moved to it: {result['moved']}."
    before = result["version"] - 1
    stay = "1 person stays" if result["people"] == 1 else f"{result['people']} people stay"
    return f"{stay} on version {before}{' or an older one' if before > 1 else ''}."


def _versions(db: Session, clinic_id: str, slug: str) -> tuple[Version | None, Version]:
    """The live version, and the draft or else the live one again. NotFound."""
    live = drafts.live(db, clinic_id, slug)
    version = drafts.draft(db, clinic_id, slug) or live
    if version is None:
        raise NotFound(f"The sequence '{slug}' has neither a draft nor a live version.")
    return live, version


def _would_do(db: Session, app: App, clinic_id: str, draft: Version, now: datetime) -> dict[str, Any]:
    slug = draft.files.slug
    problems = publishing.check_emails(db, app, clinic_id, draft.files)
    examples = publishing.examples(db, clinic_id, slug, now=now)
    return {
        "version": None,
        "moved": 0,
        "people": publishing.people_in_flight(db, clinic_id, slug),
        "problems": [asdict(problem) for problem in problems],
        "examples": [
            {
                "client": one.client_id,
                "keep": [_dated(step) for step in one.keep],
                "move": [_dated(step) for step in one.move],
            }
            for one in examples
        ],
    }


def _check(db: Session, app: App, clinic_id: str, draft: Version) -> dict[str, Any]:
    slug = draft.files.slug
    people, problems = publishing.people_in_flight(db, clinic_id, slug), []
    try:
        publishing.check_draft(db, app, clinic_id, slug)
    except ContentError as error:
        found = publishing.check_emails(db, app, clinic_id, draft.files) or [
            publishing.Problem("", str(error))
        ]
        problems = [asdict(problem) for problem in found]
    return {"version": None, "people": people, "problems": problems, "examples": []}


def _publish(db: Session, clinic_id: str, draft: Version, in_flight: str, now: datetime) -> dict[str, Any]:
    done = publishing.publish_draft(db, clinic_id, draft, in_flight=in_flight, by=BY, now=now)
    return {"version": done.number, "in_flight": in_flight, "moved": done.moved}


def _shown(version: Version, dates: Sequence[DatedStep], window: str) -> dict[str, Any]:
    spec, emails = version.files.spec, version.files.emails
    moments = {step.key: step for step in dates}
    return {
        "sequence": version.files.slug,
        "name": spec.name,
        "state": version.state,
        "revision": version.revision,
        "starts": trigger_in_words(spec.trigger),
        "steps": [
            {
                "key": step.key,
                "subject": emails[step.key].subject,
                "wait": wait_in_words(step.wait, spec.trigger, window),
                "conditions": list(conditions_in_words(step)),
                "local": moments[step.key].local.isoformat(timespec="seconds"),
            }
            for step in spec.steps
        ],
    }


def _dated(step: DatedStep) -> dict[str, Any]:
    return {"key": step.key, "local": step.local.isoformat(timespec="seconds"), "skip": step.skip}


def _text_of(shown: Mapping[str, Any]) -> str:
    live = f"version {shown['live']} is live" if shown["live"] else "not published yet"
    which = "the draft" if shown["state"] == "draft" else "the live version"
    lines = [f"{shown['name']} ({shown['sequence']}): {live}, {shown['people']} people part-way"]
    lines += [f"Starts {shown['starts']}. This is {which}.", ""]
    for number, step in enumerate(shown["steps"], start=1):
        moment = datetime.fromisoformat(step["local"])
        lines.append(f"{number}. {step['subject']}  [{step['key']}]")
        lines.append(f"   {'; '.join([step['wait'], *step['conditions']])}")
        lines.append(f"   after a visit that ends now: {moment:%a %d %b %Y, %H:%M}")
    return "\n".join(lines)
