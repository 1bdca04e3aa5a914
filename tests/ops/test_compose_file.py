"""What can be read off docker-compose.yml and the Dockerfile."""

import re

import pytest

from aftercare.config import FILE_SETTINGS, Settings
from tests.ops.stack import COMPOSE, OURS, ROOT, SERVICES, WRITTEN_TO_ENV

LASTING = sorted(set(SERVICES) - {"migrate"})
DOCKERFILE = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]


def test_these_services_are_ours() -> None:
    assert OURS == ["web", "worker", "beat", "migrate"]


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_started_again_and_says_whether_it_works(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    check = SERVICES[name]["healthcheck"]
    assert {"test", "interval", "timeout", "retries"} <= set(check)


def test_tables_are_made_once_and_before_everything_else() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    for name in set(OURS) - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", OURS)
def test_our_services_can_write_nothing_and_are_nobody(name: str) -> None:
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service  # so it is the image's
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("name", OURS)
def test_every_setting_exists(name: str) -> None:
    ours = [key for key in SERVICES[name]["environment"] if key.startswith("AFTERCARE_")]
    fields = {key.removeprefix("AFTERCARE_").lower() for key in ours}
    assert {field for field in fields if not field.endswith("_file")} <= set(Settings.model_fields)
    named = {field.removesuffix("_file") for field in fields if field.endswith("_file")} - {"alive"}
    assert named == set(FILE_SETTINGS) - {"broker_url"}


def test_secrets_are_files_that_git_and_the_image_never_see() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{(\w+)", text)) == set(WRITTEN_TO_ENV)
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}.txt"}
    used = {name for service in SERVICES.values() for name in service.get("secrets", ())}
    assert used == set(COMPOSE["secrets"])
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert "secrets" in (ROOT / ".dockerignore").read_text().splitlines()


def test_nothing_is_open_to_the_network() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert published == ["127.0.0.1:8000:8000", "127.0.0.1:8025:8025"]
    assert SERVICES["catcher"]["profiles"] == ["catcher"]


def test_the_image_starts_what_the_file_starts() -> None:
    [command] = re.findall(r"^CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)
    assert " ".join(re.findall(r'"([^"]+)"', command)) == SERVICES["web"]["command"]
