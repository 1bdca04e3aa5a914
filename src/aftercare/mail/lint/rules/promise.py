"""Promising how somebody will feel."""

from aftercare.mail.lint.banned import banned

RULE = banned(
    "promise",
    reason="Nobody can keep it, and she may not feel it.",
    example="You will feel better tomorrow.",
    fix="Say what may happen: “some people feel lighter for a while”.",
)
