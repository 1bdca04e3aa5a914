"""Bringing a clinic's list in: whom it adds, whom it leaves alone, what it forgets, how it is taken back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from aftercare.domain.csvfile import read_table
from aftercare.errors import Conflict, InvalidInput, NotFound
from aftercare.flows import clients, consent, imports
from aftercare.flows.import_basis import Basis, open_questions
from aftercare.flows.import_report import refused_csv
from aftercare.models import AuditEntry, Client, Consent, Enrolment, ImportBatch
from aftercare.store import consents
from tests import client_file
from tests.client_file import BASIS, COUNTS, SECRET
from tests.journeys.harness import Journey


def stage(journey: Journey, text: str, basis: dict[str, Any] | None = None, encoding: str = "utf-8") -> str:
    """A staged file with its guess taken and its consent declared; its id."""
    staged = imports.read_file(text.encode(encoding))
    with journey.app.transaction() as db:
        batch = imports.stage(db, journey.clinic_id, staged, by="sam", now=journey.now)
        imports.choose(db, journey.clinic_id, batch.id, staged.fields, Basis.read(basis or BASIS))
        return batch.id


def confirm(journey: Journey, import_id: str) -> ImportBatch:
    """Bring it in."""
    with journey.app.transaction() as db:
        return imports.confirm(db, journey.clinic_id, import_id, by="sam", now=journey.now)


def bring_in(journey: Journey, text: str, basis: dict[str, Any] | None = None) -> ImportBatch:
    """Stage and bring in."""
    return confirm(journey, stage(journey, text, basis))


def counts(batch: ImportBatch) -> dict[str, int]:
    """What happened, without the zeros."""
    return {fate: count for fate, count in batch.report["counts"].items() if count}


def total(journey: Journey, table: type[Any] = Client) -> int:
    """How many rows there are."""
    with journey.app.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def name_of(journey: Journey, address: str) -> str:
    """The first name of the client with this address."""
    client = client_file.known(journey, address)
    assert client is not None
    return client.first_name


def undo(journey: Journey, import_id: str) -> ImportBatch:
    """Take it back."""
    with journey.app.transaction() as db:
        return imports.undo(db, journey.clinic_id, import_id, by="sam", now=journey.now)


def consents_now(journey: Journey, address: str) -> dict[str, bool]:
    """Topic -> whether consent to it is in force."""
    client = client_file.known(journey, address)
    assert client is not None
    with journey.app.reading() as db:
        return {topic: record.given for topic, record in consents.current(db, client.id).items()}


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
        "till (2026-02-03)",
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
    assert "stop her emails on her own page" in batch.report["warnings"][0]
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


def test_confirming_twice_adds_once_and_the_rows_are_forgotten(journey: Journey) -> None:
    import_id = stage(journey, "Email\na@example.com\n", {"who": "nobody"})
    first, second = confirm(journey, import_id), confirm(journey, import_id)
    assert first.report == second.report
    assert (second.rows, total(journey)) == ([], 1)
    with journey.app.transaction() as db, pytest.raises(Conflict, match="already"):
        imports.discard(db, journey.clinic_id, import_id)


def test_a_day_later_staged_files_and_refused_rows_are_forgotten(journey: Journey) -> None:
    staged = stage(journey, "Email\nz@example.com\n")
    done = bring_in(journey, "Email\nbad\na@example.com\n", {"who": "nobody"})
    journey.clock.advance(timedelta(hours=24, seconds=1))
    with journey.app.transaction() as db:
        imports.forget_old(db, now=journey.now)
    with journey.app.reading() as db:
        assert db.get(ImportBatch, staged) is None
        report = db.get_one(ImportBatch, done.id).report
    assert (report["total"], report["counts"]["refused"], "bad" in str(report)) == (2, 1, False)
    assert read_table(refused_csv(report).encode()).columns == ("error",)


def _on_hold(journey: Journey, client_id: str) -> None:
    with journey.app.transaction() as db:
        clients.hold(db, journey.clinic_id, client_id, reason="r", by="sam", now=journey.now)


def _moved(journey: Journey, client_id: str) -> None:
    with journey.app.transaction() as db:
        clients.move_zone(db, journey.clinic_id, client_id, "Asia/Kathmandu", by="sam", now=journey.now)


def _left(journey: Journey, client_id: str) -> None:
    with journey.app.transaction() as db:
        consent.opt_out(db, client_id, "*", source="link", now=journey.now)


def _visited(journey: Journey, client_id: str) -> None:
    journey.visit(client_id)


@pytest.mark.parametrize("happens", [_on_hold, _moved, _left, _visited])
def test_undo_removes_those_with_whom_nothing_has_happened(journey: Journey, happens: Any) -> None:
    journey.add_client("known@example.com", first_name="")
    text = "Email,First name,Consent\n" + "".join(
        f"{who}@example.com,Ann,yes\n" for who in ("known", "a", "b", "c")
    )
    batch = bring_in(journey, text)
    someone = client_file.known(journey, "b@example.com")
    assert someone is not None
    happens(journey, someone.id)
    undone = undo(journey, batch.id)
    assert (undone.report["removed"], undone.report["kept"]) == (2, 1)
    assert [client_file.known(journey, f"{who}@example.com") is None for who in "abc"] == [True, False, True]
    assert name_of(journey, "known@example.com") == "Ann"
    assert undo(journey, batch.id).report == undone.report
    assert counts(bring_in(journey, text))["new"] == 2


def test_undo_is_possible_for_a_day_and_within_the_clinic(journey: Journey) -> None:
    batch = bring_in(journey, "Email\na@example.com\n", {"who": "nobody"})
    with journey.app.transaction() as db, pytest.raises(NotFound):
        imports.undo(db, "clc_other", batch.id, by="sam", now=journey.now)
    journey.clock.advance(timedelta(hours=24))
    assert imports.can_undo(batch, journey.now)
    journey.clock.advance(timedelta(seconds=1))
    with pytest.raises(Conflict, match="24 hours"):
        undo(journey, batch.id)
    assert total(journey) == 1


def test_the_audit_tells_who_and_how_many_without_an_address(journey: Journey) -> None:
    batch = bring_in(journey, "Email\na@example.com\n", {"who": "nobody"})
    with journey.app.reading() as db:
        entries = list(db.scalars(select(AuditEntry).where(AuditEntry.actor == "sam")))
    assert sorted(entry.action for entry in entries) == ["client.added", "import.done"]
    assert {entry.detail.get("import") or entry.subject for entry in entries} == {batch.id}
    assert "@" not in str([entry.detail for entry in entries])
    assert all(isinstance(entry.at, datetime) for entry in entries)
