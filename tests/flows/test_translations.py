"""Translations of a sequence: read beside it, kept by the editor and by files, never half applied."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from aftercare.errors import ContentError
from aftercare.flows import drafts, editing
from aftercare.flows.differences import between
from aftercare.flows.sequence_files import SequenceFiles, read_folder
from aftercare.flows.sequence_yaml import folder_texts, write_folder
from aftercare.mail.compile import reading_for
from aftercare.mail.document import EmailDocument, parse_email
from aftercare.mail.library import load_library
from aftercare.mail.paths import templates_root
from tests.flows.shelf import ROOT, shipped
from tests.journeys.harness import Journey

WALK = "short-walk"
LIBRARY = load_library(templates_root())


def subject_in(files: SequenceFiles, language: str) -> str:
    """Of the walk, as a reader of that language gets it."""
    return reading_for(files.emails[WALK], language, LIBRARY, "Emails").document.subject


@pytest.mark.parametrize(
    ("language", "subject", "tag"),
    [
        ("es", "Un paseo corto, si te va bien", "es"),
        ("es-MX", "Un paseo corto, si te va bien", "es"),
        ("fr", "A short walk, if it suits", "en"),
        ("en-GB", "A short walk, if it suits", "en-GB"),
    ],
)
def test_a_reader_gets_the_nearest_language_and_the_email_says_which(
    language: str, subject: str, tag: str
) -> None:
    reading = reading_for(shipped().emails[WALK], language, LIBRARY, "Emails")
    assert (reading.document.subject, reading.language) == (subject, tag)
    assert reading.public_name == ("Correos después de tu visita" if tag == "es" else "Emails")


def test_a_word_changed_in_english_leaves_the_translation() -> None:
    files = editing.set_lines(shipped(), WALK, subject="A walk, or not")
    assert subject_in(files, "en") == "A walk, or not"
    assert subject_in(files, "es") == "Un paseo corto, si te va bien"


def test_other_blocks_than_the_translation_has_come_in_english_until_they_are_gone() -> None:
    more = editing.add_block(shipped(), WALK, "end_note", {"text": "Until next time."})
    assert subject_in(more, "es") == "A short walk, if it suits"
    assert "in “es” waits" in [one.sentence for one in between(shipped(), more)][-1]
    assert subject_in(editing.remove_block(more, WALK, "end-note"), "es") == "Un paseo corto, si te va bien"


def test_files_carry_translations_there_and_back(tmp_path: Path) -> None:
    files = shipped()
    write_folder(files, tmp_path / files.slug)
    assert (tmp_path / files.slug / "es" / f"{WALK}.yaml").is_file()
    again = read_folder(tmp_path / files.slug)
    assert again.emails == files.emails
    assert folder_texts(again) == folder_texts(files)


def test_drafts_keep_them_and_a_change_to_one_alone_is_a_change(journey: Journey) -> None:
    walk = shipped().emails[WALK]
    spanish = {**walk.translations["es"], "subject": "Un paseo, o no"}
    changed = _with_walk(shipped(), replace(walk, translations={"es": spanish}))
    [difference] = between(shipped(), changed)
    assert (difference.kind, difference.old, difference.new) == (
        "translation",
        "Un paseo corto, si te va bien",
        "Un paseo, o no",
    )
    assert "“es” changes" in difference.sentence
    with journey.app.transaction() as db:
        drafts.save_draft(db, journey.clinic_id, changed, revision=None, by="sam", now=journey.now)
    with journey.app.reading() as db:
        draft = drafts.draft(db, journey.clinic_id, changed.slug)
    assert draft is not None
    assert subject_in(draft.files, "es") == "Un paseo, o no"


def test_none_without_and_none_with_new_ones_are_told_apart() -> None:
    walk = shipped().emails[WALK]
    without = _with_walk(shipped(), replace(walk, translations={}))
    assert ["is removed" in one.sentence for one in between(shipped(), without)] == [True]
    assert ["is new" in one.sentence for one in between(without, shipped())] == [True]


def _with_walk(files: SequenceFiles, walk: EmailDocument) -> SequenceFiles:
    return replace(files, emails={**files.emails, WALK: walk})


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        (f"{WALK}.yaml", lambda email: email["blocks"][0].update(kind="note"), "kind: unknown key"),
        (f"{WALK}.yaml", lambda email: email.pop("subject"), "subject: must be one line"),
        ("sequence.yaml", lambda rules: rules.update(topic="aftercare"), "public_name and nothing else"),
        ("sequence.yaml", lambda rules: rules.update(public_name=""), "public_name: must be one line"),
    ],
)
def test_a_translation_that_does_not_fit_is_named_with_its_file(
    tmp_path: Path, file: str, change: Any, said: str
) -> None:
    for tag in ("en", "es"):
        shutil.copytree(ROOT.parent / tag / "after-your-visit", tmp_path / tag / "after-your-visit")
    path = tmp_path / "es" / "after-your-visit" / file
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContentError, match=said):
        read_folder(tmp_path / "en" / "after-your-visit")


@pytest.mark.parametrize(
    ("translations", "said"),
    [
        ("es", "must name each language by its tag"),
        ({"../es": {}}, "must name each language by its tag"),
        ({"es": {}}, "translations.es: public_name: must be one line"),
        ({"es": {"public_name": "Correos", "sujet": "x"}}, "translations.es: unknown key sujet"),
        (
            {"es": {"public_name": "Correos", "subject": "x", "preheader": "y", "blocks": []}},
            "at least one block",
        ),
    ],
)
def test_a_translation_in_the_emails_own_file_is_checked_like_it(translations: Any, said: str) -> None:
    email = shipped().emails[WALK].to_json() | {"translations": translations}
    with pytest.raises(ContentError, match=said):
        parse_email(email, "mine")
