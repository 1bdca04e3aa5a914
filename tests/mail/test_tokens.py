import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.errors import InvalidInput, NotFound
from aftercare.mail.tokens import BadToken, Purpose, Token, TokenKeys, read, sign

CLIENT = "cli_abcdefghijklmnopqrstuv23"
KEYS = TokenKeys({1: b"a" * 32, 2: b"b" * 32}, current=2)
CLIENTS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=24, max_size=24).map("cli_{}".format)
TOPICS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_.-*", min_size=1, max_size=40)


@given(st.sampled_from(Purpose), CLIENTS, TOPICS, st.integers(0, 2**32 - 1))
def test_a_token_says_what_was_signed(purpose: Purpose, client: str, topic: str, epoch: int) -> None:
    text = sign(KEYS, purpose, client, topic, epoch)
    assert read(KEYS, text) == Token(purpose, client, topic, epoch, key_id=2)
    assert len(text) <= 120
    assert "cli_" not in text


@pytest.mark.parametrize("topic", ["*", "aftercare", "newsletter", "t" * 40])
def test_a_flipped_bit_makes_a_token_bad(topic: str) -> None:
    text = sign(KEYS, Purpose.UNSUBSCRIBE, CLIENT, topic, 7)
    for index in range(len(text)):
        for bit in range(7):
            forged = text[:index] + chr(ord(text[index]) ^ (1 << bit)) + text[index + 1 :]
            with pytest.raises(BadToken):
                read(KEYS, forged)


@pytest.mark.parametrize("change", ["{}=", "{}==", " {}", "{}\n", "{}A", "{}AAAA", "{}.", "A{}"])
def test_only_the_canonical_spelling_counts(change: str) -> None:
    with pytest.raises(BadToken):
        read(KEYS, change.format(sign(KEYS, Purpose.VIEW, CLIENT, "*", 0)))


def test_the_last_character_has_no_second_spelling() -> None:
    text = sign(KEYS, Purpose.VIEW, CLIENT, "aftercare", 0)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    good = [last for last in alphabet if _is_good(text[:-1] + last)]
    assert good == [text[-1]]


@pytest.mark.parametrize("text", ["", "A", "é", "\ud800", "unsubscribe", "A" * 52, "_" * 120, "A" * 100_000])
def test_rubbish_is_a_bad_token_and_nothing_worse(text: str) -> None:
    with pytest.raises(BadToken):
        read(KEYS, text)


def test_a_link_to_one_email_names_the_message_and_stays_short() -> None:
    message = "msg_" + "z" * 24
    text = sign(KEYS, Purpose.VIEW, CLIENT, message, 2**32 - 1)
    assert read(KEYS, text).topic == message
    assert len(text) <= 120
    assert "msg_" not in text


def test_an_old_key_still_reads_and_an_unknown_one_does_not() -> None:
    old = sign(TokenKeys({1: b"a" * 32}, current=1), Purpose.UNSUBSCRIBE, CLIENT, "*", 0)
    assert read(KEYS, old).key_id == 1
    with pytest.raises(BadToken):
        read(TokenKeys({2: b"b" * 32}, current=2), old)


def test_a_secret_signs_only_under_its_own_id() -> None:
    elsewhere = sign(TokenKeys({9: b"b" * 32}, current=9), Purpose.UNSUBSCRIBE, CLIENT, "*", 0)
    with pytest.raises(BadToken):
        read(KEYS, elsewhere)


def test_another_secret_under_the_same_id_does_not_read() -> None:
    forged = sign(TokenKeys({2: b"c" * 32}, current=2), Purpose.UNSUBSCRIBE, CLIENT, "*", 0)
    with pytest.raises(BadToken):
        read(KEYS, forged)


def test_a_bad_token_looks_like_any_missing_thing() -> None:
    assert issubclass(BadToken, NotFound)


@pytest.mark.parametrize(
    ("client", "topic", "epoch"),
    [
        ("cli_short", "*", 0),
        (CLIENT.upper(), "*", 0),
        (CLIENT, "", 0),
        (CLIENT, "Ä", 0),
        (CLIENT, "t" * 41, 0),
        (CLIENT, "*", -1),
        (CLIENT, "*", 2**32),
    ],
)
def test_what_a_token_cannot_hold_is_refused(client: str, topic: str, epoch: int) -> None:
    with pytest.raises(InvalidInput):
        sign(KEYS, Purpose.VIEW, client, topic, epoch)


@pytest.mark.parametrize(
    ("keys", "current"), [({1: b"a" * 32}, 2), ({1: b"short"}, 1), ({256: b"a" * 32}, 256), ({}, 0)]
)
def test_keys_that_cannot_sign_are_refused(keys: dict[int, bytes], current: int) -> None:
    with pytest.raises(InvalidInput):
        TokenKeys(keys, current)


def _is_good(text: str) -> bool:
    try:
        read(KEYS, text)
    except BadToken:
        return False
    return True
