import re
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.errors import InvalidInput
from aftercare.mail.colours import Colours, contrast
from tests.mail.letters import THEME


def test_a_theme_of_the_same_content_has_the_same_version() -> None:
    assert replace(THEME).version == THEME.version
    assert replace(THEME, colours=Colours(brand="#1f5f57")).version != THEME.version
    for name in ("clinic_name", "hours", "postal_address", "sender_name"):
        assert replace(THEME, **{name: "other"}).version != THEME.version


@pytest.mark.parametrize(
    "url", ["http://a.example", "ftp://a.example", "//a.example", 'https://a"b', "https://a b", ""]
)
@pytest.mark.parametrize("name", ["public_base_url", "logo_url"])
def test_links_are_https(name: str, url: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{name}: "):
        replace(THEME, **{name: url})


def test_only_the_links_of_a_sandbox_are_plain_http() -> None:
    here = "http://127.0.0.1:8000"
    assert replace(THEME, public_base_url=here).public_base_url == here
    with pytest.raises(InvalidInput, match=r"^logo_url: "):
        replace(THEME, logo_url=here)


@pytest.mark.parametrize("mark", ["\x00", "\r", "\t", "\x7f", "\u2028", "\ue000", "\ud800"], ids=ascii)
def test_texts_hold_no_odd_characters(mark: str) -> None:
    with pytest.raises(InvalidInput, match=r"^clinic_name: "):
        replace(THEME, clinic_name=f"Willow{mark}House")


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("colour", "value"),
    [("brand", "#88ccbb"), ("ink", "#999999"), ("muted", "#888888"), ("brand_dark", "#1f5f56")],
)
def test_a_palette_that_cannot_be_read_is_refused(colour: str, value: str) -> None:
    with pytest.raises(
        InvalidInput, match=rf"^{colour}: has contrast .* needs 4\.5:1; make it (lighter|darker)$"
    ):
        Colours(**{colour: value})


HEX = re.compile("#[0-9A-Fa-f]{6}")


@given(
    st.sampled_from([f.name for f in fields(Colours)]),
    st.text(max_size=30).filter(lambda text: not HEX.fullmatch(text)),
)
def test_nothing_but_hex_gets_into_a_style_sheet(name: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{name}: must be a colour"):
        Colours(**{name: value})
