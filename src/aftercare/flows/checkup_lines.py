"""What `aftercare doctor` finds out about the help lines that emails print."""

from aftercare.flows import upkeep
from aftercare.flows.findings import Finding, ok, warn
from aftercare.flows.tools import Tools
from aftercare.store import clinics

MEND = (
    "Compare templates/emails/library/support.yaml with each service's own page, then set copied_on there, "
    "and verified where the number is right; then build again, as for an update."
)

PUBLISH = (
    "Name the duty contact and when people work on the page Settings, read the texts, then: "
    "aftercare sequence publish SLUG (aftercare sequence list names them)."
)


def check_lines(tools: Tools) -> Finding:
    """Somebody has compared them within 180 days, and all in use are confirmed (content section 6)."""
    now = tools.clock.now()
    with tools.reading() as db:
        found = dict.fromkeys(
            note
            for clinic in clinics.some(db, 1000)
            for note in upkeep.help_lines(db, tools, clinic.id, now=now)
        )
    if found:
        return warn("helplines", " ".join(found), MEND)
    return ok("helplines", f"last checked on {tools.library.support_checked}")


def check_visits(tools: Tools) -> Finding:
    """A logged session starts emails at every clinic."""
    with tools.reading() as db:
        found = [note for clinic in clinics.some(db, 1000) for note in upkeep.after_visits(db, clinic.id)]
    if found:
        return warn("visits", " ".join(found), PUBLISH)
    return ok("visits", "something live begins after a visit")


def check_contacts(tools: Tools) -> Finding:
    """Somebody hears of “Please call me” at every clinic whose emails offer it (content section 2, SAFE)."""
    with tools.reading() as db:
        found = [note for clinic in clinics.some(db, 1000) for note in upkeep.nobody_hears(db, clinic.id)]
    if found:
        return warn("contacts", " ".join(found), "Name them on the page Settings of that clinic.")
    return ok("contacts", "wherever emails offer a call, somebody hears of it")
