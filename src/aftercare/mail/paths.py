"""Where the shipped templates lie."""

import hashlib
from pathlib import Path

_PACKAGED = Path(__file__).parents[1] / "templates" / "emails"
_CHECKOUT = Path(__file__).parents[3] / "templates" / "emails"


def templates_root() -> Path:
    """`templates/emails`: inside an installed wheel, else in the checkout that this package is edited in."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def hash_of_templates(root: Path) -> str:
    """A hash of templates, fixed words and library. The shipped sequences do not count: what a clinic sends
    stands in its versions."""
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        place = path.relative_to(root)
        if place.parts[0] != "sequences":
            digest.update(str(place).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
