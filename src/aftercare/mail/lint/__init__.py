"""What an email must not do: one rule per file in `rules`, each with its reason, an example and the fix."""

import importlib
import pkgutil
from collections.abc import Sequence

from aftercare.mail.lint import rules as _rules
from aftercare.mail.lint.base import ROWS, Finding, Report, Rule, Severity, report
from aftercare.mail.lint.letter import Letter

__all__ = ["ROWS", "RULES", "Finding", "Letter", "Report", "Rule", "Severity", "check", "report"]


def check(letters: Sequence[Letter]) -> Report:
    """All findings in the readings of one email, and its score."""
    return report(RULES, letters)


def _load() -> tuple[Rule, ...]:
    names = [module.name for module in pkgutil.iter_modules(_rules.__path__)]
    modules = [importlib.import_module(f"{_rules.__name__}.{name}") for name in names]
    found: list[Rule] = [module.RULE for module in modules]
    return tuple(sorted(found, key=lambda rule: (list(ROWS).index(rule.row), rule.id)))


#: Every rule, in the order of the rows.
RULES = _load()
