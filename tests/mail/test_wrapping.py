from hypothesis import given
from hypothesis import strategies as st

from aftercare.mail.wrapping import stand_in, wrap
from tests.mail.letters import email_of, message_of, part, skeleton_of

MARK = stand_in("0123456789abcdef", 3, 20)
WORDS = st.lists(
    st.sampled_from(["a", "of", "hello", "quietly", "notwithstanding", MARK, f"{MARK},"]), min_size=1
)


@given(WORDS)
def test_lines_fit_once_slots_have_their_likely_width(words: list[str]) -> None:
    lines = wrap(" ".join(words), "- ", "  ").splitlines()
    assert all(len(line.replace(MARK, "n" * 20)) <= 76 for line in lines)
    assert " ".join(" ".join(lines).split()) == "- " + " ".join(words)


def test_slots_that_touch_stay_apart() -> None:
    pair = stand_in("0" * 16, 1, 4) + stand_in("0" * 16, 2, 4)
    assert wrap(pair + pair) == pair + pair


def test_short_numbers_do_not_break_a_line_early() -> None:
    plain = part(message_of(skeleton_of(email_of({"type": "run_note"}))), "plain")
    assert "This is the first of 5 emails over 10 days. You can stop at any time: the" in plain.splitlines()


@given(st.text("abcdefgh ", min_size=1, max_size=20))
def test_names_of_usual_length_keep_text_within_78_columns(name: str) -> None:
    text = "{{ first_name | there }} " * 40
    plain = part(
        message_of(skeleton_of(email_of({"type": "greeting", "text": text})), values={"first_name": name}),
        "plain",
    )
    assert all(len(line) <= 78 or "https://" in line for line in plain.splitlines())
