"""Hurry and guilt."""

from aftercare.mail.lint.banned import banned

RULE = banned(
    "pressure",
    reason="Care that pushes is no care, and it brings complaints.",
    example="Last chance: we miss you.",
    fix="Leave it out. What is worth reading needs no hurry.",
)
