"""Production installs requirements/runtime.txt and nothing else: what our processes load must stand there."""

import json
import re
import subprocess
import sys

from tests.ops.stack import ROOT

# The package itself, hooks of its editable installation, and what SQLAlchemy takes only where it is.
DEVELOPERS = {"aftercare", "setuptools", "editables", "greenlet"}

LOADED = """
import json, sys
from importlib.metadata import packages_distributions
import kombu.transport.redis, kombu.transport.memory, psycopg, uvicorn.protocols.http.h11_impl
import aftercare.cli, aftercare.embedded, aftercare.worker
owners = packages_distributions()
names = {name.partition(".")[0] for name in sys.modules}
print(json.dumps(sorted({owner for name in names for owner in owners.get(name, ())[:1]})))
"""


def test_everything_that_our_processes_load_is_installed_in_production() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {_canonical(name) for name in json.loads(done.stdout)}
    pins = re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "runtime.txt").read_text(), re.MULTILINE)
    assert loaded - {_canonical(pin) for pin in pins} <= DEVELOPERS
    assert "celery" in loaded


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
