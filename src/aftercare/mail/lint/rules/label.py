"""Names for people."""

from aftercare.mail.lint.banned import banned

RULE = banned(
    "label",
    reason="A diagnosis is for a clinician to make, and nobody wants to be called a victim.",
    example="As a trauma sufferer, you may like this.",
    fix="Say what a person may notice, in everyday words, and leave the label out.",
)
