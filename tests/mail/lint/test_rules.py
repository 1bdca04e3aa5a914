"""Each rule finds its breach in the right place, and takes nothing else for one."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from aftercare.mail.lint import ROWS, RULES, check
from aftercare.mail.lint.base import Finding
from aftercare.mail.lint.letter import from_bytes
from aftercare.mail.lint.sample import Written, letters, message
from tests.mail.lint.letters import found, more, sent, spoilt

NOTE = {"type": "note", "key": "added"}
SAYS: list[tuple[str, str, Written]] = [
    ("health_words", "subject", spoilt(subject="After your massage")),
    ("health_words", "preheader", spoilt(preheader="A few words about what feelings and emotions do.")),
    ("health_words", "public_name", spoilt(public_name="Emails after your therapy")),
    ("command", "why", spoilt("why", paragraphs=["You should rest a while tonight."])),
    ("claim", "why", spoilt("why", paragraphs=["A walk heals what was trapped."])),
    ("label", "why", spoilt("why", paragraphs=["Each patient is welcome to walk."])),
    ("pressure", "why", spoilt("why", paragraphs=["We miss you on our walks."])),
    ("minimise", "why", spoilt("why", paragraphs=["Just relax and have a walk."])),
    ("promise", "why", spoilt("why", paragraphs=["You will feel better for it."])),
    ("deep_dig", "why", spoilt("why", paragraphs=["Think of your childhood as you walk."])),
    ("not_written", "why", spoilt("why", paragraphs=["Write here what you would say."])),
    ("not_written", "why", spoilt("why", paragraphs=["Rest a while. Lorem ipsum dolor sit amet."])),
    ("marketing", "why", spoilt("why", paragraphs=["The next visit comes with a discount."])),
    ("violent_idiom", "why", spoilt("why", paragraphs=["Take a stab at a walk."])),
    ("markup", "why", spoilt("why", paragraphs=["A **bold** walk."])),
    ("markup", "why", spoilt("why", paragraphs=["See [the page](walking) as well."])),
    ("link_text", "why", spoilt("why", paragraphs=["There is more on https://bit.ly/abc today."])),
    ("link_text", "why", spoilt("why", paragraphs=["You could click here for more."])),
    ("disguised_letters", "subject", spoilt(subject="After your m\u0430ssage")),
    ("disguised_letters", "why", spoilt("why", paragraphs=["A \u202eklaw, if it suits."])),
    (
        "marketing",
        "book",
        more({"type": "book", "key": "book", "text": "You are welcome."}, slug="after-a-tender-visit"),
    ),
    ("practice_choice", "move", spoilt("move", intro="You could pick one.")),
    (
        "breath_only",
        "move",
        spoilt("move", options=[{"label": name, "text": "Breathe."} for name in ("Breath in", "Breath out")]),
    ),
    ("stop_rule", "pen", spoilt("pen", stop="It helps to fill the page.")),
    ("company", "html", more(slug="after-a-tender-visit", without="support")),
    ("company", "html", more(slug="extra-support", without="contact")),
    ("word_limit", "added", more(NOTE | {"paragraphs": ["A few more words are here. " * 40]})),
    (
        "reading_grade",
        "added",
        more(NOTE | {"paragraphs": ["Considerable physiological relaxation facilitates equilibrium. " * 6]}),
    ),
    ("emoji", "why", spoilt("why", slug="after-a-tender-visit", paragraphs=["Take it easy 🌸"])),
    ("merge_fields", "hello", spoilt("hello", text="Hello [name],")),
    ("markup", "why", spoilt("why", paragraphs=["A <b>bold walk."])),
    ("link_scheme", "why", spoilt("why", paragraphs=["See javascript:alert(1) for more."])),
    ("shouting", "subject", spoilt(subject="A SHORT WALK for you")),
    ("shouting", "why", spoilt("why", paragraphs=["What a day!"])),
    ("money_words", "why", spoilt("why", paragraphs=["A walk costs no cash."])),
    ("leaving_words", "why", spoilt("why", paragraphs=["Write to us to stop these emails."])),
    ("subject_length", "subject", spoilt(subject="A short walk, a stretch, or a few easy shapes this week")),
    ("preheader_length", "preheader", spoilt(preheader="Or a stretch.")),
    ("preheader_repeats", "preheader", spoilt(preheader="A short walk, if it suits you at all today.")),
    (
        "link_text",
        "added",
        more({"type": "consent_button", "key": "added", "label": "Click here"}),
    ),
    (
        "one_primary_link",
        "second",
        more(
            *(
                {"type": "consent_button", "key": key, "label": f"The {key} page"}
                for key in ("first", "second")
            )
        ),
    ),
]
P = '<p style="margin:0 0 14px">Long days of sitting can leave anyone tight.</p>'
HEADING = "Two ways to move</h2>"
SENT: list[tuple[str, str, str, str]] = [
    ("contrast", "html", P, P.replace("14px", "14px;color:#cccccc")),
    ("contrast", "html", P, P.replace("14px", "14px;opacity:0.4")),
    ("contrast", "html", ".panel>table>tbody>tr>td{background-color", ".other{background-color"),
    ("link_name", "html", P, f'{P}<a href="tel:999"></a>'),
    (
        "link_visible",
        "html",
        "text-decoration:underline;display:inline-block;padding:10px 0",
        "text-decoration:none",
    ),
    ("text_size", "html", P, P.replace("14px", "14px;font-size:11px")),
    ("list_markup", "html", '<ul style="margin:0 0 14px;padding:0;list-style:none">', "<ul><div></div>"),
    ("zoom", "html", "initial-scale=1", "initial-scale=1,user-scalable=no"),
    ("roles", "html", P, P.replace("<p", '<p role="buton"')),
    ("html_language", "html", '<html lang="en"', '<html lang="und"'),
    ("html_language", "html", 'role="article" lang="en" dir="ltr"', 'role="article" lang="en"'),
    ("wrapper", "html", 'role="article"', ""),
    ("title", "html", "<title>A short walk, if it suits</title>", "<title></title>"),
    ("headings", "html", HEADING, HEADING + "<h4>Shoes</h4>Shoes"),
    ("markup", "html", P, f"<div>{P}"),
    ("table_roles", "html", 'role="presentation" width="100%"', ""),
    ("alt_text", "html", P, f'{P}<img src="https://x.example/a.png" width="90" height="60">'),
    ("picture_share", "html", P, f'{P}<img src="https://x.example/a.png" width="600" height="900" alt="">'),
    ("tracking_pixel", "html", P, f'{P}<img src="https://x.example/a.png" width="1" height="1" alt="">'),
    ("personal_address", "html", "/guides/walking", "/guides/walking?email=maya%40example.com"),
    ("health_words", "html", "/guides/walking", "/guides/massage"),
    ("health_words", "headers", "List-ID: <aftercare.", "List-ID: <trauma."),
    ("health_words", "sender", 'From: "Willow Lane"', 'From: "Willow Massage"'),
    ("text_links", "text", "  https://willowlane.example.com/guides/walking\n", ""),
    ("text_leftovers", "text", "\n\nTwo ways to move\n", "\n\n[image: logo]\n\nTwo ways to move\n"),
    ("text_width", "text", "To the corner and back.\n", "To the corner and back." + " " * 60 + "x\n"),
    ("health_words", "headers", "Auto-Submitted:", "X-Outcome: strong feelings\nAuto-Submitted:"),
    ("hidden_words", "html", P, f'<span style="display:none">Buy this</span>{P}'),
    ("unchecked_words", "html", "Content-Language: en", "Content-Language: cy"),
    ("list_unsubscribe", "headers", "List-Unsubscribe: <https", "List-Unsubscribe: <http"),
    ("list_unsubscribe", "headers", "=One-Click", "=one-click"),
    ("identity", "headers", "Reply-To: hello@", "Reply-To: no-reply@"),
    ("identity", "headers", "Date: Mon, 23 Nov 2026 17:00:00 +0000\n", ""),
    ("automatic", "headers", "Auto-Submitted: auto-generated\n", ""),
    ("footer_links", "html", ">Unsubscribe</a>", ">Bye</a>"),
    ("footer_words", "html", "You get this email because you said yes", "You get it as you said yes"),
    ("postal_address", "html", "<br />12 Willow Lane, Leeds LS1 4AB, United Kingdom", ""),
    ("client_features", "html", P, P.replace("margin:0", "display:flex;margin:0")),
    ("active_content", "html", P, f"{P}<script>x</script>"),
    ("link_scheme", "html", 'href="https://willowlane.example.com/guides/walking"', 'href="javascript:x"'),
    (
        "web_fonts",
        "html",
        "</head>",
        '<link href="https://fonts.googleapis.com/css" rel="stylesheet"></head>',
    ),
    ("mjml_traps", "html", P, f"{P}<mj-buton></mj-buton>"),
    ("hidden_words", "html", "display:none;max-height:0", "display:none;font-size:1px;max-height:0"),
    ("dark_metas", "html", '<meta name="color-scheme" content="light dark" />', ""),
    ("dark_styles", "html", "@media (prefers-color-scheme:dark)", "@media print"),
    ("html_size", "html", P, P + "<!--" + "x" * 62_000 + "-->"),
    ("travel_size", "html", P, P + "<!--" + "x" * 110_000 + "-->"),
]
#: Broken in a way that a replacement cannot show; each has a test of its own below.
APART = {"text_missing", "text_complete"}


def only(findings: list[Finding], rule: str, where: str) -> None:
    """These findings are of this rule at this place, and of no other."""
    assert {(one.rule, one.where) for one in findings} == {(rule, where)}


@pytest.mark.parametrize(("rule", "where", "one"), SAYS, ids=[f"{rule}-{where}" for rule, where, _ in SAYS])
def test_a_written_email_breaks_just_this_rule(rule: str, where: str, one: Written) -> None:
    only(found(one), rule, where)


@pytest.mark.parametrize(
    ("rule", "where", "old", "new"), SENT, ids=[f"{n}-{case[0]}" for n, case in enumerate(SENT)]
)
def test_a_finished_message_breaks_just_this_rule(rule: str, where: str, old: str, new: str) -> None:
    only(sent(old, new), rule, where)


def test_a_good_email_has_no_findings_written_or_sent() -> None:
    assert found(spoilt()) == []
    assert sent() == []


def test_a_long_public_name_is_read_as_a_name() -> None:
    name = "Emails after your visit, " + "with a few quiet ideas for the days after it, " * 3 + "from us"
    assert found(spoilt(public_name=name)) == []


def test_a_message_without_its_text_lacks_nothing_else() -> None:
    """Its links and words are missing too, and saying so would help nobody."""
    letter = letters(spoilt())[0]
    only(list(check([replace(letter, text=" ")]).findings), "text_missing", "text")


def test_a_text_part_that_says_something_else_is_found() -> None:
    letter = letters(spoilt())[0]
    links = "\n".join(node.attrs["href"] for node in letter.links)
    poor = replace(letter, text=f"Please look at this email in a browser.\n{links}")
    only(list(check([poor]).findings), "text_complete", "text")


def test_the_name_of_an_attached_file_tells_nothing() -> None:
    for name, rule in (("massage-plan.pdf", "health_words"), ("plan\u202efdp.exe", "disguised_letters")):
        mail = message_from_bytes(message(spoilt()), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        mail.make_mixed()
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=name)
        only(list(check([from_bytes(mail.as_bytes(), "test.eml")]).findings), rule, "headers")


def test_every_rule_is_broken_by_a_test() -> None:
    broken = {rule for rule, _, _ in SAYS} | {rule for rule, *_ in SENT} | APART
    assert {rule.id for rule in RULES} == broken


def test_a_row_loses_all_of_its_points_once() -> None:
    assert sum(ROWS.values()) == 100
    one = spoilt("why", paragraphs=["You should always rest. You must."])
    report = check(letters(one))
    assert {finding.rule for finding in report.findings} == {"command"}
    assert report.score == 100 - ROWS["language"]
    assert report.blocking


def test_colleagues_may_name_what_clients_never_read() -> None:
    one = spoilt("why", slug="therapist-guide", paragraphs=["Never say that massage heals trapped trauma."])
    assert found(one) == []


@pytest.mark.parametrize("topic", ["aftercare", "staying-in-touch"])
def test_a_quiet_word_on_booking_may_stand_where_it_is_left_out_for_whoever_did_not_agree(topic: str) -> None:
    quiet = {"type": "book", "key": "book", "text": "You are welcome."}
    assert found(more(quiet, topic=topic)) == []


def test_a_newsletter_may_link_to_a_source_by_its_name() -> None:
    source = {
        "type": "evidence",
        "key": "source",
        "claim": "Some people feel easier for a while.",
        "source": "A review",
        "url": "https://nccih.nih.gov/massage-therapy",
        "strength": "Weak.",
    }
    assert found(more(source, topic="newsletter", purpose="newsletter")) == []
    only(found(more(source)), "health_words", "source")


@pytest.mark.parametrize("word", ["Spain", "painting", "steady", "obsession", "possession", "a teardrop"])
def test_a_harmless_word_is_no_health_word(word: str) -> None:
    assert [one for one in found(spoilt(subject=f"On {word}, if it suits")) if one.row == "privacy"] == []


def test_a_patient_listener_is_praise() -> None:
    assert found(spoilt("why", paragraphs=["You can be patient with yourself on a walk."])) == []
