"""The sandbox on a Wednesday morning that never ends, with a bit of everything that a page can show."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scripts.screen_checkins import answered
from scripts.screen_signup import open_to_all
from sqlalchemy.orm import Session

from aftercare.config import Settings
from aftercare.domain.segments import Segment
from aftercare.flows import (
    clinics,
    consent,
    consent_request,
    drafts,
    editing,
    import_confirm,
    imports,
    logins,
    newsletters,
    resources,
    sandbox,
    travel,
)
from aftercare.flows.import_basis import Basis
from aftercare.flows.newsletters import When
from aftercare.flows.resources import Particulars
from aftercare.flows.sandbox_cast import CLINIC
from aftercare.mail.tokens import Purpose, sign
from aftercare.migrations import upgrade
from aftercare.models import Client, Staff
from aftercare.store import appointments, clients, enrolments, inbox, sessions
from aftercare.store import clinics as clinic_rows
from aftercare.store.clock import DatabaseClock
from aftercare.testing.inline import InlineApp, sandbox_app

WEDNESDAY_11 = datetime(2026, 11, 25, 11, 20, tzinfo=UTC)
SECRET = "1:a-secret-that-only-pictures-and-tests-know-0123456789"  # noqa: S105 - it protects nothing
SLUG, CHANGED_STEP = "after-your-visit", "two-minutes-with-a-pen"
FILE = """Email,First name,Country,Agreed to emails,Notes
ann.field@example.com,Ann,GB,yes,sleeps badly
bea.hill@example.com,Bea,GB,no,
carl.wood@@example.com,Carl,GB,yes,
priya.nair@example.com,Priya,GB,yes,
maya.ellis@example.com,Maya,GB,yes,
ann.field@example.com,Ann,GB,yes,
"""
AGREED = Basis.read(
    {"who": "column", "source": "Intake form", "wording": "Yes, send me emails.", "given_on": "2026-11-20"}
)
PEOPLE = {
    "maya": "maya.ellis",
    "grace": "grace.okafor",
    "daniel": "daniel.ortiz",
    "priya": "priya.nair",
    "tom": "tom.haddow",
    "hannah": "hannah.voss",
    "lucas": "lucas.tremblay",
    "long": "m.t.h.von-hohenwaldeck",
    "nameless": "ring.twice",
    "layla": "layla.haddad",
    "olivia": "olivia.marsh",
}


class StandingClock(DatabaseClock):
    """A sandbox's clock of which the real half stands still."""

    current = WEDNESDAY_11

    def unshifted(self) -> datetime:
        """The instant at which it stands."""
        return self.current


@dataclass
class ScreenWorld:
    """What screens are shown of. `names`: what stands in braces in their paths; `tokens`: cookie of each
    kind of visitor."""

    app: InlineApp
    names: Mapping[str, str]
    tokens: Mapping[str, str]


def make_screen_world(folder: Path, migrated: Path | None = None) -> ScreenWorld:
    """Furnish a sandbox in `folder`, beginning with the empty database `migrated` where there is one."""
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'aftercare.sqlite3'}",
        secret_key=SECRET,
        sandbox=True,
        public_url="http://127.0.0.1",
        mail_domain=CLINIC.sender_address.partition("@")[2],
    )
    if migrated:
        shutil.copyfile(migrated, folder / "aftercare.sqlite3")
    else:
        upgrade(settings.database)
    app = sandbox_app(settings)
    app.clock = StandingClock(app.engine, sandbox=True)
    sandbox.furnish(app)
    with app.transaction() as db:
        clinic_id = clinic_rows.only(db).id
        tokens = _sign_in(db, {one.role: one for one in clinic_rows.staff_of(db, clinic_id)})
        names = _people(db, app, clinic_id) | _drafted(db, clinic_id) | _brought_in(db, clinic_id)
        names |= _recommended(db, clinic_id) | _visits(db, clinic_id)
        names |= _written(db, app, clinic_id)
        names |= answered(db, app, clinic_id, WEDNESDAY_11)
        names |= open_to_all(db, app, clinic_id, WEDNESDAY_11)
        # Last: while there is one clinic only, the tools of a sandbox need not be told which.
        tokens |= _newcomer(db)
        names["invitation"] = _invited(db, clinic_id)
    earlier = WEDNESDAY_11 - timedelta(hours=3)
    import_confirm.confirm(app, clinic_id, names["old_file"], by="pictures", now=earlier)
    travel.do_what_is_due(app)
    return ScreenWorld(app, names, tokens)


def _sign_in(db: Session, staff: Mapping[str, Staff]) -> dict[str, str]:
    return {who: logins.sign_in(db, one, None, unshifted=WEDNESDAY_11) for who, one in staff.items()}


def _newcomer(db: Session) -> dict[str, str]:
    """The owner of a clinic that has just been opened: every page is still empty."""
    clinic = replace(CLINIC, name="Fern Hill Practice")
    other = clinics.add_clinic(db, clinic, by="pictures", now=WEDNESDAY_11).id
    kit = clinics.add_staff(
        db, other, first_name="Kit", email="kit@example.com", role="owner", by="pictures", now=WEDNESDAY_11
    )
    return _sign_in(db, {"newcomer": kit})


