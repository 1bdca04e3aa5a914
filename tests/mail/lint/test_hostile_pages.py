"""Pages that try to keep the lints busy, or to make them fall over."""

import pytest

from aftercare.errors import ContentError
from aftercare.mail.lint import check
from aftercare.mail.lint.dom import parse
from aftercare.mail.lint.letter import from_bytes
from aftercare.mail.lint.styles import declared, matches, read_css

HEAD = "From: a <a@b.example>\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "body",
    [
        "<!--" * 100_000,
        "<![CDATA[" * 50_000,
        "<" * 50_000,
        "<a " + "x=y " * 50_000,
        "<p style='" + "(" * 100_000 + "'>x",
        "<style>" + "a{" * 50_000 + "</style>",
        "</b>" * 20_000,
        "<a href='http://[x'>x</a><a href='https://[::1'>y</a><img src='//['>",
        "\x00\ufffe<p>\ud83d</p>".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    ],
    ids=["comments", "cdata", "signs", "attributes", "brackets", "braces", "ends", "addresses", "odd signs"],
)
def test_a_strange_page_is_answered_soon_and_scores_badly(body: str) -> None:
    assert check([from_bytes((HEAD + body).encode(), "strange.eml")]).score < 80


@pytest.mark.parametrize("body", ["<div>" * 1000, "<br>" * 30_000])
def test_a_page_without_end_is_refused(body: str) -> None:
    with pytest.raises(ContentError, match=r"^strange.eml: the HTML "):
        from_bytes((HEAD + body).encode(), "strange.eml")


@pytest.mark.parametrize(
    "head",
    [
        "From: =?x\nTo: <<<>\nDate: zz\nMessage-ID: [\nReply-To: @\nList-Unsubscribe: <https://[>\n",
        "From:\nSubject: =?utf-8?b?====?=\n",
        "Date: Mon, 99 Nov 2026 99:99:99 +9999\nFrom: \x01\n",
    ],
)
def test_broken_headers_are_findings_or_a_clear_refusal(head: str) -> None:
    raw = f"{head}Content-Type: text/html\n\n<p>Hello</p>".encode()
    refusal, rows = "strange.eml: is not an email", {"headers"}
    try:
        rows = {finding.row for finding in check([from_bytes(raw, "strange.eml")]).findings}
    except ContentError as error:
        refusal = str(error)
    assert refusal.startswith("strange.eml: ")
    assert "headers" in rows


@pytest.mark.parametrize(
    ("selector", "means"),
    [
        ("p", True),
        (".sheet p", True),
        (".sheet>td>p", True),
        (".sheet > p", False),
        ("div.sheet p.muted", True),
        ("p.other", False),
        ("#it", True),
        ("[data-ogsc] p", False),
        ("p:hover", False),
        ("*", True),
        (":root p", False),
    ],
)
def test_selectors_mean_what_they_mean_in_a_browser(selector: str, means: bool) -> None:
    page = parse('<div class="sheet"><td><p id="it" class="muted">x</p></td></div>')
    [node] = page.every("p")
    assert matches(node, selector) is means


def test_a_sheet_is_read_with_its_media() -> None:
    css = "/* p{} */ p,a{color:red} @media (prefers-color-scheme: dark){p{color:white}} @font-face{src:x}"
    assert [(rule.media, rule.selector) for rule in read_css(css)] == [
        ("", "p"),
        ("", "a"),
        ("(prefers-color-scheme: dark)", "p"),
    ]
    assert declared("Color: RED; background:url(data:a;b)") == [
        ("color", "RED"),
        ("background", "url(data:a,b)"),
    ]


@pytest.mark.parametrize(
    ("html", "faults"),
    [
        ("<p>a<p>b<ul><li>c<li>d</ul>", ()),
        ("<br/><img><hr>", ()),
        ("<div><b>a</div>", ("<b> is never closed",)),
        ("a</span>", ("</span> closes nothing",)),
        ("<!-- a", ()),
        ("<table><tr><td>a<tr><td>b</table>", ()),
    ],
)
def test_only_tags_that_must_be_closed_are_missed(html: str, faults: tuple[str, ...]) -> None:
    assert parse(html).faults == faults
