"""The lists of words, both ways: what they catch in each language, and the everyday words that they leave."""

from dataclasses import replace

import pytest

from aftercare.mail.lint import check, wording
from aftercare.mail.lint.sample import Person, letters
from tests.mail.lint.letters import found, spoilt

CAUGHT = {
    "claim": (
        "Emotions are stored in your tissue.",
        "Research has shown that this works.",
        "Massage lowers your stress hormones.",
        "Some find liberation there.",
        "It brings closure.",
        "Tears are part of the process.",
    ),
    "promise": ("We promise you will sleep well.", "This will ease your pain.", "You’ll feel lighter."),
    "pressure": ("It has been too long.", "Only three places are left.", "You still haven’t replied."),
    "minimise": ("Don’t worry about it.", "Other people have it worse.", "It could be worse."),
    "deep_dig": ("Tell us the story of what hurt you.", "Write down your darkest times."),
    "label": ("Survivors often feel this.", "Your depression may lift.", "Our patients like it."),
    "violent_idiom": ("Notice your triggers.", "Here are some bullet points.", "Take a stab at it."),
    "marketing": (
        "Our new hot stone treatment is here.",
        "10 visits for the price of 9.",
        "Only $99 this month.",
        "Follow us on Instagram.",
        "Please leave a review.",
    ),
    "not_written": (
        "Insert text here.",
        "Call [your name] on Monday.",
        "The time is TBC.",
        "See XXX.",
        "Dear {first_name}, here it is.",
        "Dear ${name}, here it is.",
    ),
}
SPANISH = {
    "claim": ("El masaje cura el trauma.", "Los estudios demuestran que funciona.", "Te garantizamos calma."),
    "command": ("Debes respirar hondo.", "Tienes que descansar."),
    "label": ("Tu ansiedad puede bajar.",),
    "minimise": ("No te preocupes.", "Otros lo pasan peor."),
    "promise": ("Esto te aliviará.", "Te lo prometemos."),
    "pressure": ("Solo quedan tres plazas.",),
    "deep_dig": ("¿Qué te pasó en la infancia?", "Cuéntanos tu historia."),
    "marketing": ("20% de descuento en tu próxima visita.", "Síguenos en Instagram.", "Déjanos una reseña."),
    "not_written": ("Texto de relleno.", "Escribe aquí qué dirías."),
}
EVERYDAY = {
    "en": (
        "The worst of the rain is over.",
        "It stayed dry, at least in our town.",
        "A pause is always fine.",
        "You never have to explain.",
        "There is no hurry.",
        "If you haven’t slept well, a nap is fine.",
        "Stop if you need to stop.",
        "We make sure that the room is warm.",
        "The office closure is on Monday.",
        "The broken lift works again.",
        "We never share your address.",
        "You will find our number below.",
        "It will help us to know.",
        "An old chair [sic] stands there.",
        "Love and xxx from all of us.",
    ),
    "es": (
        "Nunca tienes que explicar nada.",
        "Parar siempre está bien.",
        "Lo peor de la lluvia ya pasó.",
        "Hace sol, al menos en la costa.",
        "Si no has dormido, una siesta vale.",
        "Todo lo que quieras, o nada.",
    ),
}


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule, texts in CAUGHT.items() for text in texts], ids=str
)
def test_a_plain_case_is_caught(rule: str, text: str) -> None:
    assert {one.rule for one in found(spoilt("why", paragraphs=[text]))} >= {rule}


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule, texts in SPANISH.items() for text in texts], ids=str
)
def test_spanish_is_read_as_closely(rule: str, text: str) -> None:
    assert rule in rules_in_spanish(text)


@pytest.mark.parametrize("text", EVERYDAY["en"])
def test_everyday_words_are_left_in_peace(text: str) -> None:
    assert found(spoilt("why", paragraphs=[text])) == []


@pytest.mark.parametrize("text", EVERYDAY["es"])
def test_everyday_words_are_left_in_peace_in_spanish(text: str) -> None:
    assert rules_in_spanish(text) == set()


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("deep_dig", "Think of the worst of it."),
        ("minimise", "At least you came."),
        ("command", "Always breathe out first."),
        ("command", "Never skip a day."),
        ("pressure", "Hurry, it ends soon."),
        ("command", "You have to stop."),
        ("label", "You may feel broken."),
    ],
)
def test_an_everyday_word_is_no_way_round(rule: str, text: str) -> None:
    assert {one.rule for one in found(spoilt("why", paragraphs=[text]))} == {rule}


def test_each_different_phrase_is_a_finding_of_its_own_and_costs_no_more() -> None:
    text = "You should rest. You must not rush. You should sleep, and YOU SHOULD eat."
    assert wording.banned("command", text, "en") == ["You should", "You must"]
    said = [one.message for one in found(spoilt("why", paragraphs=[text])) if one.rule == "command"]
    assert said == ["says “You should”", "says “You must”"]


def test_a_language_without_a_list_has_no_findings_of_its_own() -> None:
    assert wording.banned("command", "You must rest.", "cy") == []


@pytest.mark.parametrize(
    "text", ["Depression: some ideas", "For your grief", "Suicide support", "Cancer care news"]
)
@pytest.mark.parametrize("place", ["subject", "public_name"])
def test_more_words_of_health_are_kept_off_locked_screens(place: str, text: str) -> None:
    assert {(one.rule, one.where) for one in found(spoilt(**{place: text}))} == {("health_words", place)}


def rules_in_spanish(text: str) -> set[str]:
    """What is found in the English note's Spanish words."""
    one = spoilt("why", paragraphs=["A walk."])
    other = one.email.to_json() | {"public_name": "Correos", "subject": "Un paseo"}
    blocks = [
        {**block, "paragraphs": [text]} if block["key"] == "why" else block for block in other["blocks"]
    ]
    email = replace(one.email, translations={"es": other | {"blocks": blocks}})
    report = check(letters(replace(one, email=email), Person(language="es")))
    return {finding.rule for finding in report.findings if finding.where == "why"}
