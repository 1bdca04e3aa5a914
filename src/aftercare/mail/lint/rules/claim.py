"""Saying more than is known."""

from aftercare.mail.lint.banned import banned

RULE = banned(
    "claim",
    reason="It is not known, and a person who does not feel it thinks that she did it wrong.",
    example="Massage heals stored emotions.",
    fix="Say what some people notice, and that others do not; leave hormones and healing out.",
)
