"""Each default email says what it claims to say, and every piece it points to exists."""

import re
from typing import Any

import pytest
from content_shelf import (
    DATA,
    ROOT,
    SEQUENCES,
    Block,
    Email,
    emails,
    for_run,
    guides,
    prompts,
    read_data,
    read_yaml,
    renderings,
    sequence,
    support,
)

ITEMS = {item["id"]: item for item in read_data("source-items.json")}
STEP_ITEMS = read_data("step-items.json")
SUPPORT_TABLE = read_data("support-table.json")

# Nobody who has asked whom to call is told first how many emails there will be; an issue comes by itself.
WITHOUT_RUN_NOTE = {"extra-support", "newsletter"}
SIGNPOSTS = {
    "two-minutes-with-a-pen",
    "how-are-things",
    "one-week-on",
    "page-for-later",
    "page-to-look-back-on",
    "still-useful",
    "contacts-you-asked-for",
    "following-up",
}
# Content section 7 rule 10: always a person to reach, and help at any hour.
HARD_DAYS = {"after-a-tender-visit", "extra-support"}

each_email = pytest.mark.parametrize("email", emails(), ids=lambda email: email.place)


def says(block: Block, item: str) -> bool:
    """Whether a block deals with an item whichever of its cards comes up."""
    return all(re.search(ITEMS[item]["kw"], "\n".join(form), re.IGNORECASE) for form in renderings(block))


@each_email
def test_an_email_covers_all_items_of_its_step_on_the_first_run(email: Email) -> None:
    claimed = {item for block in for_run(email, "first") for item in block.get("covers", [])}
    assert claimed == set(STEP_ITEMS[email.sequence][email.key])


@each_email
def test_a_block_really_says_every_item_that_it_covers(email: Email) -> None:
    silent = [
        (block["key"], item)
        for block in email.blocks
        for item in block.get("covers", [])
        if not says(block, item)
    ]
    assert silent == []


@pytest.mark.parametrize("slug", SEQUENCES)
def test_a_sequence_and_its_emails_name_the_same_steps(slug: str) -> None:
    folder = ROOT / "sequences" / "en" / slug
    files = {path.stem for path in folder.glob("*.yaml")} - {"sequence"}
    assert [step["key"] for step in sequence(slug)["steps"]] == list(STEP_ITEMS[slug])
    assert files == set(STEP_ITEMS[slug])


@each_email
def test_block_keys_are_given_and_differ_within_an_email(email: Email) -> None:
    keys = [block["key"] for block in email.blocks]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("slug", "step"), [(slug, key) for slug in SEQUENCES for key in STEP_ITEMS[slug]])
def test_only_the_first_email_says_how_many_will_come(slug: str, step: str) -> None:
    email = next(email for email in emails() if (email.sequence, email.key) == (slug, step))
    notes = [block for block in email.blocks if block["type"] == "run_note"]
    announces = slug not in WITHOUT_RUN_NOTE and step == next(iter(STEP_ITEMS[slug]))
    assert [note.get("when") for note in notes] == (["first"] if announces else [])


def test_every_visit_email_has_new_words_for_two_months_of_weekly_visits() -> None:
    """Content section 3: nobody gets the same text within 60 days, which hold nine weekly visits."""
    [step] = [step for slug in SEQUENCES for step in sequence(slug)["steps"] if step.get("every_visit")]
    email = next(email for email in emails() if email.key == step["key"])
    returning = for_run(email, "returning")
    [cards] = [block["cards"] for block in returning if block["type"] == "evening_list"]
    [prompt] = [block for block in returning if block["type"] == "prompt"]
    ideas = [idea for card in cards for idea in card["items"]]
    assert min(len(cards), len(prompt["from"]), len(prompt["lighter_from"])) >= 12
    assert {len(card["items"]) for card in cards} == {3}
    assert len({idea.lower() for idea in ideas}) == len(ideas)
    assert len({card["id"] for card in cards}) == len(cards)


@pytest.mark.parametrize("slug", SEQUENCES)
def test_no_prompt_comes_up_twice_in_a_sequence(slug: str) -> None:
    decks = [
        prompt_id
        for email in emails()
        if email.sequence == slug
        for block in email.blocks
        for prompt_id in block.get("from", []) + block.get("lighter_from", [])
    ]
    assert len(decks) == len(set(decks))


