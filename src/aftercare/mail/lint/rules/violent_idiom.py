"""Figures of speech that shoot and stab."""

from aftercare.mail.lint.banned import banned
from aftercare.mail.lint.base import Severity

RULE = banned(
    "violent_idiom",
    severity=Severity.WARN,
    reason="A figure of speech may be the plain truth for whoever reads it (content section 7).",
    example="Take a stab at these bullet points.",
    fix="Say it plainly: “try”, “a list”, “what sets it off”.",
)
