"""The table of bad messages, by row of the score."""

from tests.bad_emails.copy_edits import (
    CLIENT_ID,
    GARDEN,
    GUIDE,
    HERE,
    LINK,
    PARAGRAPH,
    STREET,
    BadCopy,
    before_paragraph,
    header,
    heading_of_another_level,
    in_head,
    links_to,
    no_first_heading,
    padded,
    picture,
    swap,
    text_is,
    text_says,
    without,
    words_in_a_picture,
)

_BAD_STYLE = '<p style="margin:0 0 14px;{}">Your body is a good guide here.'


def _styled(style: str) -> str:
    return _BAD_STYLE.format(style)


ACCESSIBILITY = [
    BadCopy("pale words", "accessibility", "html", swap(PARAGRAPH, _styled("color:#a9b0ad"))),
    BadCopy(
        "dark words on a dark sheet",
        "accessibility",
        "html",
        swap(PARAGRAPH, _styled("color:#24302d!important")),
    ),
    BadCopy("a link without words", "accessibility", "html", before_paragraph(f"<p>{LINK}></a></p>")),
    BadCopy(
        "a link told by colour alone",
        "accessibility",
        "html",
        before_paragraph(
            '<p style="margin:0 0 14px">There is a page about '
            f'{LINK} style="color:#1f5f56;text-decoration:none">other short walks</a> as well.</p>'
        ),
    ),
    BadCopy(
        "no zooming in",
        "accessibility",
        "html",
        swap("width=device-width, initial-scale=1", "width=device-width, initial-scale=1, user-scalable=no"),
    ),
]

STRUCTURE = [
    BadCopy("language undetermined", "structure", "html", swap('<html lang="en"', '<html lang="und"')),
    BadCopy("no language", "structure", "html", swap('<html lang="en"', "<html")),
    BadCopy(
        "no language on the wrapper", "structure", "html", swap('role="article" lang="en"', 'role="article"')
    ),
    BadCopy("no direction", "structure", "html", swap('lang="en" dir="ltr" xmlns', 'lang="en" xmlns')),
    BadCopy("no title", "structure", "html", without("<title>.*?</title>")),
    BadCopy("two first headings", "structure", "html", heading_of_another_level("h1")),
    BadCopy("no first heading", "structure", "html", no_first_heading),
    BadCopy("skipped heading", "structure", "html", heading_of_another_level("h3")),
]

IMAGES = [
    BadCopy("no alt", "images", "html", before_paragraph(picture(GARDEN, 120, 40, ""))),
    BadCopy(
        "layout table without a role",
        "images",
        "html",
        swap(
            'role="presentation" width="100%" style="border-collapse', 'width="100%" style="border-collapse'
        ),
    ),
    BadCopy(
        "mostly picture", "images", "html", before_paragraph(picture(GARDEN, 544, 1800, ' alt="A garden"'))
    ),
    BadCopy("words in a picture", "images", "html", words_in_a_picture),
]

TEXT_PART = [
    BadCopy("no link in the text", "text_part", "text", swap(GUIDE, "", part="text")),
    BadCopy("bars in the text", "text_part", "text", text_says("| Walk | Stretch |\n|------|---------|")),
    BadCopy(
        "a long line", "text_part", "text", text_says("A slow walk to the end of the road and back. " * 3)
    ),
    BadCopy("an image in the text", "text_part", "text", text_says("[image: garden]")),
    BadCopy("an empty text part", "text_part", "text", text_is("\n")),
    BadCopy("no text part", "text_part", "text", text_is(None)),
]

_LIST = "List-Unsubscribe"
HEADERS = [
    BadCopy("no list header", "headers", "headers", header(_LIST, None)),
    BadCopy(
        "plain http list header", "headers", "headers", header(_LIST, "<http://willowlane.example.com/u/1>")
    ),
    BadCopy(
        "list header by mail alone",
        "headers",
        "headers",
        header(_LIST, "<mailto:stop@willowlane.example.com>"),
    ),
    BadCopy("no one-click", "headers", "headers", header(f"{_LIST}-Post", None)),
    BadCopy("inexact one-click", "headers", "headers", header(f"{_LIST}-Post", "List-Unsubscribe=OneClick")),
    BadCopy("no message id", "headers", "headers", header("Message-ID", None)),
    BadCopy("no date", "headers", "headers", header("Date", None)),
    BadCopy("no reply address", "headers", "headers", header("Reply-To", None)),
    BadCopy(
        "nobody reads replies", "headers", "headers", header("Reply-To", "no-reply@willowlane.example.com")
    ),
    BadCopy("not marked as automatic", "headers", "headers", header("Auto-Submitted", None)),
]

BODY = [
    BadCopy("no unsubscribe link", "body", "html", without(r"<br /><a [^>]*>Unsubscribe</a>")),
    BadCopy("no settings link", "body", "html", without(r"<a [^>]*>Email settings</a><br />")),
    BadCopy("no postal address", "body", "html", swap(f"<br />{STREET}", "")),
    BadCopy("no reason why", "body", "html", without(r"<p [^>]*>You get this email because.*?</p>")),
    BadCopy("no disclaimer", "body", "html", without(r"<p [^>]*>General wellbeing ideas.*?</p>")),
]

