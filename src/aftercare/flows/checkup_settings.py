"""What `aftercare doctor` asks about settings: are they known, in force, and safe from others?"""

import stat
from pathlib import Path

from aftercare.config import secret_files, unknown_names
from aftercare.flows import signs_of_life
from aftercare.flows.findings import Finding, ok, warn
from aftercare.flows.tools import Tools

RESTART = (
    "Restart them: sudo systemctl restart aftercare-web aftercare-worker aftercare-beat "
    "(Docker: docker compose up -d --force-recreate web worker beat)."
)


def check_settings(tools: Tools) -> Finding:
    """No name is misspelt, and the workers have read the same as we just did."""
    for name, nearest in unknown_names().items():
        mend = f"Did you mean {nearest}?" if nearest else "Take it away."
        return warn("settings", f"{name} is not a setting", mend)
    with tools.reading() as db:
        if signs_of_life.others_work(db, tools):
            return warn("settings", "a worker runs with other settings than these", RESTART)
    return ok("settings", "every name is known, and no worker runs with others")


def check_secrets(tools: Tools) -> Finding:
    """The key behind links is set once for all processes, and nobody else can read the files of secrets."""
    own = tools.settings.data_dir / "secret.key"
    files = secret_files() | ({} if tools.settings.secret_key else {"the key": own})
    open_to_all = [str(path) for path in files.values() if _is_open_to_all(path)]
    if open_to_all:
        return warn("secrets", f"everybody here can read {', '.join(open_to_all)}", "chmod 600 them.")
    if not tools.settings.secret_key:
        return warn(
            "secrets",
            f"the key lies in {own}",
            "Back it up, and give all processes the same: AFTERCARE_SECRET_KEY_FILE. Links rest on it.",
        )
    return ok("secrets", "the key is set, and no file of secrets is open to everybody")


def _is_open_to_all(path: Path) -> bool:
    """Docker shows a container its secrets below /run/secrets with whatever rights the host gave them; there,
    the folder on the host keeps others out."""
    if path.is_relative_to("/run/secrets") or not path.exists():
        return False
    return bool(path.stat().st_mode & stat.S_IROTH) and bool(path.parent.stat().st_mode & stat.S_IXOTH)
