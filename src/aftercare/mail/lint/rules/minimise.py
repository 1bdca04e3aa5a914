"""Making little of what somebody feels."""

from aftercare.mail.lint.banned import banned

RULE = banned(
    "minimise",
    reason="It closes the door for a person who wanted to say how she is.",
    example="Calm down, it is no big deal.",
    fix="Say that it is common, or that it makes sense, and stop there.",
)
