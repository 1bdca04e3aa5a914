"""Where a path comes from outside (a link, a form, a cookie), it leads nowhere but here."""

import base64
import json

import pytest

from aftercare.web.staff import cookies
from aftercare.web.staff.own_paths import HOME, own
from tests.web.staff.colleague import Colleague

FOREIGN = [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "evil",
    "",
    "/\t/evil.example",
    "/\n/evil.example",
]


@pytest.mark.parametrize("path", FOREIGN)
def test_a_path_that_leads_elsewhere_becomes_the_first_page(path: str) -> None:
    assert own(path) == HOME


@pytest.mark.parametrize("path", ["/", "/today", "/clients?q=1", "/inbox/msg_1"])
def test_a_path_of_ours_stays(path: str) -> None:
    assert own(path) == path


@pytest.mark.parametrize("path", [path for path in FOREIGN if path])
def test_a_toast_whose_undo_leads_elsewhere_is_not_shown(owner: Colleague, path: str) -> None:
    said = json.dumps({"text": "Saved, look", "undo": path, "seconds": 60})
    owner.jar[cookies.TOAST] = base64.urlsafe_b64encode(said.encode()).decode()
    assert "Saved, look" not in owner.get("/today").text
