"""Why an email waits, was left out or failed, or a session started nothing: in words, once for all pages."""

from aftercare.flows.why_not import WHY_NOT

STATES = {
    "planned": "planned",
    "claimed": "going out now",
    "transmitting": "going out now",
    "sent": "sent",
    "unknown": "being checked: we do not know yet whether it arrived",
    "held": "on hold",
    "skipped": "left out",
    "cancelled": "taken back",
    "failed": "could not be sent",
}

REASONS = {key: why.brief for key, why in WHY_NOT.items()} | {
    "ambiguous": "the mail server never said whether it took it, twice; it may have arrived",
    "appointment_cancelled": "the appointment was cancelled",
    "answered": "the client has answered already",
    "breaker": "the mail server does not answer; we try again shortly",
    "cannot_render": "its text could not be put together; look at the email in its sequence",
    "capped": "moved, so that no day brings too many emails",
    "catch_up": "moved, so that what was late does not come all at once",
    "condition": "its condition does not fit this visit",
    "did_not_happen": "the session did not happen",
    "expired": "its moment had passed before it could go out",
    "held": "this client is on hold",
    "issue_cancelled": "the issue was cancelled",
    "late_proof": "the mail server confirmed it later",
    "left_group": "no longer in the group that this issue is for",
    "less_often": "the client asked for fewer emails",
    "moved": "the sequence changed, and this email was planned anew",
    "moved_past": "its moment had passed when the sequence changed",
    "newer_run_active": "emails after a later visit are running already, and stay",
    "no_aftercare": "logged without aftercare",
    "no_longer_planned": "no longer part of the plan",
    "no_sequence": "no sequence fits this session",
    "not_due": "its time has not come yet",
    "opted_out": "the client asked for these emails to stop",
    "outside_calendar": "its dates lie outside the calendar",
    "parked_after_three_tries": "sending it failed three times; look at the email in its sequence",
    "past": "its moment had passed already",
    "paused": "the client's emails were paused",
    "recent_visit": "a visit within the last three days",
    "quiet_hours": "moved out of the quiet hours",
    "resend_after_doubt": "sent once more, because the first attempt was cut off",
    "run_ended": "its sequence ended before",
    "sequence_paused": "this sequence is paused",
    "session_cancelled": "the session was logged by mistake",
    "somebody_elses": "the session was somebody else’s",
    "stopped": "stopped by staff",
    "left": "works here no longer",
    "superseded": "a newer session took its place",
    "tender_path": "a visit with strong feelings within the last two weeks",
    "too_late": "its moment had passed already",
    "worker_lost": "cut off on its way; being checked",
}


SOURCES = {
    "consent_page": "on the page that the email led to",
    "one_click": "with the button of their mail program",
    "settings_page": "on the page of their email settings",
    "staff": "told to a colleague",
    "undo": "the stop was taken back",
    "unsubscribe_page": "on the page that the link in an email leads to",
}
NO_BY_EMAIL = "consent_page"
"""A no with this source is an answer to the question, not the end of something."""


def how_said(source: str) -> str:
    """How a yes or a stop reached us; what staff wrote down stays as they wrote it."""
    return SOURCES.get(source, source.rstrip("."))


def reason_in_words(reason: str | None) -> str:
    """Why; empty where there is nothing to say. A mail server's own code is shown as it is."""
    if not reason:
        return ""
    if reason.startswith("smtp_"):
        return f"the mail server answered {reason.removeprefix('smtp_').replace('_', ' ')}"
    return REASONS.get(reason, reason.replace("_", " "))


def state_in_words(state: str, reason: str | None = None) -> str:
    """`left out: the client's emails were paused`."""
    why = reason_in_words(reason)
    return f"{STATES[state]}: {why}" if why else STATES[state]
