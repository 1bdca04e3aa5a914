"""What people type into forms."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aftercare.domain.localtime import parse_instant
from aftercare.errors import InvalidInput


def typed_instant(text: str, zone: ZoneInfo, field: str) -> datetime:
    """The UTC instant that somebody chose on the wall clock of `zone`. InvalidInput, in words for those whose
    field was left empty."""
    if not text.strip():
        raise InvalidInput(field, "choose the day and the time of day, such as 28 March, 18:00")
    return parse_instant(text, zone, field)
