"""Where the shipped templates lie."""

from pathlib import Path

_PACKAGED = Path(__file__).parents[1] / "templates" / "emails"
_CHECKOUT = Path(__file__).parents[3] / "templates" / "emails"


def templates_root() -> Path:
    """`templates/emails`: inside an installed wheel, else in the checkout that this package is edited in."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
