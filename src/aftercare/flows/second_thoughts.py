"""The minute in which a session that was saved on the page can be undone as if it had never been."""

from datetime import datetime, timedelta

from aftercare.models import CareSession

UNDO = timedelta(seconds=60)


def leaves_from(care_session: CareSession) -> datetime | None:
    """The instant (UTC) before which none of its emails leaves: a session that is logged hours late brings
    some that are due at once, and what has left cannot be undone. None where a program logged it, which has
    no such button. Lateness counts from what was planned all the same."""
    by_hand = care_session.logged_by.startswith("staff:")
    return care_session.logged_at + UNDO if by_hand else None
