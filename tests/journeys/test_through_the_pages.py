"""Stories of which every step is a page or an email: what clients and staff press is what happens."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from aftercare.models import Staff
from aftercare.testing.smtp import Received
from tests.journeys.harness import MONDAY_14, STRONG, Journey
from tests.web.staff.colleague import Colleague, colleague
from tests.web.staff.forms import form_to, send
from tests.web.staff.test_sessions import form_of
from tests.web.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAM = "sam@example.com"
LATER = ["easy-movement Fri 27 10:00", "one-week-on Mon 30 10:00", "page-for-later Mon 07 18:00"]
FIRST, PEN = "evening-plan Mon 23 17:00", "two-minutes-with-a-pen Wed 25 12:00"
GO_ON = [FIRST, PEN, "short-walk Thu 26 10:00", "quiet-minutes Sun 29 18:00"]
CHOICES = {
    "rest for two weeks": (["two-weeks"], [FIRST]),
    "rest for two weeks, then go on": (["two-weeks", "resume"], GO_ON),
    "rest for two weeks, and take that back": (["two-weeks", "undo"], GO_ON),
    "one a week": (["weekly"], [FIRST, "quiet-minutes Mon 30 18:00"]),
    "one a week, then as planned": (["weekly", "planned"], [FIRST, *GO_ON[2:]]),
    "no topic": (["topics"], [FIRST]),
    "no topic, and take that back": (["topics", "undo"], GO_ON),
    "stop, and take that back": (["stop", "undo"], GO_ON),
}
"""What she presses on her page on Monday evening and on Wednesday at noon -> what she gets by Tuesday week.
Tuesday's email is not too late by then; one that was left out for a pace does not come back."""


def letters(journey: Journey, address: str) -> list[Received]:
    """What arrived at this address."""
    return [one for one in journey.server.received if list(one.rcpt_tos) == [address]]


def link_in(journey: Journey, letter: Received, path: str) -> str:
    """Where a link in the text of an email leads; `path`: how it begins."""
    body = message_from_bytes(letter.content, policy=default).get_body(("plain",))
    assert body is not None
    text = body.get_content()
    found = re.findall(re.escape(journey.app.settings.public_url) + r"(/[\w./?=-]*)", text)
    return next(one for one in found if one.startswith(path))


def press(who: Colleague, page: str, act: str) -> str:
    """Press the button of a page whose form does this; the page that follows."""
    shown = who.get(page).text
    [action] = re.findall(rf'action="(/[^"]*/{act})"', shown)
    answer = who.post(action, form_to(shown, action))
    return who.get(answer.headers["location"]).text


def second_contact(journey: Journey, owner: Colleague) -> tuple[Colleague, str]:
    """A colleague whom the owner names on the page of settings, and her address."""
    noor = colleague(journey, "therapist")
    contacts = {"duty_id": journey.therapist_id, "second_id": noor.staff_id}
    assert "Saved" in send(owner, "/settings", "/settings/contacts", **contacts)
    with journey.app.reading() as db:
        return noor, db.get_one(Staff, noor.staff_id).email


def test_from_a_session_with_strong_feelings_to_a_call_and_on(journey: Journey) -> None:
    maya, visitor, therapist = journey.add_client(), Visitor(journey), colleague(journey, "therapist")
    therapist.post("/sessions", form_of(therapist, maya, STRONG))
    journey.live_until(datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
    owner = colleague(journey)
    noor, noor_at = second_contact(journey, owner)
    asks = link_in(journey, letters(journey, "maya@example.com")[-1], "/k/")
    path = asks.partition("?")[0]

    shown = visitor.get(f"{path}?a=3").text
    assert "We are open now, until 17:00. Sam rings you." in shown
    assert 'value="call" checked' in shown
    assert "Nobody waits for a call" in owner.get("/alerts").text
    form = form_to(shown, path) | {"answer": ["call"], "note": ["My mother is ill. Ring 07700 900123."]}
    assert "Sam rings you." in visitor.post(path, data=form).text
    journey.live(seconds=59)
    [alert] = letters(journey, SAM)
    for secret in (b"maya", b"mother", b"900123", b"feelings", maya.encode().lower(), b"/clients/"):
        assert secret not in alert.content.lower()
    assert link_in(journey, alert, "/") == "/alerts"
    assert "contacts-you-asked-for Tue 24 10:00" in journey.mail(maya)

    journey.live_until(datetime(2026, 11, 24, 11, 59, tzinfo=UTC))
    assert letters(journey, noor_at) == []
    journey.live(minutes=13)
    assert len(letters(journey, noor_at)) == 1
    assert "was told today, 12:00, since nobody had taken it on" in owner.get("/alerts").text

    assert "took it on after 2 hours 12 minutes" in press(noor, "/alerts", "acknowledge")
    journey.live(minutes=20)
    press(noor, "/alerts", "spoken")
    journey.live_until(datetime(2026, 11, 26, 15, 0, tzinfo=UTC))
    assert journey.mail(maya)[-1] == "following-up Thu 26 10:00"
    page = press(colleague(journey, "therapist"), "/alerts", "release")
    assert "Nobody waits for a call" in page
    assert "after 2 hours 12 minutes" in page
    assert "after 2 hours 32 minutes" in page
    journey.live(days=14)
    assert journey.mail(maya)[4:] == LATER


@pytest.mark.parametrize("chosen", CHOICES)
def test_what_she_presses_on_her_page_is_what_she_gets(journey: Journey, chosen: str) -> None:
    presses, expected = CHOICES[chosen]
    visitor, maya = Visitor(journey), journey.add_client()
    journey.visit(maya)
    journey.live(hours=5)
    path = link_in(journey, letters(journey, "maya@example.com")[0], "/s/")
    answer = None
    for want in presses:
        if want == "undo":
            assert answer is not None
            [action] = re.findall(r'action="(/s/[^"]+/undo)"', answer.text)
            answer = visitor.post(action)
        else:
            assert f'name="want" value="{want}"' in visitor.get(path).text
            answer = visitor.post(path, data={"want": want})
        assert answer.status_code == 200
        journey.live_until(MONDAY_14 + timedelta(days=1, hours=22))
    journey.live_until(MONDAY_14 + timedelta(days=8))
    assert journey.mail(maya) == expected
