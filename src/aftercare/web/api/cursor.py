"""Where a page of a list ended, as a word that only we read: an instant and an id."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query

from aftercare.errors import InvalidInput
from aftercare.flows.plan import Place
from aftercare.web.api.body import Instant

From = Annotated[Instant | None, Query(alias="from", description="Default: now.")]
To = Annotated[Instant | None, Query(alias="to", description="Default: 14 days later.")]
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str, Query(max_length=200)]
_PLACE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?\+00:00)\|([a-z]{3}_[a-z2-7]{24})")


def written(place: Place) -> str:
    """The cursor of this place."""
    return urlsafe_b64encode(f"{place[0].isoformat()}|{place[1]}".encode()).decode()


def read(cursor: str) -> Place | None:
    """The place of a cursor; None for none. InvalidInput."""
    if not cursor:
        return None
    with suppress(ValueError):
        if found := _PLACE.fullmatch(urlsafe_b64decode(cursor.encode()).decode()):
            return datetime.fromisoformat(found[1]), found[2]
    raise InvalidInput("cursor", "is not one of ours; begin again without it")


def next_link(path: str, **query: str | int) -> str:
    """The `Link` header that leads to the following page (RFC 8288)."""
    return f'<{path}?{urlencode(query)}>; rel="next"'
