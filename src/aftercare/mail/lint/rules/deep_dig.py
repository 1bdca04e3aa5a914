"""Digging."""

from aftercare.mail.lint.banned import banned

RULE = banned(
    "deep_dig",
    reason="Going back to the sorest point alone and by email can flood a person.",
    example="Write about your worst memory.",
    fix="Ask something light, about today, that can be left unanswered.",
)
