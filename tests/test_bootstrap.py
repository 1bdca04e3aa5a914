"""Parts of a process that several threads and processes ask for at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from aftercare import bootstrap
from aftercare.bootstrap import App
from aftercare.config import Settings

TOGETHER = 8


def test_processes_that_start_side_by_side_agree_on_one_key(tmp_path: Path) -> None:
    start = Barrier(TOGETHER)

    def build(_number: int) -> bytes:
        start.wait()
        app = bootstrap.build(Settings(data_dir=tmp_path))
        app.close()
        return app.message_id_key

    with ThreadPoolExecutor(TOGETHER) as pool:
        assert len(set(pool.map(build, range(TOGETHER)))) == 1
    key = tmp_path / "secret.key"
    assert [path for path in tmp_path.iterdir() if path.name.startswith("secret.key")] == [key]
    assert key.stat().st_mode & 0o077 == 0


def test_threads_of_a_process_share_one_app_and_its_wire(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(bootstrap, "_apps", {})
    start = Barrier(TOGETHER)

    def ask(_number: int) -> App:
        start.wait()
        return bootstrap.current()

    with ThreadPoolExecutor(TOGETHER) as pool:
        apps = list(pool.map(ask, range(TOGETHER)))
    assert len({id(app) for app in apps}) == 1
    apps[0].close()
