from email import message_from_string
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.errors import InvalidInput
from aftercare.mail import headers

LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=300)
BREAKS = ["\r", "\n", "\r\n", "\x00", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\ud800"]
WRITERS = {
    "Subject": lambda text: headers.unstructured("Subject", text),
    "From": lambda text: headers.mailbox("From", text, "a@b.example"),
    "List-ID": lambda text: headers.structured("List-ID", text),
}


@given(LINE)
def test_every_subject_comes_back_from_lines_of_at_most_76(subject: str) -> None:
    written = headers.unstructured("Subject", subject)
    lines = written.split("\r\n")
    assert all(len(line) <= 76 for line in lines)
    assert "?==?" not in written
    read = message_from_string(written + "\r\n", policy=default)["Subject"]
    assert " ".join(str(read).split()) == " ".join(subject.split())
    assert not read.defects


@given(LINE)
def test_every_display_name_comes_back_beside_its_address(name: str) -> None:
    written = headers.mailbox("From", name, "hello@willow.example")
    (sender,) = message_from_string(written + "\r\n", policy=default)["From"].addresses
    assert sender.addr_spec == "hello@willow.example"
    # The standard library's reader puts a space between adjacent encoded words of a phrase; others do not.
    assert "".join(sender.display_name.split()) == "".join(name.split())
    assert written.isascii()


@pytest.mark.parametrize("mark", BREAKS, ids=ascii)
@pytest.mark.parametrize("name", WRITERS)
def test_no_value_can_start_a_header_of_its_own(name: str, mark: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        WRITERS[name](f"Hello{mark}Bcc: eve@evil.example")


def test_a_name_in_several_scripts_is_cut_between_characters() -> None:
    written = headers.mailbox("From", "Praxis Müller 東京クリニック " * 6, "a@b.example")
    words = [word for line in written.split("\r\n") for word in line.split() if word.startswith("=?")]
    assert len(words) > 3
    assert all(len(word) <= 75 for word in words)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@BÜCHER.example", "ann@xn--bcher-kva.example"),
        ("ann+tag@example.org", "ann+tag@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("ann@例え.jp", "ann@xn--r8jz45g.jp"),
    ],
)
def test_a_domain_travels_as_a_labels(address: str, written: str) -> None:
    assert headers.ascii_address("To", address) == written


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "@willow.example",
        "ann@",
        "a b@example.org",
        "jörg@example.org",
        "a@b@c",
        "a@b>,<c@d",
        "ann@exa mple",
        "<ann@example.org>",
        "a..b@example.org",
        ".a@example.org",
        "x" * 65 + "@a.b",
        "ann@a\r\nBcc: b@c",
        "a@-b-.c",
        "ann@example.org, eve@evil.example",
        '"ann b"@example.org',
        "ann@[127.0.0.1]",
        "ann@a..b",
    ],
)
def test_an_address_that_cannot_travel_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        headers.ascii_address("To", address)
    assert not address or address not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/u",
        "https://a b",
        "https://a>b",
        'https://a"b',
        "javascript:alert(1)",
        "https://ä.b/c",
        "http://127.0.0.1.a.example/u/1234",
        "http://localhost@a.example/u/1234",
        "http://127.0.0.1:8000@a.example/u/1234",
    ],
)
def test_only_plain_https_links_are_written(url: str) -> None:
    with pytest.raises(InvalidInput, match="unsubscribe_url"):
        headers.https_url("unsubscribe_url", url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/u/1234", "http://localhost/u/1234"])
def test_a_link_of_a_sandbox_leads_to_the_readers_own_computer(url: str) -> None:
    assert headers.https_url("unsubscribe_url", url) == url


def test_a_long_unsubscribe_link_stays_whole() -> None:
    link = f"<https://willow.example/u/{'a' * 170}>"
    assert headers.structured("List-Unsubscribe", link) == f"List-Unsubscribe: {link}\r\n"
