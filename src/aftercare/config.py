"""Settings: one frozen value, read from `AFTERCARE_*` environment variables. A secret may also be given
as a file: `AFTERCARE_SECRET_KEY_FILE=/run/secrets/key` stands for `AFTERCARE_SECRET_KEY`."""

import difflib
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from aftercare.errors import ConfigurationError

HTTPS = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?")
THIS_COMPUTER = re.compile(r"http://(127\.0\.0\.1|localhost)(:[0-9]+)?")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
POSTGRES = re.compile(r"^postgres(ql)?://")
BROKERS = ("memory://", "redis://", "rediss://", "redis+socket://", "sentinel://")
PREFIX = "AFTERCARE_"
FILE_SETTINGS = ("database_url", "broker_url", "smtp_url", "secret_key")


class Settings(BaseModel):
    """Everything an operator can set. Times are seconds unless the name says otherwise.

    Made in code, the environment has no say in them: the demo must find neither the relay nor the broker of
    a real installation beside it."""

    model_config = ConfigDict(frozen=True, extra="ignore", validate_default=True)

    data_dir: Path = Path("aftercare-data")
    database_url: str = ""
    broker_url: str = "memory://localhost/"
    smtp_url: str = ""
    """Empty: emails are written as .eml files into `data_dir/outbox` and nothing leaves the computer."""
    sandbox: bool = False
    """A practice ground: the clock can be moved, and links may lead to this computer itself."""
    public_url: str = "https://aftercare.example"
    secret_key: str = ""
    """`1:long-random-text`; on rotation put the new one first: `2:new,1:old`. Old links keep working."""
    mail_domain: str = "aftercare.example"
    """The domain in Message-ID, List-ID and the envelope sender."""
    log: Literal["", "json", "text"] = ""
    """How log lines look; empty: JSON, but plain text at a terminal."""
    alive_file: Path | None = None
    """A worker touches it after each task, a beat after each tick: its age is the container's health."""

    sweep_every: Annotated[float, Field(gt=0)] = 5.0
    lease_seconds: Annotated[float, Field(gt=0)] = 120.0
    reconcile_seconds: Annotated[float, Field(ge=0)] = 600.0
    """How long an email with unknown fate waits before its stream's policy is applied (reliability 4)."""
    breaker_seconds: Annotated[float, Field(ge=0)] = 60.0
    """How long a mail relay that refuses us or cannot be reached is left alone."""
    batch_size: Annotated[int, Field(ge=1, le=1000)] = 96
    wire_limit: Annotated[int, Field(ge=1, le=16)] = 16
    """Rows in `transmitting` at once per worker process: the most that a kill can repeat (P3)."""

    @field_validator("public_url")
    @classmethod
    def _is_https(cls, value: str, others: ValidationInfo) -> str:
        practising = others.data.get("sandbox") and THIS_COMPUTER.fullmatch(value)
        if not practising and not HTTPS.fullmatch(value):
            # RFC 8058 section 3.1 wants https, so with anything else no email could be made at all.
            raise ValueError("write an https address such as https://mail.yourclinic.example")
        return value.rstrip("/")

    @field_validator("sandbox")
    @classmethod
    def _mails_nobody(cls, value: bool, others: ValidationInfo) -> bool:
        if value and others.data.get("smtp_url"):
            # Its people are invented, its clock runs ahead, and one button wipes its database.
            raise ValueError("a sandbox sends nothing: take this away, or AFTERCARE_SMTP_URL")
        return value

    @field_validator("broker_url")
    @classmethod
    def _is_broker(cls, value: str) -> str:
        if not value.startswith(BROKERS):
            raise ValueError("write redis://host:6379/0")
        return value

    @field_validator("mail_domain")
    @classmethod
    def _is_domain(cls, value: str) -> str:
        if not DOMAIN.fullmatch(value):
            raise ValueError("write a domain in small letters such as yourclinic.example")
        return value

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; without one, a SQLite file in `data_dir`. `postgresql://`, as everybody writes
        it, means the one driver that is installed."""
        return POSTGRES.sub("postgresql+psycopg://", self.database_url) or (
            f"sqlite:///{self.data_dir / 'aftercare.sqlite3'}"
        )


class _FromEnvironment(BaseSettings, Settings):
    model_config = SettingsConfigDict(env_prefix=PREFIX)


def read_settings(**overrides: Any) -> Settings:
    """Settings from the environment, `overrides` first.

    Raises ConfigurationError with the variable's name where a value cannot be used."""
    try:
        return _FromEnvironment(**(_from_files() | overrides))
    except ValidationError as error:
        first = error.errors()[0]
        name = "AFTERCARE_" + "_".join(str(part) for part in first["loc"]).upper()
        problem = first["msg"].removeprefix("Value error, ")
        raise ConfigurationError(f"{name}: {problem}") from None


def secret_files() -> dict[str, Path]:
    """The files that stand for settings, by the setting's name: `AFTERCARE_SECRET_KEY_FILE` and its like."""
    given = {name: os.environ.get(f"AFTERCARE_{name.upper()}_FILE") for name in FILE_SETTINGS}
    return {name: Path(path) for name, path in given.items() if path}


def unknown_names() -> dict[str, str]:
    """`AFTERCARE_*` variables of the environment that mean nothing, each with the nearest that does, or with
    nothing: a misspelt name is ignored, and nobody notices."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in FILE_SETTINGS}
    strange = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    return {name: next(iter(difflib.get_close_matches(name, known, 1)), "") for name in strange}


def _from_files() -> dict[str, Any]:
    return {name: _read(name, path) for name, path in secret_files().items()}


def _read(name: str, path: Path) -> str:
    variable = f"AFTERCARE_{name.upper()}_FILE"
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"{variable}: cannot read it ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{variable}: is not text") from None
    if not text:
        # As if it were not set: a production would then quietly begin a database of its own in a file.
        raise ConfigurationError(f"{variable}: the file is empty")
    return text
