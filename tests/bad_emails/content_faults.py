"""The table of bad content, by row of the score."""

from typing import Any

from tests.bad_emails.content_edits import (
    BadContent,
    both,
    breathing,
    has,
    lacks,
    line,
    public_name,
    says,
    spanish,
    spanish_says,
    way,
    words,
)
from tests.bad_emails.good_emails import consent, newsletter, tender

_HARD = (
    "Understanding interconnected physiological responsibilities necessitates considerable deliberation, "
    "particularly concerning organisational circumstances surrounding contemporary professional "
    "communities, whose increasingly sophisticated administrative requirements continually "
    "complicate individual decision-making opportunities."
)
_EASY = "You could sit by a window for a bit. You could look at the sky. You could have some tea. "
_AGAIN = {"type": "consent_button", "key": "again", "label": "Read about it and say yes or no"}

PRIVACY = [
    BadContent("health word in subject", "privacy", "subject", line("subject", "After your massage")),
    BadContent("health word in capitals", "privacy", "subject", line("subject", "Your Session on Monday")),
    BadContent("longer health word", "privacy", "subject", line("subject", "A few easy emotional ideas")),
    BadContent(
        "health word in preheader",
        "privacy",
        "preheader",
        line("preheader", "A few ideas for the days after your treatment."),
    ),
    BadContent(
        "health word in public name", "privacy", "public_name", public_name("Emails after your therapy")
    ),
]

BANNED = [
    BadContent("command", "language", "why", says("why", "You should write that down tonight.")),
    BadContent("curly command", "language", "end", words("end", text="Don’t forget to write to us.")),
    BadContent(
        "command in preheader",
        "language",
        "preheader",
        line("preheader", "Five things you must try out at home."),
    ),
    BadContent("claim in a way", "language", "move", way(0, text="A walk that is proven to help.")),
    BadContent("claim in a seated way", "language", "move", way(1, seated="A lean that heals your back.")),
    BadContent("claim in a heading", "language", "why", words("why", heading="Where feelings are trapped")),
    BadContent("label", "language", "why", says("why", "It is no sign that you are broken.")),
    BadContent(
        "pressure", "language", "hello", words("hello", text="We miss you, {{ first_name | friend }}.")
    ),
    BadContent("pressure, curly", "language", "why", says("why", "You haven’t been out in the sun much.")),
    BadContent(
        "minimising", "language", "move", words("move", intro="You could just relax. None today is fine too.")
    ),
    BadContent("promise", "language", "end", words("end", text="By the weekend you will feel lighter.")),
    BadContent("promise of safety", "language", "days", says("days", "With us you are safe now."), tender),
    BadContent(
        "digging",
        "language",
        "guides",
        words("guides", links=[{"guide": "writing", "text": "A page about your childhood."}]),
    ),
    BadContent("digging in a title", "language", "move", words("move", title="Your deepest breath")),
    BadContent("claim in the news", "language", "known", says("known", "A rest can detox you."), newsletter),
]

LANGUAGE = [
    BadContent("hard to read", "language", "why", words("why", paragraphs=[_HARD])),
    BadContent("too long", "language", "why", says("why", _EASY * 10)),
    BadContent("too long for a tender day", "language", "days", says("days", _EASY * 8), tender),
    BadContent("two primary links", "language", "again", has(_AGAIN), consent),
    BadContent(
        "click here", "language", "studies", words("studies", source="Click here", year=None), newsletter
    ),
    BadContent("exclamation mark", "spam", "end", words("end", text="That was the last of these emails!")),
    BadContent("emoji on a tender day", "language", "days", says("days", "Warm wishes 🌷"), tender),
    BadContent("no way out of a picker", "language", "move", words("move", intro="One of these for today.")),
    BadContent(
        "only breath",
        "language",
        "move",
        breathing(
            ("Slow breath", "Breathing in through the nose, and out through the mouth."),
            ("Long breath", "Breathing out for a little longer than in."),
        ),
    ),
    BadContent("no contact on a tender day", "language", "html", lacks("contact"), tender),
    BadContent("no support on a tender day", "language", "html", lacks("support"), tender),
]

CARE = [
    BadContent(
        "an offer in care", "language", "why", says("why", "There is 20% off your next visit this week.")
    ),
    BadContent(
        "booking on a tender day",
        "language",
        "book",
        has({"type": "book", "key": "book", "text": "If you would like to come again, you are welcome."}),
        tender,
    ),
]