def test_a_returning_reader_gets_none_of_the_first_run_notes() -> None:
    [email] = [email for email in emails() if any(block.get("when") == "returning" for block in email.blocks)]
    assert {block["type"] for block in for_run(email, "returning")} >= {
        "greeting",
        "note",
        "prompt",
        "contact",
    }
    assert not [
        block for block in for_run(email, "returning") if block.get("covers") and block["type"] == "note"
    ]


@each_email
def test_an_email_with_a_practice_links_to_a_guide_that_exists(email: Email) -> None:
    types = {block["type"] for block in email.blocks}
    links = [
        link["guide"] for block in email.blocks if block["type"] == "resource_list" for link in block["links"]
    ]
    assert set(links) <= set(guides())
    assert links or not (
        email.key in SIGNPOSTS or types & {"practice", "practice_picker", "affirmation_picker"}
    )


@pytest.mark.parametrize("slug", guides())
def test_a_guide_links_on_to_another_guide(slug: str) -> None:
    links = [
        link["guide"] for block in guides()[slug]["blocks"] if "links" in block for link in block["links"]
    ]
    assert links
    assert set(links) <= set(guides()) - {slug}


@each_email
def test_an_email_for_hard_days_always_names_a_person_and_help(email: Email) -> None:
    helping = {(block["type"], block.get("style")) for block in email.blocks if "when" not in block}
    if email.sequence in HARD_DAYS:
        assert {("contact", None), ("support", "full")} <= helping
    if email.key == "evening-plan":
        assert {("contact", None), ("support", "short")} <= helping


@each_email
def test_prompts_are_light_and_in_the_library(email: Email) -> None:
    """Content section 4: writing at the sorest point can flood, so a tender run asks only intensity 0."""
    intensity = {prompt["id"]: prompt["intensity"] for prompt in read_data("journaling-prompts.json")}
    limit = 0 if email.sequence in HARD_DAYS else 1
    for block in email.blocks:
        assert all(intensity[prompt_id] <= limit for prompt_id in block.get("from", []))
        assert all(intensity[prompt_id] == 0 for prompt_id in block.get("lighter_from", []))


def test_booking_is_mentioned_quietly_and_never_on_hard_days_or_in_the_days_after_a_visit() -> None:
    """Content sections 2 and 3. In care mail it is left out for whoever did not agree to hear more."""
    places = [email.place for email in emails() for block in email.blocks if block["type"] == "book"]
    assert places == ["after-your-visit/how-are-things", "staying-in-touch/words-to-keep-nearby"]


def test_the_contacts_stand_before_all_that_is_said_about_them() -> None:
    """Content section 2, SAFE-1: by country, and first."""
    [email] = [email for email in emails() if email.key == "contacts-you-asked-for"]
    assert [block["type"] for block in email.blocks][:3] == ["greeting", "support", "contact"]


def test_the_prompts_are_those_of_the_source() -> None:
    assert read_yaml(ROOT / "library" / "prompts.yaml") == read_data("journaling-prompts.json")
    assert len(prompts()) == 30


def numbers(*texts: str) -> list[str]:
    return re.findall(r"\b\d[\d -]*\d\b", " , ".join(texts))


@pytest.mark.parametrize("country", SUPPORT_TABLE["rows"])
def test_a_help_line_has_the_numbers_of_the_table_and_no_others(country: str) -> None:
    entry, row = support()["countries"][country], SUPPORT_TABLE["rows"][country]
    said = numbers(*(entry.get(name, "") for name in ("emergency", "number", "how", "note", "text_number")))
    assert numbers(entry["emergency"]) == row["emergency"]
    assert said == row["emergency"] + row["talk"]
    assert set(numbers(entry["line_name"])) <= set(row["talk"])
    assert entry["verified"] is row["confirmed"]


def test_an_unknown_country_gets_a_site_and_no_number_of_another_country() -> None:
    other: dict[str, Any] = support()["other"]
    assert SUPPORT_TABLE["other"]["site"] in other["url"]
    assert numbers(*(str(value) for value in other.values())) == []
    assert set(support()["countries"]) == set(SUPPORT_TABLE["rows"])
    assert support()["copied_on"] == SUPPORT_TABLE["copied_on"]


def test_every_reference_file_is_read_by_a_test() -> None:
    """A forgotten copy of the source would go stale unseen."""
    tests = "".join(path.read_text(encoding="utf-8") for path in DATA.parent.glob("*.py"))
    assert {path.name for path in DATA.iterdir()} == set(re.findall(r'read_data\("([^"]+)"\)', tests))
