"""The bundle of scripts and styles: made from what git holds, and git holds nothing of others."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hatch_build import BUNDLED, DIGEST, LICENCES, bundle

ROOT = Path(__file__).parent.parent
FRONTEND = ROOT / "frontend"
PLATFORMS = ("linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64", "win32-arm64")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the bundle is made from, without the bundle."""
    shutil.copytree(FRONTEND, tmp_path / "frontend", symlinks=True)
    shutil.copy(ROOT / "hatch_build.py", tmp_path)
    return tmp_path


def test_the_bundle_is_made_anew_where_a_source_has_changed_and_only_there(checkout: Path) -> None:
    out = checkout / "src" / "aftercare" / "web" / "static" / "dist"
    bundle(checkout)
    assert {path.name for path in out.iterdir()} == {*BUNDLED, LICENCES, DIGEST}
    made = (out / "app.css").stat()
    bundle(checkout)
    assert (out / "app.css").stat().st_ino == made.st_ino
    (checkout / "frontend" / "src" / "today.css").write_text(".only-here { color: red }")
    bundle(checkout)
    assert ".only-here{color:red}" in (out / "app.css").read_text()


def test_a_source_that_cannot_be_bundled_fails_and_leaves_the_last_bundle(checkout: Path) -> None:
    bundle(checkout)
    (checkout / "frontend" / "src" / "app.js").write_text("import './no-such-file.js'")
    with pytest.raises(RuntimeError, match="esbuild failed"):
        bundle(checkout)
    assert (checkout / "src/aftercare/web/static/dist/app.js").stat().st_size > 10_000


def test_the_lock_names_hashes_and_no_address_and_fits_every_platform() -> None:
    text = (FRONTEND / "package-lock.json").read_text()
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert "://" not in text
    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []
    assert {f"node_modules/@esbuild/{platform}" for platform in PLATFORMS} <= packages.keys()


def test_dependencies_are_pinned_exactly() -> None:
    package = json.loads((FRONTEND / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_git_holds_no_package_and_no_bundle() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert re.findall(r".*(?:node_modules/|static/dist/|\.min\.).*", listed) == []
