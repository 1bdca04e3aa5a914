"""What the engine's processes leave behind while they work, so that others can see whether they do, and with
which settings: a process keeps those that it read when it started."""

import hmac
import json
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from aftercare.flows.tools import Tools
from aftercare.store import settings

SETTINGS = "settings:"
OF_ONE_PROCESS = {"log", "alive_file", "data_dir"}
"""Settings that may differ between processes without anybody noticing."""

SWEEPS = 3
"""So many in a row are enough for every worker that lives to have had one."""


def leave(db: Session, tools: Tools, asked_by: str, unshifted: datetime) -> None:
    """A sweep was made, with these settings; `asked_by`: who wanted it, if anybody says so."""
    settings.beat(db, unshifted, *filter(None, ("sweep", asked_by, f"{SETTINGS}{fingerprint(tools)}")))


def fingerprint(tools: Tools) -> str:
    """32 hex digits that change with any setting that matters. Keyed, so that nobody who reads the database
    can guess a password from it."""
    values = tools.settings.model_dump(mode="json", exclude=OF_ONE_PROCESS)
    return hmac.digest(tools.message_id_key, json.dumps(values, sort_keys=True).encode(), "sha256").hex()[:32]


def others_work(db: Session, tools: Tools) -> bool:
    """Whether a worker that does its work just now has other settings than `tools`."""
    seen = settings.beats(db, SETTINGS)
    if not seen:
        return False
    just_now = max(seen.values()) - timedelta(seconds=SWEEPS * tools.settings.sweep_every)
    own = f"{SETTINGS}{fingerprint(tools)}"
    return any(name != own and at >= just_now for name, at in seen.items())
