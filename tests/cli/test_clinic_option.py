import shutil
from pathlib import Path

import pytest

from aftercare.cli import main


@pytest.mark.parametrize(
    "command",
    [
        ["client", "add", "maya@example.com", "--clinic", "clc_none"],
        ["staff", "add", "Sam", "sam@example.com", "--clinic", "clc_none"],
        ["token", "create", "booking", "--clinic", "clc_none"],
        ["plan", "--clinic", "clc_none"],
    ],
)
def test_a_clinic_that_does_not_exist_is_a_clear_line_and_exit_3(
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    migrated_sqlite: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copyfile(migrated_sqlite, tmp_path / "aftercare.sqlite3")
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["aftercare", *command])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 3
    assert capsys.readouterr().err == "aftercare: There is no such clinic.\n"
