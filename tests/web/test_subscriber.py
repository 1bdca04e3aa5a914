"""A reader's whole way through real pages: the form, her yes, an issue, and the way out of it."""

import re
from datetime import datetime, timedelta

from aftercare.testing.inline import pass_time
from tests.factories import World
from tests.journeys.issues import new_issue, schedule, tally
from tests.web.conftest import MONDAY_14
from tests.web.signing_up import link_in, mailbox, opened, sign_up, word_of
from tests.web.visitor import Visitor

NINA, MO = "nina@example.com", "mo@example.com"
TUESDAYS = [datetime.fromisoformat(f"{day}T10:00") for day in ("2026-11-24", "2026-12-22")]


def test_from_the_form_to_an_issue_and_out_again(world: World, visitor: Visitor) -> None:
    opened(world)
    for address in (NINA, MO):
        sign_up(visitor, address, language="es" if address == NINA else "en")
    world.app.sweep()
    visitor.post(link_in(world, mailbox(world, NINA)[0]), data={"answer": "yes", "first_name": "Nina"})
    first = new_issue(world)
    schedule(world, first, TUESDAYS[0])
    assert sum(tally(world, first).values()) == 1
    pass_time(world.app, MONDAY_14 + timedelta(days=2))
    assert (len(mailbox(world, NINA)), len(mailbox(world, MO))) == (2, 1)
    leave = re.search(re.escape(world.app.settings.public_url) + r"(/u/[\w.-]+)", mailbox(world, NINA)[1])
    assert leave
    page = visitor.get(leave[1]).text
    assert "el boletín" in page
    assert "n•••@example.com" in page
    assert word_of(world, NINA) is True
    visitor.post(leave[1], data={"leave": "topic"})
    assert word_of(world, NINA) is False
    second = new_issue(world, "issue-3")
    schedule(world, second, TUESDAYS[1])
    pass_time(world.app, MONDAY_14 + timedelta(days=40))
    assert tally(world, second) == {}
    assert (len(mailbox(world, NINA)), len(mailbox(world, MO))) == (2, 1)
