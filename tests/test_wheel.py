"""The built wheel carries what it needs: templates, content, migrations, the bundle. It runs the main job by
itself."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and unpacked far from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def content_below(folder: Path) -> set[Path]:
    """Every content file of the emails, by its place below them."""
    emails = folder / "templates" / "emails"
    return {path.relative_to(emails) for path in emails.rglob("*.yaml")}


def test_the_wheel_carries_templates_content_and_migrations(unpacked: Path) -> None:
    package = unpacked / "aftercare"
    written = content_below(ROOT)
    assert {Path("sequences/en/newsletter/issue-1.yaml"), Path("guides/en/walking.yaml")} <= written
    assert content_below(package) == written
    assert list(package.glob("migrations/versions/*.py"))
    assert (package / "web" / "templates").is_dir()
    assert (package / "py.typed").exists()


def test_the_wheel_carries_scripts_and_styles_that_name_no_other_host(unpacked: Path) -> None:
    bundle = unpacked / "aftercare" / "web" / "static" / "dist"
    for name, least in (("app.js", 50_000), ("editor.js", 30_000), ("app.css", 1)):
        text = (bundle / name).read_text()
        assert len(text) >= least, name
        # Names of XML namespaces look like addresses, but nobody goes there.
        assert re.findall(r"https?://(?!www\.w3\.org/)[^\s\"'`]*", text) == [], name


def test_the_wheel_carries_the_licence_of_every_script_in_it(unpacked: Path) -> None:
    licences = (unpacked / "aftercare" / "web" / "static" / "dist" / "THIRD-PARTY.txt").read_text()
    wanted = json.loads((ROOT / "frontend" / "package.json").read_text())["dependencies"]
    assert wanted
    assert [name for name, version in wanted.items() if f"{name} {version}\n" not in licences] == []
    assert "THE SOFTWARE IS PROVIDED" in licences


def test_the_wheel_runs_the_headless_demo_outside_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "aftercare.cli", "demo", "--headless", "--days", "0", "--json"]
    environment = os.environ | {"PYTHONPATH": str(unpacked)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    mails = json.loads(ran.stdout)
    assert {"evening-plan", "thank-you"} <= {mail["step"] for mail in mails}
    assert (
        f"planned 39 = received {len(mails)} + skipped 0 + cancelled 0 + later {39 - len(mails)}"
        in ran.stderr
    )
