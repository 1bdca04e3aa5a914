"""Bring a file of clients in: choose it, look at what would happen, agree, take it back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import HTMLResponse, Response

from aftercare.domain.columns import FIELDS
from aftercare.domain.csvfile import MAX_BYTES, write_table
from aftercare.domain.import_fate import Fate
from aftercare.errors import InvalidInput
from aftercare.flows import import_confirm, imports
from aftercare.flows.consent import TOPICS
from aftercare.flows.import_basis import Basis
from aftercare.flows.import_report import refused_csv
from aftercare.models import ImportBatch
from aftercare.store import imports as batches
from aftercare.web.staff import frame
from aftercare.web.staff.deps import EditorDep, Member

SHOWN = 20
SAMPLES = 3
SAMPLE_ROWS = 50
IN_WORDS = (
    (Fate.NEW, "new", "With the consent that you described."),
    (Fate.NO_EMAILS, "new, no emails", "Nothing says that they agreed: nothing is sent to them."),
    (Fate.UPDATED, "updated", "Only what is empty here is filled in."),
    (Fate.UNCHANGED, "known already", "Nothing about them changes."),
    (Fate.STAYS_UNSUBSCRIBED, "stay unsubscribed", "They said stop or cannot be mailed. Always."),
    (Fate.DOUBLE, "doubles", "The first of each address counts."),
    (Fate.REFUSED, "refused", "These rows stay outside."),
)
TEMPLATE = [name for field, name in FIELDS.items() if field != "left"]
router = APIRouter(prefix="/clients/import")
Text = Annotated[str, Form(max_length=1100)]


@dataclass(frozen=True)
class Choices:
    """The form as it was sent: a column for each field, and who agreed to what."""

    email: Text = ""
    first_name: Text = ""
    timezone: Text = ""
    country: Text = ""
    language: Text = ""
    consent: Text = ""
    consent_date: Text = ""
    consent_source: Text = ""
    left: Text = ""
    who: Text = ""
    topics: Annotated[Sequence[str], Form()] = ()
    source: Text = ""
    wording: Text = ""
    given_on: Text = ""

    def fields(self) -> dict[str, str]:
        """Field -> column, of those that were chosen."""
        return {name: column for name, column in asdict(self).items() if name in FIELDS and column}

    def basis(self) -> Basis:
        """What the clinic says of consent. InvalidInput."""
        wording = " ".join(self.wording.split())
        return Basis.read(asdict(self) | {"wording": wording, "source": self.source.strip()})


ChoicesDep = Annotated[Choices, Depends()]


@router.get("")
def ask(member: EditorDep) -> HTMLResponse:
    """Choose a file."""
    return _ask(member)


@router.get("/template.csv")
def template(_: EditorDep) -> Response:
    """An empty list to fill in."""
    return _csv("clients-template.csv", write_table(TEMPLATE, []))


@router.post("")
def upload(member: EditorDep, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Read the file, and go on to what would happen."""
    try:
        staged = imports.read_file(file.file.read(MAX_BYTES + 1) if file else b"")
    except InvalidInput as error:
        return _ask(member, 422, f"This file {error.problem}")
    with member.app.transaction() as db:
        now = member.app.clock.now()
        batch = imports.stage(db, member.clinic_id, staged, by=member.by, now=now)
    return frame.back(member, f"/clients/import/{batch.id}")


@router.get("/{import_id}")
def look(import_id: str, member: EditorDep) -> HTMLResponse:
    """What would happen; or, once it is brought in, what did."""
    with member.app.reading() as db:
        batch = batches.get(db, member.clinic_id, import_id)
    return _review(member, batch) if batch.state == "staged" else _result(member, batch)


@router.post("/{import_id}")
def choose(import_id: str, member: EditorDep, choices: ChoicesDep) -> Response:
    """Look again with other columns, or another word on consent."""
    try:
        _choose(member, import_id, choices)
    except InvalidInput as error:
        return _corrected(member, import_id, choices, error)
    return frame.back(member, f"/clients/import/{import_id}")


@router.post("/{import_id}/confirm")
def confirm(import_id: str, member: EditorDep, choices: ChoicesDep) -> Response:
    """Bring it in, if the choices are those whose outcome was shown."""
    path = f"/clients/import/{import_id}"
    try:
        if _choose(member, import_id, choices):
            again = "You changed something. Look at the numbers once more, then import."
            return frame.back(member, path, again, tone="note")
        now = member.app.clock.now()
        import_confirm.confirm(member.app, member.clinic_id, import_id, by=member.by, now=now)
    except InvalidInput as error:
        return _corrected(member, import_id, choices, error)
    return frame.back(member, path, "They are in. Nothing was sent, and no sequence has started.")