PREHEADER = [
    BadContent(
        "long subject",
        "preheader",
        "subject",
        line("subject", "A short walk to the corner, or a quiet chair at the window"),
    ),
    BadContent("short preheader", "preheader", "preheader", line("preheader", "A few easy ideas.")),
    BadContent(
        "long preheader",
        "preheader",
        "preheader",
        line(
            "preheader",
            "Ten minutes outdoors at an easy pace, or a few shapes in a chair at the window, or a long nap.",
        ),
    ),
    BadContent(
        "preheader repeats subject",
        "preheader",
        "preheader",
        both(
            line("subject", "A short walk, or a few shapes in a chair"),
            line("preheader", "A short walk, or a few shapes in a chair"),
        ),
    ),
]

#: In plain sight.
CONTENT = [*PRIVACY, *BANNED, *LANGUAGE, *CARE, *PREHEADER]

_TOXINS = [
    {"id": "one", "items": ["A bath.", "An early night."]},
    {"id": "two", "items": ["A glass of water for the toxins.", "A book."]},
]


def _evening(cards: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "evening_list", "key": "evening", "heading": "For this evening", "cards": cards}


def _returning(text: str) -> dict[str, Any]:
    return {"type": "note", "key": "back", "when": "returning", "paragraphs": [text]}


#: What one look at one rendering does not show.
HIDDEN = [
    BadContent("claim on a card of another week", "language", "evening", has(_evening(_TOXINS))),
    BadContent("label for those who return", "language", "back", has(_returning("Others feel damaged too."))),
    BadContent("label as a fallback", "language", "hello", words("hello", text="{{ first_name | victim }},")),
    BadContent(
        "command in contact", "language", "contact", words("contact", text="You must ring before ten.")
    ),
    BadContent(
        "button that says click here", "language", "choose", words("choose", label="Click here"), consent
    ),
    BadContent(
        "claim as what is shown for a study",
        "language",
        "studies",
        words("studies", strength="It is proven."),
        newsletter,
    ),
    BadContent("claim in Spanish", "language", "why", spanish_says("why", "El masaje cura el trauma.")),
    BadContent("order in Spanish", "language", "why", spanish_says("why", "Debes respirar hondo.")),
    BadContent("offer in Spanish", "language", "why", spanish_says("why", "20% de descuento esta semana.")),
    BadContent("filler in Spanish", "language", "why", spanish_says("why", "Texto de relleno.")),
    BadContent("Cyrillic letter in a word", "spam", "subject", line("subject", "After your m\u0430ssage")),
    BadContent("markdown", "structure", "why", says("why", "A **slow** walk.")),
    BadContent("bare address", "language", "why", says("why", "There is more: https://bit.ly/abc")),
    BadContent("name in braces", "language", "why", says("why", "Dear {first_name}, all is well.")),
    BadContent("health word in Spanish", "privacy", "subject", spanish("Después del masaje")),
    BadContent(
        "soft hyphen in a health word", "privacy", "subject", line("subject", "After your mas\u00adsage")
    ),
    BadContent("space without width in a command", "language", "why", says("why", "You sh\u200bould rest.")),
    BadContent("command over two lines", "language", "why", says("why", "It helps some; you\nmust try it.")),
    BadContent("health word in the plural", "privacy", "subject", line("subject", "Between two sessions")),
    BadContent(
        "preheader begins with subject",
        "preheader",
        "preheader",
        line("preheader", "A short walk, or the window: which would you like?"),
    ),
]

#: What a hasty reader would take for a fault.
SOUND = {
    "patient, the adjective": says("why", "Being patient with yourself may help. A patient friend may, too."),
    "words that hold a health word": line("subject", "Paint, paper and other elemental things"),
    "a word that holds a banned one": says("why", "The healthy option is the one you like."),
    "two texts of which each reader sees one": both(
        words("why", when="first", paragraphs=[_EASY * 4]), has(_returning(_EASY * 4))
    ),
    "a long name of a clinic's emails": public_name("Emails after your visit, from all of us at the lane"),
    "another language": spanish("Después de tu visita"),
    "an emoji on an ordinary day": says("why", "The birds may be out 🐦"),
    "the word offer in care": says("why", "An offer of help from a friend is worth a walk."),
}
