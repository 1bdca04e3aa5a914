"""In which language somebody without a log-in reads a page."""

from collections.abc import Collection

from aftercare.mail.scene import BASE, root_of

MOST = 50
"""Languages that are read of a header; nobody speaks more, and a header may be long."""


def accepted(header: str, known: Collection[str]) -> str:
    """The language among `known` that a browser would rather have (RFC 9110 section 12.5.4), else English."""
    wanted = (_wish(part) for part in header.split(",")[:MOST])
    for _, tag in sorted(((weight, tag) for tag, weight in wanted if weight > 0), key=lambda one: -one[0]):
        nearest = nearest_to(tag, known)
        if nearest is not None:
            return nearest
    return BASE


def nearest_to(tag: str, known: Collection[str]) -> str | None:
    """`es` for `es-MX` (RFC 4647 section 3.4); None where there is nothing like it."""
    return next((one for one in (tag, root_of(tag)) if one in known), None)


def _wish(part: str) -> tuple[str, float]:
    tag, _, weight = part.partition(";")
    try:
        return tag.strip(), float(weight.strip().removeprefix("q=")) if weight else 1.0
    except ValueError:
        return tag.strip(), 0.0
