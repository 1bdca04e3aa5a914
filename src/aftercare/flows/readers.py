"""What is said of people and clinics, read and refused: addresses, names, languages, countries."""

import re

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from aftercare.errors import InvalidInput
from aftercare.flows import countries
from aftercare.mail.scene import languages

NAME_LIMIT = 100
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


def read_address(text: str) -> tuple[str, str]:
    """The address as it is written to, and as it is compared (B5, B13, B15). InvalidInput."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise InvalidInput("email", _what_is_wrong(text)) from None
    address = f"{found.local_part}@{found.ascii_domain}"
    return address, address.casefold()


def _what_is_wrong(text: str) -> str:
    domain = text.strip().lower().rpartition("@")[2].rstrip(".")
    reserved = next((name for name in SPECIAL_USE_DOMAIN_NAMES if f".{domain}".endswith(f".{name}")), None)
    if reserved:
        return f"no email can reach .{reserved}: the name is reserved. Give an address that somebody reads."
    return "this is not one email address. Write it like name@example.com."


def read_name(text: str) -> str:
    """A first name on one line, at most 100 characters; may be empty. InvalidInput (B8)."""
    return read_line("first_name", text, NAME_LIMIT)


def read_line(field: str, text: str, limit: int) -> str:
    """Text on one line, of at most `limit` characters; may be empty. InvalidInput (B8)."""
    if any(ord(letter) < 32 or letter in "\x7f\u2028\u2029" for letter in text):
        raise InvalidInput(field, "must be one line: take out line breaks and control characters")
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise InvalidInput(field, "has half a character in it; type it again")
    if len(text) > limit:
        raise InvalidInput(field, f"at most {limit} characters")
    return text.strip()


def read_language(text: str) -> str:
    """A language tag (BCP 47) such as `es` or `es-MX`. An email that is not written in it comes in the
    nearest that it is. InvalidInput."""
    if not _LANGUAGE.fullmatch(text):
        known = ", ".join(sorted(languages()))
        raise InvalidInput("language", f"write its tag; emails are written in {known}")
    return text


def read_country(text: str | None) -> str | None:
    """The code of a country that exists, in capitals (ISO 3166), or nothing. InvalidInput."""
    if not text:
        return None
    code = text.upper()
    if code not in countries.names():
        meant = countries.nearest(text)
        hint = f"Did you mean {meant}?" if meant else "Write two letters such as GB or US."
        raise InvalidInput("country", f"this is not a country code. {hint}")
    return code
