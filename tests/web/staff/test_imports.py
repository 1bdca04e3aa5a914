"""Bringing a list in through the pages: look, choose, agree, take back."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from aftercare.clock import SteppedClock
from aftercare.domain.csvfile import read_table
from aftercare.flows import clinics
from aftercare.models import Client, ImportBatch
from aftercare.web.staff import csrf
from tests import client_file
from tests.client_file import BASIS, COUNTS, SECRET
from tests.factories import CLINIC, World
from tests.web.staff.colleague import Colleague, colleague

START = "/clients/import"
CHOSEN = {"email": "Email", "first_name": "First name", "consent": "Agreed to emails", "country": "Country"}
SAID = CHOSEN | BASIS


@pytest.fixture
def editor(world: World) -> Colleague:
    """An editor, signed in."""
    return colleague(world, "editor")


def upload(editor: Colleague, data: bytes) -> httpx.Response:
    """Choose a file."""
    form = {csrf.FIELD: csrf.token_for(editor.world.app, editor.login_id)}
    return editor.send("POST", START, data=form, files={"file": ("list.csv", data, "text/csv")})


def staged(editor: Colleague, text: str) -> str:
    """The path of the page of a file that was chosen."""
    answer = upload(editor, text.encode())
    assert answer.headers["location"].startswith("/clients/import/imp_")
    return answer.headers["location"]


def shown(answer: httpx.Response) -> str:
    """What the page says, without its marks."""
    text = unescape(re.sub(r"<[^>]+>", " ", answer.text[answer.text.index("<main") :]))
    return " ".join(text.split())


def people(world: World) -> int:
    """How many clients there are."""
    with world.app.reading() as db:
        return db.scalar(select(func.count()).select_from(Client)) or 0


def test_a_list_of_220_rows_comes_in_by_the_pages_and_is_taken_back(world: World, editor: Colleague) -> None:
    client_file.furnish(world)
    before = people(world)
    path = staged(editor, client_file.text())
    first = editor.get(path)
    page = shown(first)
    assert "Say who agreed to emails" in page
    assert "Notes looks like health information" in page
    assert "Not used: Phone." in page
    assert SECRET not in first.text
    assert '<button class="primary">Check again</button>' in first.text
    assert '<option value="Agreed to emails" selected>Agreed to emails (yes, Y, 1)</option>' in first.text

    assert editor.post(path, SAID).headers["location"] == path
    page = shown(editor.get(path))
    assert "Import 185 clients" not in page
    assert "Import 187 clients" in page
    assert 'Row 177, Email: "maya@@mail.com" is not an address. Fix it or leave the row out.' in page
    assert "Stay unsubscribed, always (10)" in page
    assert people(world) == before

    assert editor.post(f"{path}/confirm", SAID).headers["location"] == path
    page = shown(editor.get(path))
    assert "They are in. Nothing was sent" in page
    assert all(f"{count} " in page for count in COUNTS.values())
    assert people(world) == before + COUNTS["new"] + COUNTS["no_emails"] + 2

    again = staged(editor, client_file.text())
    assert "This very file was brought in on Mon 23 Nov, 14:00" in shown(editor.get(again))
    assert editor.post(f"{path}/undo").headers["location"] == path
    assert "177 clients removed." in shown(editor.get(path))
    assert people(world) == before


def test_the_refused_rows_come_as_a_file_that_no_spreadsheet_computes(editor: Colleague) -> None:
    path = staged(editor, "Email,First name\nbad,=1+1\n")
    chosen = {"email": "Email", "first_name": "First name", "who": "nobody"}
    editor.post(path, chosen)
    editor.post(f"{path}/confirm", chosen)
    answer = editor.get(f"{path}/refused.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="refused-rows.csv"'
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == (
        "no-store",
        "nosniff",
    )
    (row,) = read_table(answer.content).rows
    assert row.cells == (
        "bad",
        "'=1+1",
        'Row 2, Email: "bad" is not an address. Fix it or leave the row out.',
    )


def test_choices_that_changed_since_the_numbers_were_shown_are_shown_first(
    world: World, editor: Colleague
) -> None:
    path = staged(editor, client_file.text())
    editor.post(path, SAID)
    editor.post(f"{path}/confirm", SAID | {"topics": ["aftercare", "newsletter"]})
    assert people(world) == 0
    assert "You changed something" in shown(editor.get(path))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": ""}, "choose the column that holds the email address"),
        ({"email": "First name", "first_name": "First name"}, "one column is chosen for two things"),
        ({"first_name": "Notes"}, "looks like health information"),
        ({"topics": ["offers"]}, "choose from aftercare"),
        ({"who": "everyone"}, "say who agreed"),
    ],
)
def test_what_cannot_be_chosen_is_said_and_what_was_typed_stays(
    editor: Colleague, change: dict[str, Any], said: str
) -> None:
    path = staged(editor, client_file.text())
    answer = editor.post(f"{path}/confirm", SAID | {"wording": "My own words."} | change)
    assert answer.status_code == 422
    assert said in shown(answer)
    assert "My own words." in answer.text


def test_a_file_without_a_column_of_addresses_asks_for_it(editor: Colleague) -> None:
    path = staged(editor, "Who,Consent\na@example.com,yes\n")
    assert "No column looks like email addresses" in shown(editor.get(path))
    editor.post(path, {"email": "Who", "who": "nobody"})
    assert "Import 1 client " in shown(editor.get(path))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04", "is a spreadsheet, not a CSV file"),
        (b"x" * 20_000_001, "is larger than 20 MB"),
        (b'Email\n"a', "has a quotation mark in row 2"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_with_the_mend(
    editor: Colleague, data: bytes, said: str
) -> None:
    answer = upload(editor, data)
    assert answer.status_code == 422
    assert f"This file {said}" in shown(answer)


def test_only_a_chosen_file_may_be_larger_than_other_bodies(editor: Colleague) -> None:
    assert upload(editor, b"x" * 20_200_000).status_code == 413
    assert editor.post(f"{START}/imp_x", {"wording": "x" * 1_000_001}).status_code == 413
    assert editor.post(START).status_code == 422


def test_a_large_file_is_not_even_read_from_somebody_who_is_not_signed_in(
    world: World, editor: Colleague
) -> None:
    data = b"x" * 1_500_000
    assert upload(editor, data).status_code != 413
    assert upload(Colleague(world), data).status_code == 413
    forged = Colleague(world, jar=dict.fromkeys(editor.jar, "guessed"))
    assert upload(forged, data).status_code == 413
    editor.post("/logout")
    ended = Colleague(world, editor.token, editor.login_id, jar=dict.fromkeys(editor.jar, editor.token))
    assert upload(ended, data).status_code == 413


def test_a_forgotten_file_is_gone_and_one_brought_in_cannot_be_forgotten(editor: Colleague) -> None:
    path = staged(editor, "Email\na@example.com\n")
    editor.post(f"{path}/discard")
    assert editor.get(path).status_code == 404
    path = staged(editor, "Email\na@example.com\n")
    chosen = {"email": "Email", "who": "nobody"}
    editor.post(path, chosen)
    editor.post(f"{path}/confirm", chosen)
    assert editor.post(f"{path}/discard").status_code == 409
    assert editor.post(f"{path}/confirm", chosen).status_code == 409


def test_an_import_that_was_interrupted_goes_on_from_its_page(world: World, editor: Colleague) -> None:
    path = staged(editor, "Email\na@example.com\nb@example.com\n")
    editor.post(path, {"email": "Email", "who": "nobody"})
    with world.app.transaction() as db:
        batch = db.get_one(ImportBatch, path.rsplit("/", 1)[1])
        counts = dict.fromkeys(COUNTS, 0)
        batch.state, batch.report = (
            "begun",
            {"total": 2, "counts": counts, "stays": [], "warnings": [], "carried": 0, "people": 2},
        )
    assert "0 of 2 people are in" in shown(editor.get(path))
    assert editor.post(f"{path}/confirm").headers["location"] == path
    assert "They are in" in shown(editor.get(path))
    assert people(world) == 2


def test_after_a_day_the_result_is_numbers_only(world: World, editor: Colleague) -> None:
    path = staged(editor, "Email\nbad\na@example.com\n")
    chosen = {"email": "Email", "who": "nobody"}
    editor.post(path, chosen)
    editor.post(f"{path}/confirm", chosen)
    assert isinstance(world.app.clock, SteppedClock)
    world.app.clock.advance(timedelta(hours=25))
    later = colleague(world, "editor")
    staged(later, "Email\nb@example.com\n")
    page = shown(later.get(path))
    assert "Row 2" not in page
    assert "Undo" not in page
    assert later.post(f"{path}/undo").status_code == 409
    assert "2 rows in all" in page


def test_the_template_is_understood_when_it_comes_back(editor: Colleague) -> None:
    text = editor.get(f"{START}/template.csv").text
    path = staged(editor, text + "a@example.com,Ann,Europe/London,GB,en,yes,2026-01-01,till\n")
    editor.post(path, dict.fromkeys(("who",), "nobody") | {"email": "Email"})
    with editor.world.app.reading() as db:
        batch = db.scalars(select(ImportBatch)).one()
    assert len(batch.mapping["columns"]) == 8
    assert "Not used" in shown(editor.get(path))


@pytest.mark.parametrize(
    ("role", "status"), [("viewer", 403), ("therapist", 403), ("editor", 200), ("owner", 200)]
)
def test_only_editors_bring_lists_in(world: World, role: str, status: int) -> None:
    assert colleague(world, role).get(START).status_code == status


def test_another_clinic_sees_nothing_of_it(world: World, editor: Colleague) -> None:
    path = staged(editor, "Email\na@example.com\n")
    with world.app.transaction() as db:
        home = db.get_one(ImportBatch, path.rsplit("/", 1)[1])
        home.clinic_id = _other_clinic(world, db)
    for method, address in (("GET", path), ("GET", f"{path}/refused.csv")):
        assert editor.send(method, address).status_code == 404
    for act in ("", "/confirm", "/discard", "/undo"):
        assert editor.post(path + act, {"email": "Email", "who": "nobody"}).status_code == 404


def _other_clinic(world: World, db: Any) -> str:
    return clinics.add_clinic(db, replace(CLINIC), by="test", now=world.app.clock.now()).id
