"""What fields are called on the pages, for errors that stand apart from them."""

from aftercare.errors import InvalidInput

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LABELS = {
    **dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), DAYS, strict=True)),
    "after_stop": "They said yes after they had stopped",
    "at": "At",
    "client_id": "Client",
    "consent": "Their yes",
    "closed": "Closed on",
    "days": "On which days",
    "duty": "Duty contact",
    "email": "Email address",
    "ended_at": "Ended at",
    "ends_at": "How long",
    "first_name": "First name",
    "given_on": "When",
    "outcome": "How it went",
    "reason": "Why",
    "second": "Second contact",
    "service": "Kind of visit",
    "source": "How",
    "hours": "When people work",
    "minutes": "How long",
    "start": "From",
    "starts_at": "Starts at",
    "therapist_id": "With",
    "timezone": "Time zone",
    "topics": "Yes to",
    "until": "Until",
    "url": "Address",
    "wait": "When it goes out",
    "wording": "What they agreed to",
    "wording_en": "The English words",
    "wording_es": "The Spanish words",
}


def label(name: str) -> str:
    """`First name` for first_name."""
    return _LABELS.get(name, name.replace("_", " ").replace(".", ", ").capitalize())


def summary(error: object) -> str:
    """An error for the top of a form: `First name: is too long`."""
    if isinstance(error, InvalidInput):
        return f"{label(error.field)}: {error.problem}"
    return str(error)
