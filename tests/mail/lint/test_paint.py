"""The colours and sizes that words end up in."""

import pytest

from aftercare.mail.lint.dom import parse
from aftercare.mail.lint.paint import colour_of, painted

PAGE = """<html><head><style>p{color:#222222} .x{color:#333333!important}
@media (prefers-color-scheme:dark){body{background:#101010!important} .x{color:#eeeeee!important}}</style>
</head>
<body style="background:#ffffff"><p class="x" style="color:#444444">a</p><p>b</p>
<div style="display:none">c</div><h1 style="font-size:2em"><b>d</b></h1></body></html>"""


def test_importance_scheme_and_inheritance_decide() -> None:
    day = {one.node.own_text: one.paint for one in painted(parse(PAGE), "light")}
    night = {one.node.own_text: one.paint for one in painted(parse(PAGE), "dark")}
    assert (day["a"].ink, day["a"].ground) == ("#333333", "#ffffff")
    assert (night["a"].ink, night["a"].ground) == ("#eeeeee", "#101010")
    assert (day["b"].ink, night["b"].ground) == ("#222222", "#101010")
    assert day["d"].size == 32
    assert day["d"].large
    assert "c" not in day


@pytest.mark.parametrize(
    ("said", "colour"),
    [
        ("#abc", "#aabbcc"),
        ("#AABBCC", "#aabbcc"),
        ("white", "#ffffff"),
        ("rgb(255, 0, 16)", "#ff0010"),
        ("rgba(0,0,0,0.5)", None),
        ("#fff url(x.png)", None),
        ("papayawhip-ish", None),
        ("", None),
    ],
)
def test_a_colour_is_read_where_it_is_certain(said: str, colour: str | None) -> None:
    assert colour_of(said) == colour


def test_what_lets_its_ground_through_is_as_pale_as_it_looks() -> None:
    page = '<body><div style="opacity:.5"><p style="color:#000000;opacity:40%">a</p></div><p>b</p></body>'
    seen = {one.node.own_text: one.paint.ink_seen for one in painted(parse(page), "light")}
    assert seen == {"a": "#cccccc", "b": "#000000"}
