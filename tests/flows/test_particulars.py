"""What a clinic must have said of itself before its emails go live, and what grows old in them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aftercare.errors import ContentError, InvalidInput
from aftercare.flows import particulars, publishing, resources, sequences, upkeep
from aftercare.flows.checkup import examine
from aftercare.flows.resources import Particulars
from aftercare.models import Clinic
from tests.flows.shelf import shipped
from tests.journeys.harness import Journey


def _leave_out(journey: Journey, *fields: str) -> None:
    with journey.app.transaction() as db:
        for field in fields:
            setattr(db.get_one(Clinic, journey.clinic_id), field, "")


@pytest.mark.parametrize("field", ["country", "hours", "phone"])
def test_what_says_whom_to_call_needs_country_hours_and_telephone_and_says_so_once(
    journey: Journey, field: str
) -> None:
    _leave_out(journey, field)
    files = shipped("extra-support")
    with journey.app.reading() as db:
        [problem] = publishing.check_emails(db, journey.app, journey.clinic_id, files)
    assert problem.step == ""
    assert problem.text.endswith(f"aftercare clinic set --{field} ...")
    with journey.app.transaction() as db, pytest.raises(ContentError, match=f"--{field}"):
        sequences.publish(db, journey.clinic_id, files, by="sam", now=journey.now)


def test_what_shows_neither_needs_no_country(journey: Journey) -> None:
    _leave_out(journey, "country", "phone")
    with journey.app.reading() as db:
        clinic = db.get_one(Clinic, journey.clinic_id)
        assert particulars.missing(clinic, shipped("therapist-guide")) == ""


def test_a_country_that_is_none_counts_as_none_and_can_be_set(journey: Journey) -> None:
    with journey.app.transaction() as db:
        db.get_one(Clinic, journey.clinic_id).country = "ZZ"
    act = {"by": "sam", "now": journey.now}
    with journey.app.transaction() as db:
        clinic = db.get_one(Clinic, journey.clinic_id)
        assert "no country" in particulars.missing(clinic, shipped())
        particulars.change(db, journey.clinic_id, {"country": "ie", "phone": "01 496 0000"}, **act)
        assert (clinic.country, clinic.phone) == ("IE", "01 496 0000")
        assert particulars.missing(clinic, shipped()) == ""
        for field, text in (("country", "Atlantis"), ("hours", " "), ("colour", "red")):
            with pytest.raises(InvalidInput, match=field):
                particulars.change(db, journey.clinic_id, {field: text}, **act)


@pytest.mark.parametrize(("days", "is_old"), [(180, False), (181, True)])
def test_help_lines_are_due_for_a_look_after_180_days(journey: Journey, *, days: int, is_old: bool) -> None:
    checked = (journey.now - timedelta(days=days)).date()
    journey.app.library = replace(journey.app.library, support_checked=checked)
    with journey.app.reading() as db:
        found = upkeep.notes(db, journey.app, journey.clinic_id, now=journey.now)
    assert ["due after 180 days" in note for note in found] == [True] * is_old
    [finding] = examine(journey.app, ["helplines"])
    assert (finding.state == "warn") == is_old


def test_a_line_that_nobody_has_confirmed_is_named_where_somebody_would_get_it(journey: Journey) -> None:
    with journey.app.transaction() as db:
        db.get_one(Clinic, journey.clinic_id).country = "NZ"
    with journey.app.reading() as db:
        [note] = upkeep.help_lines(db, journey.app, journey.clinic_id, now=journey.now)
    assert "New Zealand" in note


def test_a_list_with_nothing_for_some_readers_country_does_not_go_live(journey: Journey) -> None:
    files = shipped()
    walk = files.emails["short-walk"]
    link = {"resource": "abroad", "text": "If it suits."}
    blocks = [
        {**block, "links": [link]} if block["type"] == "resource_list" else block
        for block in walk.to_json()["blocks"]
    ]
    abroad = type(walk).from_json({**walk.to_json(), "blocks": blocks, "translations": {}})
    files = replace(files, emails={**files.emails, "short-walk": abroad})
    with journey.app.transaction() as db:
        new = Particulars("Abroad", "https://abroad.example.org", country="US")
        row = resources.add(db, journey.clinic_id, new, slug="abroad", by="sam", now=journey.now)
        [problem] = publishing.check_emails(db, journey.app, journey.clinic_id, files)
        assert "nobody in Britain (UK) would find anything here" in problem.text
        row.country = None
        db.flush()
        assert publishing.check_emails(db, journey.app, journey.clinic_id, files) == []
