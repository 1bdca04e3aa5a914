"""Reading JSON so that it means one thing only, and the types that request bodies are made of."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import Request
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from aftercare.domain.localtime import parse_instant, parse_zone
from aftercare.errors import InvalidInput, NotFound
from aftercare.flows.zones import zone_aliases
from aftercare.web.errors import UnreadableBody, WrongMediaType

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_OFFSET = re.compile(r"(Z|[+-][0-9]{2}:[0-9]{2})$", re.IGNORECASE)


async def json_only(request: Request) -> None:
    """Refuse a body that is not JSON, or that two readers could understand differently: a name that stands
    twice in an object, NaN (RFC 8259 sections 4 and 6). UnreadableBody, WrongMediaType."""
    body = await request.body()
    if not body:
        return
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WrongMediaType("Send the body as application/json.")
    try:
        json.loads(body, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise UnreadableBody("The body is not JSON, or names a field twice, or is nested too deep.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


class Body(BaseModel):
    """A request body: nothing but the fields that it names, each of exactly its type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Shown(BaseModel):
    """An answer, filled from a row."""

    model_config = ConfigDict(from_attributes=True)


def _printable(text: str) -> str:
    if _CONTROLS.search(text):
        raise ValueError("has a control character in it; take it out")
    return text


def _one_line(text: str) -> str:
    if "\n" in _printable(text) or "\t" in text:
        raise ValueError("must be one line")
    return text.strip()


def _instant(value: Any) -> datetime:
    if not isinstance(value, str) or len(value) > 40 or not _OFFSET.search(value):
        raise ValueError("write date, time and offset like 2026-03-28T18:00:00+00:00 (RFC 3339)")
    try:
        instant = parse_instant(value, parse_zone("UTC"))
    except InvalidInput:
        raise ValueError("is not in the calendar") from None
    if not 2000 <= instant.year < 2100:
        raise ValueError("must lie between the years 2000 and 2100")
    return instant


def _zone(name: str) -> str:
    try:
        return parse_zone(name, zone_aliases()).key
    except InvalidInput:
        # The domain's own text repeats the name; here that could be anything that was sent.
        raise ValueError("is not a known time zone; write one like Europe/London") from None


def _id(prefix: str, noun: str) -> Callable[[str], str]:
    form = re.compile(rf"{prefix}_[a-z2-7]{{24}}")

    def check(text: str) -> str:
        # An id that cannot exist is answered like one that does not; PostgreSQL would choke on a NUL.
        if not form.fullmatch(text):
            raise NotFound(f"There is no such {noun}.")
        return text

    return check


Line = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]
Paragraph = Annotated[str, Field(max_length=5000), AfterValidator(_printable)]
ZoneName = Annotated[str, Field(max_length=60, examples=["Europe/London"]), AfterValidator(_zone)]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]
ClientId = Annotated[str, AfterValidator(_id("cli", "client"))]
SessionId = Annotated[str, AfterValidator(_id("ses", "session"))]
AppointmentId = Annotated[str, AfterValidator(_id("apt", "appointment"))]
StaffId = Annotated[str, AfterValidator(_id("sta", "member of staff"))]
MessageId = Annotated[str, AfterValidator(_id("msg", "email"))]
ResourceId = Annotated[str, AfterValidator(_id("res", "entry"))]
IssueId = Annotated[str, AfterValidator(_id("iss", "issue"))]
AlertId = Annotated[str, AfterValidator(_id("alr", "alert"))]
CheckinId = Annotated[str, AfterValidator(_id("chk", "answer"))]
EmailVersionId = Annotated[str, AfterValidator(_id("emv", "email"))]