@router.post("/{import_id}/discard")
def discard(import_id: str, member: EditorDep) -> Response:
    """Forget a file that was not brought in."""
    with member.app.transaction() as db:
        imports.discard(db, member.clinic_id, import_id)
    return frame.back(member, "/clients/import", "The file is forgotten. Nobody was brought in.")


@router.post("/{import_id}/undo")
def undo(import_id: str, member: EditorDep) -> Response:
    """Take an import back."""
    with member.app.transaction() as db:
        imports.undo(db, member.clinic_id, import_id, by=member.by, now=member.app.clock.now())
    return frame.back(member, f"/clients/import/{import_id}", "The import is taken back.")


@router.get("/{import_id}/refused.csv")
def refused(import_id: str, member: EditorDep) -> Response:
    """The rows that stayed outside, each with what is wrong."""
    with member.app.reading() as db:
        batch = batches.get(db, member.clinic_id, import_id)
    return _csv("refused-rows.csv", refused_csv(batch.report))


def _ask(member: Member, status: int = 200, error: str = "") -> HTMLResponse:
    with member.app.reading() as db:
        earlier = batches.latest(db, member.clinic_id, limit=5)
    return frame.show(member, "import.html.j2", status, error=error, earlier=earlier)


def _choose(member: Member, import_id: str, choices: Choices) -> bool:
    """Keep the choices; whether they differ from those of before. InvalidInput."""
    with member.app.transaction() as db:
        batch = batches.get(db, member.clinic_id, import_id)
        if batch.state == "begun":
            return False
        before = batch.mapping
        after = imports.choose(db, member.clinic_id, import_id, choices.fields(), choices.basis()).mapping
        return bool(before != after)


def _corrected(member: Member, import_id: str, choices: Choices, error: InvalidInput) -> HTMLResponse:
    """The page once more, with what was chosen and what is wrong with it."""
    with member.app.reading() as db:
        batch = batches.get(db, member.clinic_id, import_id)
    basis = {name: value for name, value in asdict(choices).items() if name not in FIELDS}
    return _review(member, batch, choices.fields(), basis, error)


def _review(
    member: Member,
    batch: ImportBatch,
    fields: Mapping[str, str] | None = None,
    basis: Mapping[str, Any] | None = None,
    error: InvalidInput | None = None,
) -> HTMLResponse:
    stored, found = batch.mapping, None
    with member.app.reading() as db:
        before = batches.same_file(db, member.clinic_id, batch.file_hash)
        if "email" in stored["fields"]:
            found = imports.review(db, batch, now=member.app.clock.now())
    return frame.show(
        member,
        "import_review.html.j2",
        422 if error else 200,
        batch=batch,
        before=before,
        found=found,
        error=error.problem if error else "",
        fields=stored["fields"] if fields is None else fields,
        basis=stored["basis"] if basis is None else basis,
        columns=_samples(batch),
        ignored=[name for name in stored["columns"] if name not in stored["fields"].values()],
        **_words(),
    )


def _result(member: Member, batch: ImportBatch) -> HTMLResponse:
    can_undo = imports.can_undo(batch, member.app.clock.now())
    return frame.show(
        member, "import_result.html.j2", batch=batch, report=batch.report, can_undo=can_undo, **_words()
    )


def _words() -> dict[str, Any]:
    return {"fates": IN_WORDS, "names": FIELDS, "all_topics": TOPICS, "shown": SHOWN}


def _samples(batch: ImportBatch) -> list[tuple[str, list[str]]]:
    """Each column with the first different things that stand in it."""
    rows = batch.rows[:SAMPLE_ROWS]
    cells = {
        name: dict.fromkeys(row[place + 2] for row in rows if row[place + 2])
        for place, name in enumerate(batch.mapping["columns"])
    }
    return [(name, [text[:40] for text in found][:SAMPLES]) for name, found in cells.items()]


def _csv(name: str, text: str) -> Response:
    """A file to keep: never shown in the browser, never cached (CVE-2022-45810)."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=frame.HEADERS | disposition)
