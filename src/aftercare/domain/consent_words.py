"""Reading yes and no out of other people's spreadsheets. Only a plain yes is a yes."""

import unicodedata
from enum import StrEnum

_YES = frozenset(
    (
        *("yes", "y", "true", "t", "1", "x", "✓", "✔", "☑", "✅", "on", "ok", "agreed", "agree", "accepted"),
        *("consented", "granted", "given", "opted in", "opt in", "optin", "subscribed", "confirmed"),
        *("ja", "j", "wahr", "zugestimmt", "oui", "vrai", "si", "sì", "sí", "verdadero", "vero", "sim"),
        *("verdadeiro", "waar", "kyllä", "tak", "ano", "áno", "igen", "evet", "da", "да", "так", "ναι"),
        *("はい", "是", "예", "네", "نعم", "כן", "हाँ", "हो"),
    )
)
_NO = frozenset(
    (
        *("", "no", "n", "false", "f", "0", "-", "–", "off", "none", "null", "n/a", "declined", "refused"),
        *(
            "withdrawn",
            "opted out",
            "opt out",
            "optout",
            "unsubscribed",
            "never subscribed",
            "not subscribed",
        ),
        *("non-subscribed", "unknown", "pending", "cleaned", "nein", "falsch", "non", "faux", "falso", "não"),
        *("nao", "nee", "nej", "nei", "ei", "nie", "ne", "nem", "hayır", "нет", "ні", "όχι"),
        *("いいえ", "否", "아니요", "لا", "לא", "नहीं", "होइन"),
    )
)


class Answer(StrEnum):
    """What a cell says."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


def read_answer(cell: str) -> Answer:
    """Yes, no, or neither plainly. An empty cell is a no."""
    word = unicodedata.normalize("NFKC", cell).strip().rstrip(".!").strip().casefold()
    if word in _YES:
        return Answer.YES
    return Answer.NO if word in _NO else Answer.UNCLEAR
