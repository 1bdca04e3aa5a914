"""The sentences that follow a saved session, and one that was taken back."""

from collections.abc import Sequence
from datetime import datetime

from aftercare.flows.logging_sessions import Desk
from aftercare.flows.preview import Preview
from aftercare.web.staff.reasons import reason_in_words
from aftercare.web.staff.words import counted, is_at_once, leaving, place


def told_saved(
    desk: Desk, plan: Preview, now: datetime, *, asked: bool = False, not_asked: str | None = None
) -> str:
    """What follows. `asked`: an email that asks for consent is on its way; `not_asked`: why none is."""
    if asked:
        return "Saved. One email asks for consent, in a minute; the others follow after a yes."
    said = ["Saved.", *_planned(desk, plan, now), *_waiting(plan)]
    if len(said) == 1:
        said.append("No emails follow.")
    if not_asked is not None:
        said.append(f"Not asked: {reason_in_words(not_asked)}.")
    return " ".join(said)


def told_undone(left: Sequence[str]) -> str:
    """That it is as before; but for the emails of these subjects, which left in time."""
    if not left:
        return "Taken back. What it had changed is as before."
    subjects = ", ".join(f"“{subject}”" for subject in left)
    return f"Taken back. {counted(len(left), 'email').capitalize()} had left already: {subjects}."


def _planned(desk: Desk, plan: Preview, now: datetime) -> list[str]:
    instants = [one.leaves_at for one in plan.leaving if one.leaves_at is not None]
    if not instants:
        return []
    first = leaving(instants[0], desk.zone, now)
    there = f" {place(desk.zone)} time" if desk.is_elsewhere and not is_at_once(instants[0], now) else ""
    if len(instants) == 1:
        return [f"One email is planned, {first}{there}."]
    return [f"{len(instants)} emails are planned, the first {first}{there}."]


def _waiting(plan: Preview) -> list[str]:
    if not plan.waiting:
        return []
    count = len(plan.waiting)
    return [f"{counted(count, 'email waits', 'emails wait')}: {reason_in_words(plan.waiting[0].reason)}."]
