import pytest

from aftercare.errors import ConfigurationError
from aftercare.mail.senders.relay import Relay, Tls, parse_relay


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://127.0.0.1:2525", Relay("127.0.0.1", 2525, Tls.NEVER)),
        ("smtp://localhost", Relay("localhost", 587, Tls.NEVER)),
        ("smtp://[::1]:25", Relay("::1", 25, Tls.NEVER)),
        ("smtp://mail.example", Relay("mail.example", 587, Tls.REQUIRED)),
        ("smtp://mail.example?starttls=if-offered", Relay("mail.example", 587, Tls.IF_OFFERED)),
        ("smtp://mail.example:25?starttls=never", Relay("mail.example", 25, Tls.NEVER)),
        ("smtp://localhost?starttls=required", Relay("localhost", 587, Tls.REQUIRED)),
        ("smtps://mail.example", Relay("mail.example", 465, Tls.FROM_START)),
        (
            "smtp://a%40b:p%3Aq%2F@mail.example?ca=/etc/ca.pem&name=app.example",
            Relay("mail.example", 587, Tls.REQUIRED, "a@b", "p:q/", "/etc/ca.pem", "app.example"),
        ),
    ],
)
def test_a_url_says_where_and_how(url: str, relay: Relay) -> None:
    assert parse_relay(url) == relay


def test_the_url_may_say_another_name_than_ours() -> None:
    assert parse_relay("smtp://mail.example", "clinic.example").ehlo_name == "clinic.example"
    assert parse_relay("smtp://mail.example?name=host.example", "clinic.example").ehlo_name == "host.example"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example:25",
        "http://mail.example",
        "smtp://",
        "smtp://u:secret@mail.example:99999",
        "smtp://u:secret@[::1",
        "smtp://u:secret@mail.example?starttls=maybe",
        "smtps://u:secret@mail.example?starttls=never",
        "smtp://u:secret@mail.example?tls=1",
        "smtp://u:secret@mail.example?name=a%0D%0AMAIL",
    ],
)
def test_a_wrong_url_is_refused_without_showing_the_password(url: str) -> None:
    with pytest.raises(ConfigurationError, match="AFTERCARE_SMTP_URL") as refusal:
        parse_relay(url)
    assert "secret" not in str(refusal.value)


def test_the_password_is_not_in_the_relays_repr() -> None:
    assert "secret" not in repr(parse_relay("smtp://u:secret@mail.example"))
