"""What is shipped in Spanish: the same emails and pages as in English, whole, and held to the same care."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from content_shelf import MERGE_FIELD, ROOT, UNREAD, read_data, read_yaml

from aftercare.mail.lint import wording

WORDS = Path(__file__).parents[2] / "src" / "aftercare" / "web" / "templates"
EMAILS = sorted(path for path in (ROOT / "sequences" / "es").glob("*/*.yaml") if path.name != "sequence.yaml")
GUIDES = sorted(path.name for path in (ROOT / "guides" / "en").glob("*.yaml"))
BANNED = wording.patterns()["banned"]["es"]
HEALTH_WORDS = re.compile(
    r"masaje|emocion|emoción|libera|terapia|trauma|psicol|dolor|ansied|lágrima|crisis|sesión|sesion|tratamiento"
    r"|diagn|síntoma|sintoma|paciente|mental|sentimiento",
    re.IGNORECASE,
)
BRACES = re.compile(r"\{[a-z_]+\}")
SAME = {"key", "type", "when", "covers", "id", "from", "lighter_from", "guide", "style", "minutes"}
"""What a translation repeats as it is."""
A_BIT_LONGER = 1.25
"""Spanish takes more words than English for the same thing."""


def english(path: Path) -> Path:
    """The English file of a Spanish one."""
    return Path(str(path).replace("/es/", "/en/"))


def skeleton(value: Any) -> Any:
    """A document without its words: its keys, the lengths of its lists, and what is the same everywhere."""
    if isinstance(value, dict):
        return {key: item if key in SAME else skeleton(item) for key, item in value.items()}
    if isinstance(value, list):
        return [skeleton(item) for item in value]
    return sorted(name for name, _ in MERGE_FIELD.findall(value)) if isinstance(value, str) else value


def texts(value: Any) -> Iterator[str]:
    """What is read of a document."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in UNREAD:
                yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield MERGE_FIELD.sub(r"\2", value)


def everything() -> Iterator[tuple[str, str]]:
    """Every Spanish text that a client may read, with its file."""
    files = [*EMAILS, *(ROOT / "guides" / "es").glob("*.yaml"), *(ROOT / "library").glob("*.es.yaml")]
    files += [ROOT / "layout.es.yaml", WORDS / "words.es.yaml"]
    for path in files:
        for text in texts(read_yaml(path)):
            yield path.name, text


def test_after_your_visit_and_the_question_of_consent_are_there_whole() -> None:
    for slug in ("after-your-visit", "consent-request", "newsletter-confirmation", "fresh-link"):
        for path in (ROOT / "sequences" / "en" / slug).glob("*.yaml"):
            assert (ROOT / "sequences" / "es" / slug / path.name).is_file(), path.name
        assert set(read_yaml(ROOT / "sequences" / "es" / slug / "sequence.yaml")) == {"public_name"}


@pytest.mark.parametrize("path", EMAILS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_email_has_the_blocks_keys_cards_items_and_names_of_its_english_one(path: Path) -> None:
    assert skeleton(read_yaml(path)) == skeleton(read_yaml(english(path)))


@pytest.mark.parametrize("name", GUIDES)
def test_every_guide_is_there_with_the_same_blocks(name: str) -> None:
    spanish = read_yaml(ROOT / "guides" / "es" / name)
    assert skeleton(spanish) == skeleton(read_yaml(ROOT / "guides" / "en" / name))


def test_every_prompt_and_every_word_of_a_support_line_is_translated() -> None:
    prompts = {one["id"] for one in read_yaml(ROOT / "library" / "prompts.yaml")}
    assert set(read_yaml(ROOT / "library" / "prompts.es.yaml")) == prompts
    lines = read_yaml(ROOT / "library" / "support.yaml")["countries"].values()
    said = {line[part] for line in lines for part in ("how", "note") if part in line}
    translated = read_yaml(ROOT / "library" / "support.es.yaml")
    assert said <= set(translated)
    numbers = re.compile(r"\d{2,}")
    assert all(numbers.findall(text) == numbers.findall(source) for source, text in translated.items())


@pytest.mark.parametrize(
    ("folder", "name"), [(ROOT, "layout"), (WORDS, "words")], ids=["frame of emails", "pages"]
)
def test_the_fixed_words_are_all_there_with_the_same_gaps(folder: Path, name: str) -> None:
    def gaps(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: gaps(item) for key, item in value.items()}
        return [gaps(item) for item in value] if isinstance(value, list) else sorted(BRACES.findall(value))

    assert gaps(read_yaml(folder / f"{name}.es.yaml")) == gaps(read_yaml(folder / f"{name}.en.yaml"))


def test_nothing_claims_commands_labels_presses_minimises_promises_or_digs() -> None:
    found = [
        (file, kind, text)
        for file, text in everything()
        for kind in BANNED
        if wording.banned(kind, text, "es")
    ]
    assert found == []


def test_the_list_of_banned_patterns_catches_what_it_is_for() -> None:
    said = {
        "command": "Tienes que respirar hondo.",
        "claim": "El masaje desbloquea lo que quedó atrapado.",
        "label": "Para quien vivió un trauma.",
        "pressure": "Date prisa.",
        "minimise": "No es para tanto.",
        "promise": "Te sentirás mejor.",
        "deep_dig": "Piensa en tu infancia.",
    }
    assert set(said) == set(BANNED) == set(read_data("banned-patterns.json"))
    assert all(re.search(BANNED[kind], text, re.IGNORECASE) for kind, text in said.items())


def test_texts_are_set_as_ours_are_and_say_tu() -> None:
    formal = re.compile(r"\b(usted|ustedes|su visita|le enviar|vosotros|vuestr\w+)\b", re.IGNORECASE)
    for file, text in everything():
        assert not re.search(r"[!¡—–\"']", text), (file, text)
        assert text.count("?") == text.count("¿"), (file, text)
        assert not formal.search(text), (file, text)


@pytest.mark.parametrize("path", EMAILS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_lines_for_a_locked_screen_are_short_and_give_nothing_away(path: Path) -> None:
    email, name = read_yaml(path), read_yaml(path.parent / "sequence.yaml")["public_name"]
    assert len(email["subject"]) <= 50
    assert 35 <= len(email["preheader"]) <= 90
    for line in (email["subject"], email["preheader"], name):
        assert not HEALTH_WORDS.search(line), line


@pytest.mark.parametrize("path", EMAILS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_email_is_hardly_longer_than_in_english(path: Path) -> None:
    spanish, source = (
        sum(len(text.split()) for text in texts(read_yaml(one))) for one in (path, english(path))
    )
    assert spanish <= source * A_BIT_LONGER


def test_each_practice_can_be_done_without_the_breath_or_left_for_today() -> None:
    files = [*EMAILS, *((ROOT / "guides" / "es") / name for name in GUIDES)]
    for path in files:
        for block in read_yaml(path)["blocks"]:
            if block["type"] in ("practice", "practice_picker"):
                assert re.search(r"\bhoy ningun[oa]\b", block["intro"], re.IGNORECASE), path.name
                assert any("respira" not in option["label"].lower() for option in block["options"])
