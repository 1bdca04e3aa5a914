"""One email with every kind of block, and what it takes to send it."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import html5lib

from aftercare.mail.compile import Variant, compile_email
from aftercare.mail.document import EmailDocument, parse_email
from aftercare.mail.library import Guide, Library
from aftercare.mail.message_ids import boundary, message_id
from aftercare.mail.personalise import MessageInputs, build_message
from aftercare.mail.skeleton import Skeleton
from aftercare.mail.support import SupportEntry
from aftercare.mail.theme import Theme

RCPT = "ann@example.org"
KEY = b"k" * 32
UNSUBSCRIBE = "https://willow.example/u/AbC-_123"
CONSENT = "https://willow.example/c/AbC-_789"
VIEW = "https://willow.example/v/AbC-_654"
CHECK_IN = "https://willow.example/k/AbC-_321"
SETTINGS = "https://willow.example/s/AbC-_456"
NAMES = {"first_name": "Zoë", "therapist.first_name": "Kim", "run.emails": "5", "run.days": "10"}

THEME = Theme(
    clinic_name="Willow & Wren",
    sender_name="Willow",
    sender_address="hello@willow.example",
    reply_to="reply@willow.example",
    reply_reader="Sam, the practice manager",
    postal_address="12 Mill Lane\nBath BA1 1AA",
    phone="+44 1225 496 0000",
    hours="Monday to Friday, 9:00 to 17:00",
    country="GB",
    list_id_domain="willow.example",
    public_base_url="https://willow.example",
)

EVERY_BLOCK: dict[str, Any] = {
    "subject": "A gentle plan for this evening",
    "preheader": "Nothing to do, really. Three easy ideas if you want them.",
    "blocks": [
        {"type": "greeting", "text": "Hello {{ first_name | there }},"},
        {"type": "note", "heading": "A note", "paragraphs": ["From {{ therapist.first_name | us }} & all."]},
        {
            "type": "evening_list",
            "key": "evening",
            "heading": "Tonight",
            "cards": [{"id": "EV01", "items": ["Rest", "Soup"]}, {"id": "EV02", "items": ["Tea", "Sleep"]}],
        },
        {
            "type": "practice",
            "title": "Sounds",
            "minutes": 5,
            "intro": "One of these, or none.",
            "options": [{"label": "Near", "text": "Nearby."}, {"label": "Far", "text": "Far off."}],
        },
        {
            "type": "practice_picker",
            "title": "Moving",
            "minutes": 1,
            "intro": "Pick one.",
            "options": [
                {"label": "Walk", "text": "Slowly.", "seated": "March on the spot."},
                {"label": "Rest", "text": "Also fine."},
            ],
        },
        {"type": "prompt", "key": "pen", "intro": "A page.", "from": ["J05", "J14"], "lighter_from": ["J01"]},
        {
            "type": "affirmation_picker",
            "title": "Words",
            "intro": "Aloud or not.",
            "groups": [
                {"items": ["Slowly.", "Gently."]},
                {"label": "At night", "items": ["Enough.", "Rest."]},
            ],
        },
        {
            "type": "check_in",
            "question": "How are things?",
            "fine": "Doing fine",
            "wobbly": "A bit wobbly",
            "call": "Please call me",
        },
        {"type": "book", "heading": "Next time", "text": "Come & see us again."},
        {
            "type": "checklist",
            "heading": "Before they come in",
            "intro": "Or not.",
            "items": ["Towels & water."],
        },
        {
            "type": "say_instead",
            "heading": "Words",
            "instead_of": "Instead of",
            "we_say": "We say",
            "pairs": [{"avoid": "“Relax.”", "say": "“No hurry.”"}],
        },
        {
            "type": "evidence",
            "label": "On warmth",
            "claim": "Little was found.",
            "source": "Moyer & others",
            "year": 2011,
            "url": "https://doi.org/10.1000/example?a=1&b=2",
            "strength": "One review.",
        },
        {"type": "resource_list", "heading": "More", "links": [{"guide": "walking", "text": "Short walks."}]},
        {"type": "support", "style": "short"},
        {"type": "support", "style": "full"},
        {"type": "consent_button", "label": "Read more and choose"},
        {"type": "settings_button", "label": "Open my email settings"},
        {"type": "app_button", "label": "Open Aftercare"},
        {"type": "contact", "text": "Call {{ clinic.phone }}."},
        {"type": "run_note", "when": "first"},
        {"type": "end_note", "text": "That was the last one.", "when": "returning"},
    ],
}

LIBRARY = Library(
    prompts={"J01": "Which sound is nearest?", "J05": "What was ordinary?", "J14": "What would be kind?"},
    support={
        "GB": SupportEntry("Samaritans", "999", "116 123", "call, free", "", "", verified=True),
        "NZ": SupportEntry("1737", "111", "1737", "call or text"),
        "IE": SupportEntry("Samaritans", "112 or 999", "116 123", "call, free", verified=True),
        "other": SupportEntry("Find a Helpline"),
    },
    guides={"walking": Guide("Walking", "Short walks", parse_email(EVERY_BLOCK, "walking.yaml"))},
)


def email_of(*blocks: dict[str, Any], **lines: str) -> EmailDocument:
    """An email of these blocks."""
    return parse_email({**EVERY_BLOCK, **lines, "blocks": list(blocks)}, "test.yaml")


def skeleton_of(
    document: EmailDocument | None = None,
    variant: Variant | None = None,
    theme: Theme = THEME,
    public_name: str = "Emails after your visit",
) -> Skeleton:
    """The compiled email; by default the one with every block."""
    document = document or parse_email(EVERY_BLOCK, "every.yaml")
    return compile_email(document, theme, variant or Variant(), LIBRARY, public_name)


def inputs(**changed: Any) -> MessageInputs:
    """What one recipient's message takes."""
    values: dict[str, Any] = {
        "message_id": message_id(KEY, "msg_1", "willow.example"),
        "date": datetime(2026, 11, 23, 18, tzinfo=UTC),
        "boundary": boundary(KEY, "msg_1"),
        "to_address": RCPT,
        "values": NAMES,
        "unsubscribe_url": UNSUBSCRIBE,
        "settings_url": SETTINGS,
        "view_url": VIEW,
        "consent_url": CONSENT,
        "checkin_url": CHECK_IN,
        "list_id": "aftercare.willow.example",
        "reply_to": "reply@willow.example",
        "from_name": "Willow",
        "from_address": "hello@willow.example",
        "feedback_id": "step:c1:aftercare:ac",
    }
    return MessageInputs(**values | changed)


def message_of(skeleton: Skeleton | None = None, **changed: Any) -> bytes:
    """The bytes of a message."""
    return build_message(skeleton or skeleton_of(), inputs(**changed))


def parsed(raw: bytes) -> EmailMessage:
    """The message as a strict reader sees it."""
    return message_from_bytes(raw, policy=default)


def part(raw: bytes, subtype: str) -> str:
    """The decoded text of the `plain` or `html` part."""
    found = parsed(raw).get_body((subtype,))
    assert found is not None
    return str(found.get_content())


def both(document: EmailDocument | None = None, variant: Variant | None = None) -> tuple[str, str]:
    """The text and the HTML of an email, as decoded from its message."""
    raw = message_of(skeleton_of(document, variant))
    return part(raw, "plain"), part(raw, "html")


def seen(page: str) -> str:
    """The words of an HTML page, white space evened out."""
    return " ".join(" ".join(html5lib.parse(page, namespaceHTMLElements=False).itertext()).split())
