"""Bringing a clinic's list in: whom it adds, whom it leaves alone, what it forgets, how it is taken back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from aftercare.domain.csvfile import read_table
from aftercare.errors import InvalidInput
from aftercare.flows import consent, imports, pausing
from aftercare.flows.import_basis import Basis, open_questions
from aftercare.flows.import_report import refused_csv
from aftercare.models import Client, Consent, Enrolment, ImportBatch
from aftercare.store import audit, consents
from tests import client_file
from tests.client_file import BASIS, COUNTS, SECRET
from tests.flows.importing import bring_in, confirm, consents_now, counts, name_of, stage, total
from tests.journeys.harness import Journey


@pytest.fixture
def furnished(journey: Journey) -> Journey:
    """The clinic that the list of 220 meets."""
    client_file.furnish(journey)
    return journey


def test_a_list_of_220_rows_adds_up_and_a_second_time_adds_nobody(furnished: Journey) -> None:
    journey, before = furnished, total(furnished)
    text = client_file.text()
    batch = confirm(journey, stage(journey, text, encoding="utf-8-sig"))
    assert batch.report["counts"] == COUNTS
    assert sum(COUNTS.values()) == batch.report["total"] == 220
    # Two of the dead addresses were no clients: they come in, and stay suppressed (B6).
    assert total(journey) == before + COUNTS["new"] + COUNTS["no_emails"] + 2
    names = {name_of(journey, f"new{number}@example.com") for number in range(10, 13)}
    assert names == {"Zoë", "Jürgen", "Siân"}
    assert total(journey, Enrolment) == 0

    people, ledger = total(journey), total(journey, Consent)
    again = bring_in(journey, text)
    assert (total(journey), total(journey, Consent)) == (people, ledger)
    quiet = {fate: again.report["counts"][fate] for fate in ("new", "no_emails", "updated")}
    assert quiet == {"new": 0, "no_emails": 0, "updated": 0}


@pytest.mark.parametrize(("encoding", "separator"), [("cp1252", ";"), ("utf-16", "\t")])
def test_looking_at_a_list_in_another_coding_says_the_same_and_keeps_nothing(
    furnished: Journey, encoding: str, separator: str
) -> None:
    text = client_file.text(separator).replace("＝1+1", "=1+1")
    staged = imports.read_file(text.encode(encoding))
    before = total(furnished)
    with furnished.app.reading() as db:
        now, basis = furnished.now, Basis.read(BASIS)
        found = imports.rehearse(db, furnished.clinic_id, staged, staged.fields, basis, now=now)
    assert (found.counts(), found.total, found.questions) == (COUNTS, 220, [])
    assert "Jürgen" in {verdict.person.first_name for verdict in found.verdicts}
    assert (total(furnished), total(furnished, ImportBatch)) == (before, 0)


def test_consent_is_recorded_with_where_when_and_which_words(journey: Journey) -> None:
    bring_in(
        journey,
        "Email,Agreed to emails,Consent date,Consent source\na@example.com,yes,2026-02-03T10:00,till\n",
    )
    client = client_file.known(journey, "a@example.com")
    assert client is not None
    with journey.app.reading() as db:
        (record,) = consents.history(db, client.id)
    assert (record.given, record.source, record.wording, record.recorded_by) == (
        True,
        "till, 2026-02-03",
        "Yes, send me emails.",
        "sam",
    )
    assert client.import_id is not None


def test_nobody_who_said_stop_is_revived_or_changed_and_all_are_listed(furnished: Journey) -> None:
    batch = bring_in(furnished, client_file.text())
    listed = [each["email"] for each in batch.report["stays"]]
    left, dead = (
        [f"{who}{number}@example.com" for number in range(n)] for who, n in (("left", 6), ("dead", 4))
    )
    assert listed == [*left, *dead]
    assert all(set(consents_now(furnished, address).values()) == {False} for address in left)
    assert all(consents_now(furnished, address) == {} for address in dead)
    assert name_of(furnished, "left0@example.com") == "Maya"


def test_a_stop_between_looking_and_confirming_holds(journey: Journey) -> None:
    maya = journey.add_client("maya@example.com", topics=())
    import_id = stage(journey, "Email,Consent\nmaya@example.com,yes\n")
    with journey.app.transaction() as db:
        consent.opt_out(db, maya, "aftercare", source="link", now=journey.now)
    assert counts(confirm(journey, import_id)) == {"stays_unsubscribed": 1}
    assert consents_now(journey, "maya@example.com") == {"aftercare": False}


def test_only_empty_fields_of_known_clients_are_filled(journey: Journey) -> None:
    bare, known = (
        journey.add_client("bare@example.com", first_name=""),
        journey.add_client("known@example.com"),
    )
    rows = ["bare@example.com,Bea,NP", "known@example.com,Other,NP"]
    bring_in(journey, "\n".join(["Email,First name,Country", *rows]), {"who": "nobody"})
    assert [journey.client(each).first_name for each in (bare, known)] == ["Bea", "Maya"]
    assert {journey.client(each).country for each in (bare, known)} == {"GB"}


def test_a_zone_that_was_missing_moves_the_emails_that_are_planned(journey: Journey) -> None:
    maya = journey.add_client("maya@example.com")
    with journey.app.transaction() as db:
        db.get_one(Client, maya).timezone = None
    journey.visit(maya)
    before = [message.planned_for for message in journey.messages(maya)]
    bring_in(journey, "Email,Time zone\nmaya@example.com,Pacific Time (US & Canada)\n", {"who": "nobody"})
    assert journey.client(maya).timezone == "America/Los_Angeles"
    assert [message.planned_for for message in journey.messages(maya)] != before


def test_a_zone_that_was_missing_moves_the_end_of_a_pause_and_is_written_down(journey: Journey) -> None:
    maya = journey.add_client("maya@example.com")
    with journey.app.transaction() as db:
        db.get_one(Client, maya).timezone = None
        pausing.pause(db, journey.clinic_id, maya, date(2026, 11, 27), by="sam", now=journey.now)
    bring_in(journey, "Email,Time zone\nmaya@example.com,America/Los_Angeles\n", {"who": "nobody"})
    assert journey.client(maya).paused_until == datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
    with journey.app.reading() as db:
        acts = [entry.action for entry in audit.of_subject(db, journey.clinic_id, maya)]
    assert "client.zone_changed" in acts


def test_health_columns_and_long_texts_are_never_stored(journey: Journey) -> None:
    text = client_file.text() + f'"a@b.example.com","A","x","","","{"long " * 60}"\r\n'
    import_id = stage(journey, text)
    with journey.app.reading() as db:
        batch = db.get_one(ImportBatch, import_id)
    assert SECRET not in str((batch.rows, batch.mapping))
    assert "long long" not in str((batch.rows, batch.mapping))
    assert [name for name, _ in batch.mapping["left_out"]] == ["Notes", "Phone"]
    assert "health" in batch.mapping["left_out"][0][1]


def test_refused_rows_say_what_is_wrong_and_come_as_a_file_to_mend(journey: Journey) -> None:
    report = bring_in(journey, client_file.text()).report
    errors = [each["error"] for each in report["refused"]]
    assert errors[0] == 'Row 177, Email: "maya@@mail.com" is not an address. Fix it or leave the row out.'
    assert errors[-1].startswith("Row 191, Email: the same address stands in row 8, which was taken.")
    table = read_table(refused_csv(report).encode())
    assert table.columns == ("Email", "First name", "Country", "Agreed to emails", "error")
    assert [row.cells[-1] for row in table.rows] == errors
    assert SECRET not in refused_csv(report)


def test_a_mended_file_with_formulas_comes_back_as_it_was(journey: Journey) -> None:
    report = bring_in(journey, "Email,First name\nbad@,=1+1\n", {"who": "nobody"}).report
    text = refused_csv(report)
    assert '"\'=1+1"' in text
    bring_in(journey, text.replace('"bad@"', '"good@example.com"'), {"who": "nobody"})
    client = client_file.known(journey, "good@example.com")
    assert client is not None
    assert client.first_name == "=1+1"


def test_what_cannot_be_read_is_a_warning_and_not_a_refusal(journey: Journey) -> None:
    header = "Email,First name,Time zone,Country,Language,Consent,Consent date,Unsubscribed"
    rows = [
        'a@example.com,"An\nna",Mars/Phobos,Atlantis,Klingon,perhaps,,',
        "b@example.com,Bo,London,United Kingdom,English,yes,2999-01-01,",
        "c@example.com,Cy,us/eastern,uk,en_GB,yes,,2026-01-01",
        f"d@example.com,{'D' * 101},,,,,,",
    ]
    batch = bring_in(journey, "\n".join([header, *rows]))
    assert counts(batch) == {"no_emails": 3, "refused": 1}
    warned = [warning.split(":")[0] for warning in batch.report["warnings"]]
    columns = ("First name", "Consent", "Time zone", "Country", "Language")
    assert warned == [*(f"Row 2, {name}" for name in columns), "Row 3, Consent date", "Row 4, Unsubscribed"]
    anna, bo, cy = (client_file.known(journey, f"{letter}@example.com") for letter in "abc")
    assert anna is not None
    assert bo is not None
    assert cy is not None
    assert (anna.first_name, anna.timezone, anna.country, anna.language) == ("An na", None, None, "en")
    assert (bo.timezone, bo.country) == ("Europe/London", "GB")
    assert (cy.timezone, cy.country) == ("America/New_York", "GB")


def test_a_no_in_the_file_takes_no_consent_away_and_is_pointed_out(journey: Journey) -> None:
    journey.add_client("maya@example.com")
    batch = bring_in(journey, "Email,Consent\nmaya@example.com,no\n")
    assert "stop the emails on the page of this client" in batch.report["warnings"][0]
    assert consents_now(journey, "maya@example.com") == {"aftercare": True}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"who": ""}, "Say who agreed"),
        ({"who": "file"}, "Say on which date"),
        ({"who": "file", "given_on": "3 March"}, "like 2026-03-28"),
        ({"who": "file", "given_on": "2999-01-01"}, "in the future"),
        ({"source": ""}, "Say where they agreed"),
        ({"wording": ""}, "Write the words"),
        ({"topics": []}, "Choose what they agreed to"),
    ],
)
def test_what_is_missing_about_consent_is_asked_for(change: dict[str, Any], said: str) -> None:
    basis = Basis.read(BASIS | {"given_on": ""} | change)
    fields = {"email": "Email", "consent": "Consent"}
    (question,) = open_questions(basis, fields, date(2026, 11, 23))
    assert said in question
    assert list(open_questions(Basis.read(BASIS), fields, date(2026, 11, 23))) == []


def test_without_a_word_on_consent_nobody_is_brought_in(journey: Journey) -> None:
    import_id = stage(journey, "Email\na@example.com\n", BASIS)
    with pytest.raises(InvalidInput, match="Choose the column that says who agreed"):
        confirm(journey, import_id)
    assert client_file.known(journey, "a@example.com") is None


def test_a_basis_for_the_whole_file_gives_everybody_consent(journey: Journey) -> None:
    basis = BASIS | {"who": "file", "topics": ["aftercare", "newsletter"]}
    assert counts(bring_in(journey, "Email\na@example.com\nb@example.com\n", basis)) == {"new": 2}
    assert consents_now(journey, "b@example.com") == {"aftercare": True, "newsletter": True}
