"""One recipient's message: a compiled email and her values make the complete bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aftercare.mail.skeleton import Skeleton


@dataclass(frozen=True)
class MessageInputs:
    """Frozen at the first attempt, so that every later one makes the same bytes.

    `date` is aware; `values` has `first_name`, `therapist.first_name`, `run.emails`, `run.days` as far as the
    skeleton asks (`Skeleton.fields()`); `to_name` is never written anywhere (standards section 3, row 2)."""

    message_id: str
    date: datetime
    boundary: str
    to_address: str
    values: Mapping[str, str]
    unsubscribe_url: str
    settings_url: str
    list_id: str
    reply_to: str
    from_name: str
    from_address: str
    to_name: str | None = None
    feedback_id: str | None = None
    purpose: Literal["care", "newsletter", "account"] = "care"


def build_message(skeleton: Skeleton, inputs: MessageInputs) -> bytes:
    """The complete RFC 5322 bytes with CRLF, unsigned. Same arguments, same bytes.

    Raises InvalidInput where a header would carry a line break or control character, an address cannot be
    written in ASCII, a link is not https or a value that has no fallback is missing."""
    raise NotImplementedError
