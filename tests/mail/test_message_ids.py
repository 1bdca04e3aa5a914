import re

from aftercare.mail.message_ids import bounce_address, boundary, message_id


def test_the_same_row_gets_the_same_names_and_another_row_others() -> None:
    assert message_id(b"k", "msg_1", "a.example") == message_id(b"k", "msg_1", "a.example")
    names = {
        f(b"k", row) for row in ("msg_1", "msg_2") for f in (boundary, lambda k, r: message_id(k, r, "a.b"))
    }
    assert len(names) == 4
    assert message_id(b"other", "msg_1", "a.example") != message_id(b"k", "msg_1", "a.example")


def test_a_message_id_has_the_house_form_and_hides_the_row() -> None:
    text = message_id(b"k", "msg_1", "mail.willow.example")
    assert re.fullmatch(r"<ac\.[a-z2-7]{26}@mail\.willow\.example>", text)
    assert "msg_1" not in text


def test_a_boundary_cannot_occur_in_quoted_printable_text() -> None:
    assert "=_" in boundary(b"k", "msg_1")
    assert len(boundary(b"k", "msg_1")) <= 70


def test_a_bounce_address_names_its_message_and_nothing_else() -> None:
    text = message_id(b"k", "msg_1", "mail.willow.example")
    assert bounce_address(text) == text.strip("<>").replace("ac.", "bounce.")
