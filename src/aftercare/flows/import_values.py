"""Zones, countries and languages as other software writes them into a clinic's file.

What cannot be read is left empty with a word of warning: the clinic's own zone and country then stand in."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from aftercare.domain.localtime import parse_zone
from aftercare.errors import InvalidInput
from aftercare.flows import countries
from aftercare.flows.readers import read_language
from aftercare.flows.zones import zone_aliases
from aftercare.mail.scene import languages, root_of

_AMERICAN = {
    "eastern time (us & canada)": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
}
_LANGUAGES = {
    **dict.fromkeys(("english", "englisch", "anglais", "inglés"), "en"),
    **dict.fromkeys(("spanish", "español", "castellano"), "es"),
    **dict.fromkeys(("german", "deutsch"), "de"),
    **dict.fromkeys(("french", "français"), "fr"),
}


def read_zone(cell: str) -> tuple[str | None, str]:
    """(IANA zone or None, what is wrong): also `London`, `Pacific Time (US & Canada)`, `US/Eastern`."""
    if not cell:
        return None, ""
    name = _zones().get(cell.casefold(), cell)
    try:
        return parse_zone(name, aliases=zone_aliases()).key, ""
    except InvalidInput:
        return None, "is not a time zone that we know. The clinic's zone is used."


def read_country(cell: str) -> tuple[str | None, str]:
    """(two capital letters or None, what is wrong): codes of ISO 3166 and English names."""
    if not cell:
        return None, ""
    code = countries.code_of(cell)
    return code, "" if code else "is not a country that we know. Write two letters such as GB."


def read_tongue(cell: str) -> tuple[str | None, str]:
    """(language tag or None, what is wrong): also `Spanish` and `es_MX`."""
    if not cell:
        return None, ""
    tag = _LANGUAGES.get(cell.casefold(), cell.replace("_", "-"))
    try:
        found = read_language(root_of(tag))
    except InvalidInput:
        return None, "is not a language that we know. The clinic's is used."
    unwritten = "is a language that no emails are written in yet. They come in English."
    return found, "" if found in languages() else unwritten


@cache
def _zones() -> Mapping[str, str]:
    """Small letters, and towns that only one zone is named for -> zone."""
    text = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    names = [row[2] for row in rows]
    towns = Counter(_town(name) for name in names)
    own = {_town(name): name for name in names if towns[_town(name)] == 1}
    known = {name.casefold(): name for name in (*zone_aliases(), *names)}
    return {**own, **known, **_AMERICAN, "utc": "UTC", "gmt": "UTC"}


def _town(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ").casefold()
