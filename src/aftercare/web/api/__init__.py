"""REST, one resource per file; what all of it has in common is decided here."""

from typing import Any

from fastapi import APIRouter, Depends

from aftercare.web.api import appointments, clients, newsletters, plan, sessions, timeline
from aftercare.web.api.body import json_only
from aftercare.web.deps import get_caller

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "detail", "instance")},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("pointer", "detail")},
            },
        },
    },
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "A problem document (RFC 9457)",
        "content": {"application/problem+json": {"schema": PROBLEM}},
    }
}

# In this order: who is asking, then what with.
router = APIRouter(
    prefix="/api/v1", dependencies=[Depends(get_caller), Depends(json_only)], responses=RESPONSES
)
for resource in (appointments, clients, newsletters, plan, sessions, timeline):
    router.include_router(resource.router)
