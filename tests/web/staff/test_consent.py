"""Writing down a yes on the page of a client who has stopped."""

import pytest

from aftercare.flows import consent
from aftercare.store import consents
from tests.factories import World
from tests.web.staff.colleague import Colleague

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
YES = {"topics": "aftercare", "source": "on paper", "given_on": "2026-11-23", "wording": "Yes, please."}


def test_a_yes_of_the_day_of_the_stop_counts_only_if_somebody_says_that_it_came_after_it(
    owner: Colleague, world: World, maya: str
) -> None:
    with world.app.transaction() as db:
        consent.opt_out(db, maya, "aftercare", source="unsubscribe_page", now=world.app.clock.now())
    here = f"/clients/{maya}/consent"
    assert 'name="after_stop"' not in owner.get(here).text
    refused = owner.post(here, YES)
    assert refused.status_code == 422
    for words in ("stopped the emails on that very day, at 14:00", 'name="after_stop" value="yes">'):
        assert words in refused.text
    with world.app.reading() as db:
        assert not consents.is_given(db, maya, "aftercare")
    assert owner.post(here, YES | {"after_stop": "yes"}).status_code == 303
    with world.app.reading() as db:
        assert consents.is_given(db, maya, "aftercare")
