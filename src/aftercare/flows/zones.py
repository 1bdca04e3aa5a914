"""Names of time zones that have a newer spelling."""

from functools import cache
from importlib.resources import files


@cache
def zone_aliases() -> dict[str, str]:
    """Old name -> present name (`US/Eastern` and so on), from the time zone database's links.

    Places that merely share a clock today (Europe/Oslo with Europe/Berlin) keep their own name: they
    stand in zone.tab."""
    folder = files("tzdata.zoneinfo")
    places = {
        line.split("\t")[2]
        for line in folder.joinpath("zone.tab").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    lines = folder.joinpath("tzdata.zi").read_text(encoding="utf-8").splitlines()
    links = (line.split() for line in lines if line.startswith("L "))
    return {old: present for _, present, old in links if old not in places}
