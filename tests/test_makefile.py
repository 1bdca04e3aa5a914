"""`make setup` on a computer that lacks something: one line that says what to type."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Stand-ins for a Debian python3 without python3-venv, and for one that is too old: they answer `-c CODE`.
PYTHON_WITHOUT_VENV = """#!/bin/sh
exec {python} -c 'import sys; sys.modules["ensurepip"] = None; exec(sys.argv[1])' "$2"
"""
OLD_PYTHON = """#!/bin/sh
exec {python} -c 'import sys; sys.version_info = (3, 8, 0); exec(sys.argv[1])' "$2"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for name in ("Makefile", "pyproject.toml", "hatch_metadata.py"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def _make_setup(checkout: Path, python: str) -> list[str]:
    done = subprocess.run(
        ["make", "setup", f"PYTHON={python}"], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert not (checkout / ".venv").exists()
    return [line for line in done.stderr.splitlines() if not line.startswith("make")]


def _fake_python(folder: Path, script: str) -> str:
    path = folder / "python3"
    path.write_text(script.format(python=sys.executable))
    path.chmod(0o755)
    return str(path)


def test_a_python_without_venv_is_told_which_package_to_install(checkout: Path) -> None:
    [line] = _make_setup(checkout, _fake_python(checkout, PYTHON_WITHOUT_VENV))
    assert "no venv or pip; type: sudo apt-get install python3." in line


def test_an_old_python_is_told_how_to_name_another(checkout: Path) -> None:
    [line] = _make_setup(checkout, _fake_python(checkout, OLD_PYTHON))
    assert "not Python 3.11 or newer; type: make setup PYTHON=" in line


def test_no_python_at_all_is_told_the_same(checkout: Path) -> None:
    [line] = _make_setup(checkout, "/nowhere/python3")
    assert "not Python 3.11 or newer; type: make setup PYTHON=" in line


def test_help_lists_every_target_without_building_anything(checkout: Path) -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=checkout, capture_output=True, text=True, check=True
    )
    listed = [line.split()[1] for line in done.stdout.splitlines()]
    assert " ".join(listed) == "help setup bundle demo test check gate bench chaos pictures lock format"
    assert not (checkout / ".venv").exists()
