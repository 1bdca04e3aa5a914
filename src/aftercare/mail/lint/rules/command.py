"""Telling the reader what to do."""

from aftercare.mail.lint.banned import banned

RULE = banned(
    "command",
    reason="A person who is tired or shaken hears an order as one more thing to fail at.",
    example="You should rest tonight.",
    fix="Invite instead: “you might”, “if it suits”, “or not”.",
)
