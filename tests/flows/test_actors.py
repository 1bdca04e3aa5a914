"""Who did something, as pages say it."""

import re
from pathlib import Path

import pytest

from aftercare.flows import actors
from tests.journeys.harness import Journey

SOURCE = Path(__file__).parents[2] / "src" / "aftercare"
SIGNED = re.compile(r"""(?:\bby=|^BY = |actor=f?)"([a-z]+)[":]""", re.MULTILINE)
NOT_KEPT = {"preview"}
"""Signs what is never written."""


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        ("sandbox", "the sandbox"),
        ("cli", "the command line"),
        ("token:tok_x", "a connected program"),
        ("client", "the client"),
        ("engine", "Aftercare"),
        ("staff:sta_gone", "a colleague"),
        (None, "somebody"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_actor_has_a_name_that_people_know(journey: Journey, actor: str | None, name: str) -> None:
    with journey.app.reading() as db:
        assert actors.names(db, journey.clinic_id, [actor]) == {actor: name}


def test_everybody_who_signs_in_the_source_has_a_name() -> None:
    signed = {word for path in SOURCE.rglob("*.py") for word in SIGNED.findall(path.read_text())}
    assert {"cli", "sandbox", "engine"} <= signed
    assert signed - NOT_KEPT - {"staff"} <= set(actors.NAMES)
