"""Which column of a clinic's file is what, and which ones must stay outside.

The names are those of the exports of Cliniko, Jane, Acuity, Square and Mailchimp, and of hand-made lists."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from aftercare.errors import InvalidInput

FIELDS: Mapping[str, str] = {
    "email": "Email",
    "first_name": "First name",
    "timezone": "Time zone",
    "country": "Country",
    "language": "Language",
    "consent": "Agreed to emails",
    "consent_date": "Agreed on",
    "consent_source": "Agreed where",
    "left": "Unsubscribed",
}
"""What a column may be -> its name for people."""

# For each field, best guess first; compared without spaces, case, accents and punctuation.
_NAMES: Mapping[str, Sequence[str]] = {
    "email": (
        *("email", "emailaddress", "primaryemail", "clientemail", "patientemail", "customeremail", "mail"),
        *("emailadresse", "correoelectronico", "correo", "courriel", "adresseemail", "adressemail", "epost"),
    ),
    "first_name": (
        *("firstname", "preferredfirstname", "preferredname", "givenname", "forename", "fname", "nickname"),
        *("clientfirstname", "patientfirstname", "vorname", "prenom", "nombre", "nome", "voornaam"),
    ),
    "timezone": ("timezone", "timezoneid", "tz", "zeitzone", "fuseauhoraire", "zonahoraria", "tijdzone"),
    "country": ("country", "countrycode", "cc", "land", "pays", "pais", "paese"),
    "language": ("language", "preferredlanguage", "lang", "locale", "sprache", "langue", "idioma", "taal"),
    "consent": (
        *("consent", "emailconsent", "consentemail", "consenttoemail", "consenttoemails", "aftercareconsent"),
        *("agreedtoemails", "emailoptin", "optin", "optedin", "marketingconsent", "emailmarketingconsent"),
        *("acceptedemailmarketing", "acceptsemailmarketing", "acceptsmarketing", "emailmarketing"),
        *("marketingemails", "emailsubscriptionstatus", "subscriptionstatus", "subscribed"),
        *("einwilligung", "consentement", "consentimiento", "toestemming"),
    ),
    "consent_date": (
        *(
            "consentdate",
            "dateofconsent",
            "consentgivenon",
            "consentgivenat",
            "consentedat",
            "optindate",
            "agreedon",
        ),
        *("optintime", "confirmtime"),
    ),
    "consent_source": ("consentsource", "sourceofconsent", "optinsource", "signupsource", "agreedwhere"),
    "left": (
        *("unsubscribed", "unsubscribedat", "unsubtime", "cleantime", "optedout", "optout", "optouttime"),
        *("emailoptout", "donotemail", "donotcontact", "abgemeldet", "desabonne"),
    ),
}

HEALTH_REASON = (
    "looks like health information, so it was left out and not stored. Aftercare needs no health details."
)
LONG_TEXT_REASON = (
    "holds long texts, which may be about health, so it was left out and not stored. "
    "Aftercare needs no such notes."
)
LONG_TEXT = 200
_HEALTH_WORDS = re.compile(
    r"\b(notes?|notiz\w*|notas?|memos?|comments?|remarks?|remarques?|bemerkung\w*|observa\w+|diagn\w+|treatm\w+"
    r"|behandl\w+|tratam\w+|traitem\w+|therapy|therapies|therapie\w*|terapia\w*|conditions?|medic(?!are)\w*"
    r"|medik\w+|medizin\w*|symptom\w*|sintoma\w*|allerg\w*|alerg\w*|injur\w*|verletz\w*|illness\w*|disease\w*"
    r"|krank\w*|enfermedad\w*|maladie\w*|health\w*|gesundh\w*|salud|sante|pains?|schmerz\w*|dolor\w*"
    r"|pregnan\w*|schwanger\w*|disab\w*|surger\w*|operations?|histor\w+|anamne\w*|complaints?|concerns?"
    r"|clinical|mental|psych\w*|trauma\w*|prescri\w*|drugs?|dosage\w*|contraindic\w*|soap|assessments?"
    r"|icd|icd10|blood\w*|vaccin\w*|handicap\w*|reason for (visit|appointment)|appointment type|services?)\b"
)
_TERMS = re.compile(r"\bterms (and|&) conditions\b")


def guess(columns: Sequence[str]) -> dict[str, str]:
    """Field -> the column that it most likely is; health-looking columns are never guessed."""
    plain = {_plain(name): name for name in reversed(columns) if not looks_like_health(name)}
    found = {
        field: next((plain[name] for name in names if name in plain), None) for field, names in _NAMES.items()
    }
    return {field: column for field, column in found.items() if column is not None}


def checked(chosen: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """A choice of columns that can be carried out; fields without a column are dropped.

    Raises InvalidInput for an unknown field or column, one column for two things, or no email."""
    picked = {field: column for field, column in chosen.items() if column}
    for field, column in picked.items():
        if field not in FIELDS:
            raise InvalidInput(
                "map", f"there is nothing called {field[:40]!r}; choose from {', '.join(FIELDS)}"
            )
        if looks_like_health(column):
            raise InvalidInput(field, f"the column {column[:NAME_SHOWN]!r} {HEALTH_REASON}")
        if column not in columns:
            raise InvalidInput(field, f"the file has no column {column[:NAME_SHOWN]!r}")
    if len(set(picked.values())) < len(picked):
        raise InvalidInput("map", "one column is chosen for two things; choose a column for each")
    if "email" not in picked:
        raise InvalidInput("email", "choose the column that holds the email address")
    return picked


def looks_like_health(column: str) -> bool:
    """Whether a column's name says that clinical detail may stand in it; in doubt yes."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    words = re.sub(r"[^\w&]+|_", " ", _unaccented(spaced))
    return _HEALTH_WORDS.search(_TERMS.sub(" ", words)) is not None


NAME_SHOWN = 60


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", _unaccented(name))


def _unaccented(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