def _invited(db: Session, clinic_id: str) -> str:
    ada = clinics.add_staff(
        db, clinic_id, first_name="Ada", email="ada@example.com", role="viewer", by="x", now=WEDNESDAY_11
    )
    return logins.invite(db, clinic_id, ada.id, by="pictures", unshifted=WEDNESDAY_11)


def _people(db: Session, app: InlineApp, clinic_id: str) -> dict[str, str]:
    found = {name: _client(db, clinic_id, mailbox) for name, mailbox in PEOPLE.items()}
    consent_request.ask(db, clinic_id, found["tom"].id, by="pictures", now=WEDNESDAY_11)

    def link(name: str, purpose: Purpose) -> str:
        who = found[name]
        return sign(app.token_keys, purpose, who.id, "aftercare", who.token_epoch)

    links = {
        "leaves": link("grace", Purpose.UNSUBSCRIBE),
        "has_left": link("priya", Purpose.UNSUBSCRIBE),
        "is_asked": link("tom", Purpose.CONSENT),
        "chooses": link("maya", Purpose.SETTINGS),
        "got_none": link("priya", Purpose.SETTINGS),
        "has_agreed": link("maya", Purpose.CONSENT),
    }
    letter = inbox.sent(db, clinic_id, limit=1)[0]
    run = enrolments.stopped_by_client(db, found["priya"].id)[0]
    links |= {"email_of": letter.client.id, "stopped_run": run.enrolment.id}
    newest = letter.message.id
    return {name: one.id for name, one in found.items()} | links | {"email": newest}


def _client(db: Session, clinic_id: str, mailbox: str) -> Client:
    found = clients.by_email(db, clinic_id, f"{mailbox}@example.com")
def _visits(db: Session, clinic_id: str) -> dict[str, str]:
    """An appointment to come, and a session that was logged."""
    olivia, maya = (_client(db, clinic_id, PEOPLE[name]) for name in ("olivia", "maya"))
    return {
        "appointment": appointments.of_client(db, olivia.id)[0].id,
        "session": sessions.of_client(db, maya.id)[-1].id,
    }


    if found is None:
        raise LookupError(mailbox)
    return found


def _drafted(db: Session, clinic_id: str) -> dict[str, str]:
    """A draft that differs in a wait and in a paragraph."""
    draft = drafts.open_draft(db, clinic_id, SLUG, by="pictures", now=WEDNESDAY_11)
    files = editing.set_wait(draft.files, "short-walk", {"days": 4, "at": "10:00"})
    files = editing.set_lines(files, CHANGED_STEP, subject="Two minutes with a pencil")
    drafts.save_draft(
        db, clinic_id, files, revision=draft.revision, by="pictures", now=WEDNESDAY_11 - timedelta(hours=2)
    )
    return {"slug": SLUG, "step": CHANGED_STEP}


def _recommended(db: Session, clinic_id: str) -> dict[str, str]:
    """Entries of the resource library: looked at lately, a while ago, too long ago; and one that is gone."""
    ids = []
    for days, title in (
        (3, "Walks for all"),
        (200, "A reading list"),
        (400, "Evening choir"),
        (1, "Day room"),
    ):
        then, name = WEDNESDAY_11 - timedelta(days=days), title.lower().replace(" ", "-")
        new = Particulars(title, f"https://{name}.example.org/", country="GB", note="Asked for often")
        ids.append(resources.add(db, clinic_id, new, by="pictures", now=then).id)
    resources.mark_dead(db, clinic_id, ids[-1], by="pictures", now=WEDNESDAY_11)
    return {"resource": ids[0]}


def _written(db: Session, app: InlineApp, clinic_id: str) -> dict[str, str]:
    """Issues of the newsletter: a draft, one to come, one that stands still, one that was cancelled."""
    verbs = {"issue_paused": newsletters.pause, "issue_cancelled": newsletters.cancel}
    for name in ("maya", "grace", "tom", "hannah", "lucas"):
        reader = _client(db, clinic_id, PEOPLE[name])
        said = {"source": "intake form", "wording": "Yes, please.", "by": "pictures", "now": WEDNESDAY_11}
        consent.give(db, reader, ["newsletter"], **said)
    ids = {}
    for starter, name in enumerate(("issue_draft", "issue_scheduled", *verbs), start=1):
        issue = newsletters.create(db, clinic_id, f"issue-{starter}", by="pictures", now=WEDNESDAY_11)
        ids[name] = issue.id
        if name != "issue_draft":
            checked = newsletters.check(db, app, clinic_id, issue.id)
            hour = When((WEDNESDAY_11 + timedelta(days=starter)).replace(hour=10, tzinfo=None))
            scheduled = {"by": "pictures", "now": WEDNESDAY_11}
            newsletters.schedule(db, clinic_id, issue.id, checked, hour, Segment(), **scheduled)
        if name in verbs:
            verbs[name](db, clinic_id, issue.id, by="pictures", now=WEDNESDAY_11)
    return ids


def _brought_in(db: Session, clinic_id: str) -> dict[str, str]:
    """A file that is being looked at, and one that came in."""
    ids = {}
    for name, text in (("file", FILE), ("silent_file", "Email\nzoe@example.com\n"), ("old_file", FILE)):
        staged = imports.read_file(text.encode())
        batch = imports.stage(db, clinic_id, staged, by="pictures", now=WEDNESDAY_11)
        ids[name] = batch.id
        if name != "silent_file":
            imports.choose(db, clinic_id, batch.id, batch.mapping["fields"], AGREED)
    return ids
