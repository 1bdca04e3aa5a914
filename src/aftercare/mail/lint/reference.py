"""The page of all rules: `python -m aftercare.mail.lint.reference > docs/reference/lints.md`."""

from aftercare.mail.lint import ROWS, RULES, Rule, Severity

_HEAD = """# What is checked in an email

Made from the code by `python -m aftercare.mail.lint.reference`. Every rule stands in a file of its own in
`src/aftercare/mail/lint/rules`.

An email starts with 100 points. A row with any finding loses all of its points, once; we ship from 95
on. A rule that *blocks* keeps an email from going live whatever its score, and `aftercare email check`
exits with 5.

Each finding says where: the key of a block, or `subject`, `preheader`, `public_name`, `sender`,
`headers`, `html`, `text` or `theme`. What is missing from the whole email is found at `html`. Where the
whole email is too long or too hard to read, the finding points at the part that weighs most.
"""


def table() -> str:
    """The whole page in Markdown, one section per row."""
    return "\n".join([_HEAD, *(_section(row) for row in ROWS)])


def _section(row: str) -> str:
    head = f"## {row}: {ROWS[row]} points\n\n| rule | | why | for example | instead |\n|---|---|---|---|---|"
    return "\n".join([head, *(_line(rule) for rule in RULES if rule.row == row), ""])


def _line(rule: Rule) -> str:
    weight = "blocks" if rule.severity is Severity.BLOCK else "warns"
    example = rule.example.replace("`", "'")
    cells = (
        f"`{rule.id}`",
        weight,
        rule.reason.replace("<", "&lt;"),
        f"`{example}`",
        rule.fix.replace("<", "&lt;"),
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - this is what it is run for
