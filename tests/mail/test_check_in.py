"""A question with three answers: every answer a link of its own, and no email leaves without one."""

import re
from dataclasses import replace

import pytest

from aftercare.errors import InvalidInput
from aftercare.mail.page import render_page
from tests.mail.letters import CHECK_IN, LIBRARY, both, email_of, message_of, seen, skeleton_of

QUESTION = email_of(
    {
        "type": "check_in",
        "question": "How are things, {{ first_name | you there }}?",
        "fine": "Doing fine",
        "wobbly": "A bit wobbly",
        "call": "Please call me",
    }
)
WHO = "Your answer goes to Willow & Wren. It is read Monday to Friday, 9:00 to 17:00. No answer is fine too."


def test_each_answer_is_a_link_that_does_not_say_what_it_means() -> None:
    text, html = both(QUESTION)
    links = re.findall(r'href="([^"]+)"[^>]*>([^<]+)</a>', html)
    asked = [(url, words) for url, words in links if url.startswith(CHECK_IN)]
    assert asked == [
        (f"{CHECK_IN}?a=1", "Doing fine"),
        (f"{CHECK_IN}?a=2", "A bit wobbly"),
        (f"{CHECK_IN}?a=3", "Please call me"),
    ]
    assert f"- Please call me:\n  {CHECK_IN}?a=3" in text.replace("\r\n", "\n")


def test_the_email_says_who_reads_the_answer_and_when_and_that_none_is_fine() -> None:
    text, html = both(QUESTION)
    assert WHO in " ".join(text.split())
    assert WHO in seen(html)


def test_without_a_page_for_the_answer_the_email_cannot_be_made() -> None:
    with pytest.raises(InvalidInput, match="checkin_url: has no value"):
        message_of(skeleton_of(QUESTION), checkin_url="")


def test_emails_that_ask_nothing_need_no_such_page() -> None:
    greeting = email_of({"type": "greeting", "text": "Hello"})
    assert "checkin_url" not in skeleton_of(greeting).fields()
    assert message_of(skeleton_of(greeting), checkin_url="")


def test_a_web_page_asks_nothing() -> None:
    assert "Please call me" not in render_page(replace(QUESTION, subject="A page"), LIBRARY)
