"""Every word that reaches a client keeps to the rules of language: plain, private, inviting, short."""

import re

import pytest
from content_shelf import (
    ASKING,
    MERGE_FIELD,
    SAMPLE_VALUES,
    SEQUENCES,
    Block,
    Email,
    all_client_text,
    asking_emails,
    emails,
    for_run,
    guides,
    lines,
    read_data,
    renderings,
    sequence,
)
from reading_grade import grade, words

BANNED = {
    name: re.compile(pattern, re.IGNORECASE) for name, pattern in read_data("banned-patterns.json").items()
}
# "A patient listener" is praise, not a label.
PATIENT_THE_ADJECTIVE = re.compile(r"\b(be|being|is|very|a) patient (with|and|listener)\b", re.IGNORECASE)
# Content section 3, cut to stems so that "counsellor" is caught as well.
HEALTH_WORDS = re.compile(
    r"massag|emotion|releas|therap|trauma|counsel|pain|anxi|tear|crisis|session|treat|diagnos|symptom|patient|mental",
    re.IGNORECASE,
)
# Numbers and hours to look up, not to read through; they differ by clinic and country. An evidence note is
# for those who want to check.
PANELS = {"contact", "support", "evidence"}
LIMITS = {
    "before-your-visit": (90, 200),
    "after-your-visit": (120, 180),
    "after-a-tender-visit": (90, 140),
    "extra-support": (40, 150),
    "staying-in-touch": (100, 150),
    "therapist-guide": (80, 450),
    "newsletter": (120, 200),
    "consent-request": (60, 140),
    "newsletter-confirmation": (60, 140),
    "fresh-link": (60, 140),
}
FIELDS_WITH_FALLBACK = {
    "first_name",
    "therapist.first_name",
    "call.when",
    "call.told",
    "week.emails",
    "week.waiting",
}

EMAILS = (*emails(), *asking_emails())
RUNS = [(email, "first") for email in EMAILS] + [
    (email, "returning")
    for email in emails()
    if any(block.get("when") == "returning" for block in email.blocks)
]

each_email = pytest.mark.parametrize("email", EMAILS, ids=lambda email: email.place)
each_guide = pytest.mark.parametrize("slug", guides())


def everything() -> list[tuple[str, Block]]:
    """(place, block) of all emails and guides."""
    in_emails = [(email.place, block) for email in EMAILS for block in email.blocks]
    return in_emails + [(slug, block) for slug, guide in guides().items() for block in guide["blocks"]]


def word_count(block: Block) -> int:
    """Of the longest form of a block, with the words that the layout puts around it."""
    if block["type"] in PANELS:
        return 0
    return max(len(words(" ".join(form))) for form in renderings(block))


def prose(blocks: list[Block]) -> list[str]:
    """Whole sentences only: short labels and list items would flatter the grade."""
    return [line for line in lines(blocks) if line.endswith(".") and len(words(line)) > 5]


@pytest.mark.parametrize("name", BANNED)
def test_no_banned_pattern_reaches_a_client(name: str) -> None:
    hits = [
        (place, text)
        for place, text in all_client_text()
        if BANNED[name].search(PATIENT_THE_ADJECTIVE.sub("", text))
    ]
    assert hits == []


def test_client_text_has_no_shouting_no_pictures_and_plain_punctuation() -> None:
    odd = re.compile(r"!|[^\x20-\x7e“”’]|--| - |\b[A-Z]{4,}\b(?<!SHOUT)")
    assert [(place, text) for place, text in all_client_text() if odd.search(text)] == []


@each_email
def test_subject_and_preheader_fit_a_telephone_and_tell_a_bystander_nothing(email: Email) -> None:
    assert len(email.subject) <= 50
    assert 35 <= len(email.preheader) <= 90
    assert HEALTH_WORDS.findall(f"{email.subject} {email.preheader} {email.key}") == []
    assert "{{" not in email.subject + email.preheader


def test_public_names_and_links_tell_a_bystander_nothing() -> None:
    public = [sequence(slug)["public_name"] for slug in (*SEQUENCES, *ASKING)]
    titles = [guide["title"] for guide in guides().values()]
    assert HEALTH_WORDS.findall(" ".join(public + titles + list(guides()))) == []


@pytest.mark.parametrize(("email", "run"), RUNS, ids=lambda part: getattr(part, "place", part))
def test_an_email_has_a_length_that_a_tired_person_reads(email: Email, run: str) -> None:
    fewest, most = LIMITS[email.sequence]
    assert fewest <= sum(map(word_count, for_run(email, run))) <= most


@each_email
def test_an_email_reads_at_grade_seven_or_below(email: Email) -> None:
    assert grade(prose(email.blocks)) <= 7


@each_guide
def test_a_guide_is_a_short_page_at_grade_seven_or_below(slug: str) -> None:
    assert 150 <= len(words(" ".join(lines(guides()[slug]["blocks"])))) <= 300
    assert grade(prose(guides()[slug]["blocks"])) <= 7


@each_guide
def test_a_guide_says_when_it_is_not_for_the_reader(slug: str) -> None:
    assert "When this is not for you" in [block.get("heading") for block in guides()[slug]["blocks"]]


@pytest.mark.parametrize(
    ("place", "block"),
    [case for case in everything() if case[1]["type"] in {"practice", "practice_picker"}],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_practice_is_a_real_choice(place: str, block: Block) -> None:
    """Content section 7 rules 2, 3 and 8: minutes, two ways, one without the breath, and none that day."""
    without_breath = [option for option in block["options"] if "breath" not in str(option).lower()]
    assert block["minutes"] >= 1
    assert len(block["options"]) >= 2
    assert without_breath
    assert re.search("none (today|tomorrow)", block["intro"].lower())
    assert block["type"] == "practice" or all("seated" in option for option in block["options"])


def test_merge_fields_are_known_and_client_fields_have_a_fallback() -> None:
    for place, block in everything():
        for text in re.findall(r"\{\{.*?\}\}", str(block)):
            field = MERGE_FIELD.fullmatch(text)
            assert field, (place, text)
            assert (field[1] in FIELDS_WITH_FALLBACK and field[2]) or field[1] in SAMPLE_VALUES, (place, text)


@each_email
def test_nothing_asks_for_an_answer_that_nobody_has_promised_to_give(email: Email) -> None:
    asking = re.compile(
        r"\b(tell us|let us know|we will (reply|answer|call)|reply to (us|this)|check-?in)\b", re.I
    )
    said = [email.subject, email.preheader, *lines(email.blocks)]
    asks = any(block["type"] == "check_in" for block in email.blocks)
    assert asks or not any(asking.search(text) for text in said)


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("The cat sat on the mat. It was warm.", -3, 2),
        ("You might like to walk to the corner and back before it gets dark this evening.", 4, 7),
        (
            "Psychological intervention facilitates considerable physiological relaxation of musculature.",
            20,
            60,
        ),
    ],
)
def test_the_reading_grade_tells_plain_from_hard(text: str, lowest: float, highest: float) -> None:
    assert lowest <= grade([text]) <= highest


def test_the_banned_patterns_catch_what_they_are_for() -> None:
    bad = (
        "Make sure you relax. Massage heals trapped emotions. You will feel better. Calm down, trauma victim."
    )
    assert {name for name, pattern in BANNED.items() if pattern.search(bad)} == {
        "command",
        "claim",
        "label",
        "minimise",
        "promise",
    }
