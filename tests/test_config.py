"""Settings are refused at the start, not by the first email that cannot be made from them."""

from pathlib import Path

import pytest

from aftercare.config import Settings, read_settings
from aftercare.errors import ConfigurationError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://mail.clinic.example"),
        ("PUBLIC_URL", "mail.clinic.example"),
        ("PUBLIC_URL", "https://mail.clinic.example/?a=<b>"),
        ("MAIL_DOMAIN", "clinic"),
        ("MAIL_DOMAIN", "Clinic.example"),
        ("MAIL_DOMAIN", "b\u00fccher.example"),
        ("MAIL_DOMAIN", "clinic.example\n"),
        ("WIRE_LIMIT", "17"),
        ("LEASE_SECONDS", "0"),
        ("BROKER_URL", "localhost:6379"),
        ("LOG", "loud"),
    ],
)
def test_a_setting_that_no_email_can_be_made_from_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"AFTERCARE_{name}", value)
    with pytest.raises(ConfigurationError, match=f"AFTERCARE_{name}"):
        read_settings()


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("1:from-a-file\n")
    monkeypatch.setenv("AFTERCARE_SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("AFTERCARE_PUBLIC_URL", "https://mail.clinic.example/")
    settings = read_settings()
    assert settings.secret_key == "1:from-a-file"
    assert settings.public_url == "https://mail.clinic.example"


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", None])
def test_a_file_without_a_secret_is_refused_by_the_name_of_its_variable(
    content: bytes | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "url").write_bytes(content)
    monkeypatch.setenv("AFTERCARE_DATABASE_URL_FILE", str(tmp_path / "url"))
    with pytest.raises(ConfigurationError, match="AFTERCARE_DATABASE_URL_FILE"):
        read_settings()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_may_be_written_as_everybody_writes_it(scheme: str) -> None:
    assert (
        read_settings(database_url=f"{scheme}://db/aftercare").database == "postgresql+psycopg://db/aftercare"
    )


def test_the_demos_settings_are_the_same_beside_a_real_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Settings(data_dir=Path("demo"), sandbox=True)
    for name in Settings.model_fields:
        monkeypatch.setenv(f"AFTERCARE_{name.upper()}", "what only production knows")
    assert Settings(data_dir=Path("demo"), sandbox=True) == alone


def test_only_a_sandbox_may_lead_to_this_computer_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_PUBLIC_URL", "http://127.0.0.1:8000")
    with pytest.raises(ConfigurationError, match="AFTERCARE_PUBLIC_URL"):
        read_settings()
    assert read_settings(sandbox=True).public_url == "http://127.0.0.1:8000"


def test_a_sandbox_leads_to_no_other_computer_without_tls() -> None:
    with pytest.raises(ConfigurationError, match="AFTERCARE_PUBLIC_URL"):
        read_settings(sandbox=True, public_url="http://127.0.0.1.clinic.example")


def test_a_sandbox_never_gets_hold_of_a_mail_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_SMTP_URL", "smtp://relay.clinic.example")
    monkeypatch.setenv("AFTERCARE_SANDBOX", "1")
    with pytest.raises(ConfigurationError, match=r"AFTERCARE_SANDBOX: .*AFTERCARE_SMTP_URL"):
        read_settings()