SIZE = [
    BadCopy("70 KB", "size", "html", padded(70_000)),
    BadCopy("110 KB", "size", "html", padded(110_000)),
]

FEATURES = [
    BadCopy("flex", "features", "html", before_paragraph('<div style="display:flex"></div>')),
    BadCopy("grid", "features", "html", before_paragraph('<div style="display:grid"></div>')),
    BadCopy("position", "features", "html", before_paragraph('<div style="position:absolute;top:0"></div>')),
    BadCopy("gap", "features", "html", in_head("<style>.sheet{gap:12px}</style>")),
    BadCopy("video", "features", "html", before_paragraph('<video src="/a.mp4" muted></video>')),
    BadCopy(
        "svg", "features", "html", before_paragraph('<svg width="9" height="9" aria-hidden="true"></svg>')
    ),
    BadCopy("form", "features", "html", before_paragraph('<form action="/a" method="post"></form>')),
    BadCopy("script", "features", "html", before_paragraph("<script>var a = 1;</script>")),
    BadCopy("handler", "features", "html", swap(LINK, f'{LINK} onclick="return true"')),
    BadCopy(
        "frame", "features", "html", before_paragraph(f'<iframe src="{HERE}/a" title="A page"></iframe>')
    ),
    BadCopy(
        "web font",
        "features",
        "html",
        in_head(f'<style>@font-face{{font-family:Willow;src:url("{HERE}/willow.woff2")}}</style>'),
    ),
    BadCopy(
        "fonts from elsewhere",
        "features",
        "html",
        in_head('<link href="https://fonts.googleapis.com/css?family=Roboto" rel="stylesheet">'),
    ),
    BadCopy(
        "picture behind words",
        "features",
        "html",
        before_paragraph(f"<div style=\"background-image:url('{GARDEN}')\"></div>"),
    ),
    BadCopy("http link", "features", "html", links_to(GUIDE.replace("https:", "http:"))),
    BadCopy("javascript link", "features", "html", links_to("javascript:alert(1)")),
]

SPAM = [
    BadCopy("a shouting subject", "spam", "subject", header("Subject", "WIN A FREE PRIZE TODAY")),
    BadCopy(
        "a shouting body",
        "spam",
        "html",
        before_paragraph(
            '<p style="margin:0 0 14px">CLAIM YOUR 100% FREE CASH PRIZE TODAY. NO COST. RISK FREE. $$$</p>'
        ),
    ),
    BadCopy(
        "words that filters mistrust",
        "spam",
        "html",
        before_paragraph('<p style="margin:0 0 14px">To stop receiving these emails, look below.</p>'),
    ),
]

PRIVACY = [
    BadCopy("address in a link", "privacy", "html", links_to(f"{GUIDE}?for=maya@example.com")),
    BadCopy("encoded address in a link", "privacy", "html", links_to(f"{GUIDE}?for=maya%40example.com")),
    BadCopy("client id in a link", "privacy", "html", links_to(f"{GUIDE}?c={CLIENT_ID}")),
    BadCopy("health word in a link", "privacy", "html", links_to(f"{HERE}/guides/after-trauma")),
    BadCopy(
        "health word in a file name",
        "privacy",
        "html",
        before_paragraph(picture(f"{HERE}/files/massage.png", 120, 40)),
    ),
    BadCopy(
        "tracking pixel",
        "privacy",
        "html",
        before_paragraph(picture("https://track.example.net/o.gif", 1, 1)),
    ),
    BadCopy(
        "health word in subject of a copy", "privacy", "subject", header("Subject", "After your session")
    ),
    BadCopy(
        "health word in sender",
        "privacy",
        "sender",
        header("From", '"Willow Lane Massage" <hello@willowlane.example.com>'),
    ),
    BadCopy(
        "health word in list id", "privacy", "headers", header("List-ID", "<trauma.willowlane.example.com>")
    ),
    BadCopy("health word in a header", "privacy", "headers", header("X-Outcome", "emotional release")),
]

LANGUAGE = [
    BadCopy("link that says click here", "language", "html", swap(">Walking</a>", ">Click here</a>")),
    BadCopy("link that says read more", "language", "html", swap(">Walking</a>", ">Read more</a>")),
]

PREHEADER = [
    BadCopy(
        "no preheader", "preheader", "preheader", without(r'<div style="display:none;max-height:0.*?</div>')
    ),
    BadCopy(
        "long subject of a copy",
        "preheader",
        "subject",
        header("Subject", "A short walk, if it suits, " * 2 + "or"),
    ),
]

DARK = [
    BadCopy("no color-scheme", "dark", "html", swap('<meta name="color-scheme" content="light dark" />', "")),
    BadCopy(
        "no supported-color-schemes",
        "dark",
        "html",
        swap('<meta name="supported-color-schemes" content="light dark" />', ""),
    ),
    BadCopy("no dark block", "dark", "html", without(r"@media \(prefers-color-scheme:dark\)\{.*?\n\}\n")),
]

COPIES = [
    *ACCESSIBILITY, *STRUCTURE, *IMAGES, *TEXT_PART, *HEADERS, *BODY, *SIZE, *FEATURES, *SPAM, *PRIVACY,
    *LANGUAGE, *PREHEADER, *DARK,
]  # fmt: skip
