"""Bad messages that a careless look takes for good ones, and good ones that it takes for bad."""

from tests.bad_emails.copy_edits import (
    GARDEN,
    HERE,
    LINK,
    PARAGRAPH,
    BadCopy,
    before_paragraph,
    both_parts,
    header,
    in_head,
    links_to,
    out_of_sight,
    picture,
    swap,
    text_says,
    without,
)

DISGUISED = [
    BadCopy("hidden words", "spam", "html", before_paragraph('<span style="display:none">A walk</span>')),
    BadCopy("letters turned round", "spam", "html", both_parts("a good guide here", "a good \u202eediug")),
    BadCopy("outcome in a header", "privacy", "headers", header("X-Outcome", "strong feelings")),
    BadCopy("unclosed tag", "structure", "html", before_paragraph("<div>")),
    BadCopy(
        "health word in a long name", "privacy", "html", links_to(f"{HERE}/guides/aftertraumaandthelongdays")
    ),
    BadCopy(
        "pale words by a class",
        "accessibility",
        "html",
        before_paragraph(
            "<style>.faint{color:#b8bfbc}</style><p class=faint style='margin:0'>There is more.</p>"
        ),
    ),
    BadCopy(
        "words on a coloured cell",
        "accessibility",
        "html",
        before_paragraph(
            '<div style="background-color:#1f5f56"><p style="color:#24302d;margin:0">There is more.</p></div>'
        ),
    ),
    BadCopy(
        "picture link without words",
        "accessibility",
        "html",
        before_paragraph(f"{LINK}>{picture(GARDEN, 60, 40)}</a>"),
    ),
    BadCopy("language of no such tag", "structure", "html", swap('<html lang="en"', '<html lang=""')),
    BadCopy(
        "empty title",
        "structure",
        "html",
        swap("<title>A short walk, if it suits</title>", "<title> </title>"),
    ),
    BadCopy("empty first heading", "structure", "html", swap(">A short walk, if it suits</h1>", "></h1>")),
    BadCopy(
        "link only in the HTML",
        "text_part",
        "text",
        before_paragraph(f'<p><a href="{HERE}/guides/writing" style="color:#1f5f56">Writing</a></p>'),
    ),
    BadCopy(
        "nobody reads replies, spelt otherwise",
        "headers",
        "headers",
        header("Reply-To", "DoNotReply@willowlane.example.com"),
    ),
    BadCopy("empty one-click", "headers", "headers", header("List-Unsubscribe-Post", "")),
    BadCopy("a date that is none", "headers", "headers", header("Date", "soon")),
    BadCopy(
        "unsubscribe that leads nowhere",
        "features",
        "html",
        without(r'(?<=href=")[^"]*(?="[^>]*>Unsubscribe<)'),
    ),
    BadCopy(
        "unsubscribe out of sight",
        "body",
        "html",
        swap('padding:10px 0">Unsubscribe', 'display:none">Unsubscribe'),
    ),
    BadCopy("disclaimer out of sight", "body", "html", out_of_sight(r"General wellbeing ideas.*?rest\.")),
    BadCopy(
        "flex in a media query",
        "features",
        "html",
        in_head("<style>@media (max-width:480px){.sheet{DISPLAY : FLEX}}</style>"),
    ),
    BadCopy("import", "features", "html", in_head(f"<style>@import url({HERE}/a.css);</style>")),
    BadCopy("script in capitals", "features", "html", before_paragraph("<SCRIPT>var a = 1;</SCRIPT>")),
    BadCopy("javascript with a tab", "features", "html", links_to("java&#9;script:alert(1)")),
    BadCopy("javascript in capitals", "features", "html", links_to("JavaScript:alert(1)")),
    BadCopy("data link", "features", "html", links_to("data:text/html,hello")),
    BadCopy(
        "sheet from elsewhere", "features", "html", in_head(f'<link rel="stylesheet" href="{HERE}/a.css">')
    ),
    BadCopy(
        "sends elsewhere", "features", "html", in_head(f'<meta http-equiv="refresh" content="0;url={HERE}">')
    ),
    BadCopy("other base", "features", "html", in_head(f'<base href="{HERE}/">')),
    BadCopy("object", "features", "html", before_paragraph(f'<object data="{HERE}/a.pdf"></object>')),
    BadCopy("audio", "features", "html", before_paragraph('<audio src="/a.mp3"></audio>')),
    BadCopy(
        "background by attribute",
        "features",
        "html",
        before_paragraph(
            f'<div><table role="presentation" background="{GARDEN}"><tr><td></td></tr></table></div>'
        ),
    ),
    BadCopy("health word in capitals in a link", "privacy", "html", links_to(f"{HERE}/Guides?topic=ANXIETY")),
    BadCopy("health word in an encoded subject", "privacy", "subject", header("Subject", "Après massage")),
    BadCopy(
        "health word in sender's address",
        "privacy",
        "sender",
        header("From", '"Willow Lane" <massage@willowlane.example.com>'),
    ),
    BadCopy(
        "pixel by style",
        "privacy",
        "html",
        before_paragraph(
            '<img src="https://track.example.net/o.gif" alt="" style="width:1px;height:1px;display:none">'
        ),
    ),
    BadCopy(
        "command in both parts",
        "language",
        "html",
        both_parts("Your body is a good guide here.", "You must walk."),
    ),
    BadCopy("link that says here", "language", "html", swap(">Walking</a>", ">Here</a>")),
    BadCopy(
        "no words in the preheader",
        "preheader",
        "preheader",
        swap("Or a stretch, or a few easy yoga shapes. Your pick.&#847;", "&#847;"),
    ),
    BadCopy(
        "dark scheme in a comment",
        "dark",
        "html",
        swap("@media (prefers-color-scheme:dark){", "/* @media (prefers-color-scheme:dark) */@media print{"),
    ),
]

HARMLESS = {
    "list header with mail as well": header(
        "List-Unsubscribe",
        "<https://willowlane.example.com/u/sample>, <mailto:unsubscribe@willowlane.example.com?subject=stop>",
    ),
    "a decorative picture": before_paragraph(picture(GARDEN, 120, 40)),
    "a picture with words for it": before_paragraph(picture(GARDEN, 300, 100, ' alt="A garden in the rain"')),
    "large words need less contrast": swap(
        PARAGRAPH, '<p style="margin:0;font-size:26px;color:#7c7c7c">Slowly.</p>' + PARAGRAPH
    ),
    "a long bare address": text_says(f"{HERE}/" + "a" * 90),
    "a data table": before_paragraph(
        '<table aria-label="Opening"><tr><th scope="col">Day</th></tr><tr><td>Monday</td></tr></table>'
    ),
    "a subject with an emoji": header("Subject", "A short walk, if it suits \U0001f333"),
    "a sender with letters of another script": header("From", '"Ивовая" <hello@willowlane.example.com>'),
}
