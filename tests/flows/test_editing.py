"""Edits of a sequence, and what is said about each of them."""

from collections.abc import Callable

import pytest

from aftercare.errors import AftercareError, ContentError, InvalidInput, NotFound
from aftercare.flows import editing
from aftercare.flows.differences import between
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.mail.blocks import KINDS
from aftercare.mail.blocks.support import Support
from tests.flows.shelf import all_shipped, shipped, with_head

Edit = Callable[[SequenceFiles], SequenceFiles]
PEN = "two-minutes-with-a-pen"
WALK = "short-walk"


def edit(verb: Callable[..., SequenceFiles], *words: object, **options: object) -> Edit:
    """The edit as a function of the files alone."""
    return lambda files: verb(files, *words, **options)


def named(number: int) -> str:
    """How sentences name a shipped step."""
    files = shipped()
    return f"Step {number} ({files.emails[files.spec.steps[number - 1].key].subject})"


ONE, TWO, THREE, FIVE = (named(number) for number in (1, 2, 3, 5))
WALKING = shipped().emails[WALK].subject
AFTER_STRONG = "when a session is logged in which strong feelings came up"

WELCOME = "the text “Thank you for coming to see...”"
NOTE = "the text “Write here what you would say.”"
WAITS = f"{ONE}: its text in “es” waits until it has the same blocks; they get English"
SAID: list[tuple[Edit, list[str]]] = [
    (
        edit(editing.set_wait, PEN, {"days": 2, "at": "18:00", "else_at": None}),
        [f"{TWO}: goes out 2 days after the visit at 18:00, was 1 day after the visit at 18:00"],
    ),
    (
        edit(editing.set_options, WALK, {"only_on": ["mon", "tue"], "max_late": "6h", "uncapped": False}),
        [f"{THREE}: now only Mon and Tue; now left out when more than 6 hours late"],
    ),
    (edit(editing.set_options, WALK, {"only_on": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}), []),
    (
        edit(editing.set_options, "evening-plan", {"every_visit": False}),
        [f"{ONE}: no longer sent again on every visit"],
    ),
    (
        edit(editing.set_lines, WALK, subject="Out for a bit"),
        [f"Subject of step 3 changes from “{WALKING}” to “Out for a bit”"],
    ),
    (
        edit(editing.move_step, "how-are-things", 2),
        [f"{FIVE.replace('Step 5', 'Step 2')} is moved from place 5 to 2"],
    ),
    (edit(editing.remove_step, WALK), [f"{THREE} is removed"]),
    (
        edit(
            editing.add_step, subject="Rest, {{ run.days }} days on!", wait={"days": 4, "at": "09:00"}, to=4
        ),
        ["Step 4 (Rest, {{ run.days }} days on!) is new: goes out 4 days after the visit at 09:00"],
    ),
    (
        edit(with_head, {"name": "Afterwards", "repeat_after": None}),
        [
            "The name for staff changes from “After your visit” to “Afterwards”",
            "The time until the whole series may come again changes from 60 days to nothing",
        ],
    ),
    (
        edit(with_head, {"trigger": {"on": "session.logged", "outcome": "strong_feelings"}}),
        [f"What starts it changes from when an ordinary session is logged to {AFTER_STRONG}"],
    ),
    (
        edit(editing.set_block, "evening-plan", "hello", {"text": "Hello again,"}),
        [f"{ONE}, the greeting “Hello there,”: text changed"],
    ),
    (
        edit(editing.set_block, "evening-plan", "welcome", {"when": None, "covers": ["D03"]}),
        [
            f"{ONE}, {WELCOME}: other source items covered; shown always, was only on a first run",
            WAITS,
        ],
    ),
    (
        edit(editing.move_block, "evening-plan", "support", 1),
        [f"{ONE}: the block “Support at any hour” is moved from place 9 to 1", WAITS],
    ),
    (
        edit(editing.remove_block, "evening-plan", "run"),
        [f"{ONE}: the block “How many emails come” is removed", WAITS],
    ),
    (
        edit(editing.add_block, "evening-plan", "note", to=2),
        [f"{ONE}: {NOTE} is new", WAITS],
    ),
]


@pytest.mark.parametrize(("change", "sentences"), SAID)
def test_an_edit_is_told_in_words_and_can_be_taken_back(change: Edit, sentences: list[str]) -> None:
    before = shipped()
    after = change(before)
    assert sorted(one.sentence for one in between(before, after)) == sorted(sentences)
    taken_back = [sentence for sentence in sentences if sentence != WAITS]
    assert len(between(after, before)) == len(taken_back)
    assert before == shipped(), "an edit changes nothing but its own value"


def test_a_changed_text_is_shown_before_and_after() -> None:
    before = shipped()
    after = editing.set_block(before, "evening-plan", "hello", {"text": "Hello again,"})
    change = between(before, after)[0]
    assert (change.step, change.block, change.kind) == ("evening-plan", "hello", "block")
    assert (change.old, change.new) == ("Hello {{ first_name | there }},", "Hello again,")


@pytest.mark.parametrize(
    ("change", "error", "names"),
    [
        (edit(editing.set_wait, WALK, {"days": -1}), ContentError, r"step 3 \(short-walk\).wait.days"),
        (edit(editing.set_wait, WALK, {"days": 1, "at": "25:00"}), ContentError, r"short-walk\).wait.at"),
        (edit(editing.set_wait, WALK, {}), ContentError, "exactly one of"),
        (edit(editing.set_wait, "rest", {"days": 1}), NotFound, "no step 'rest'"),
        (edit(editing.set_options, WALK, {"only_on": ["someday"]}), ContentError, "only_on"),
        (edit(editing.set_options, WALK, {"key": "walk"}), InvalidInput, "key"),
        (edit(editing.set_options, WALK, {"colour": "red"}), ContentError, "colour"),
        (edit(editing.set_lines, WALK, subject=""), ContentError, r"step 3 \(short-walk\): subject"),
        (edit(editing.set_lines, WALK, preheader="Hello {{ first_name | you }}"), ContentError, "preheader"),
        (edit(editing.set_block, WALK, "hello", {"text": "Hi {{ first_name }}"}), ContentError, "fallback"),
        (edit(editing.set_block, WALK, "hello", {"text": None}), ContentError, "text: is missing"),
        (edit(editing.set_block, WALK, "hello", {"type": "note"}), InvalidInput, "type"),
        (edit(editing.set_block, WALK, "nothing", {}), NotFound, "block"),
        (edit(editing.add_block, WALK, "poem"), InvalidInput, "type"),
        (edit(editing.move_block, WALK, "hello", 0), InvalidInput, "position from 1"),
        (edit(editing.move_step, WALK, 6), InvalidInput, "position from 1 to 5"),
        (edit(editing.add_step, subject="  "), ContentError, "subject"),
    ],
)
def test_what_cannot_be_is_refused_by_name(change: Edit, error: type[AftercareError], names: str) -> None:
    with pytest.raises(error, match=names):
        change(shipped())


def test_the_last_step_stays() -> None:
    files = shipped()
    *others, last = [step.key for step in files.spec.steps]
    for key in others:
        files = editing.remove_step(files, key)
    with pytest.raises(InvalidInput, match="at least one"):
        editing.remove_step(files, last)


def test_a_step_is_named_after_its_subject_and_no_two_alike() -> None:
    files = shipped()
    for subject in ("A Short   Walk", "A short walk!", "Sequence", "…", "Ça va? Très bien, merci"):
        files = editing.add_step(files, subject=subject)
    added = [step.key for step in files.spec.steps][5:]
    assert added == ["a-short-walk", "a-short-walk-2", "sequence-2", "email", "a-va-tr-s-bien-merci"]
    assert editing.set_lines(files, "email", subject="Rest").emails["email"].subject == "Rest"


def test_a_new_step_goes_out_the_day_after_the_last_one() -> None:
    added = editing.add_step(shipped(), subject="Rest").raw["steps"][-1]
    assert added["wait"] == {"days": 11, "at": "10:00"}


@pytest.mark.parametrize("slug", ["after-your-visit", "after-a-tender-visit"])
def test_a_new_email_names_whom_to_reach_as_fully_as_its_neighbours(slug: str) -> None:
    added = editing.add_step(shipped(slug), subject="Rest").emails["rest"]
    assert [block.style for block in added.blocks if isinstance(block, Support)] == ["full"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_block_of_each_kind_can_be_added_twice_with_something_to_begin_with(kind: str) -> None:
    files = editing.add_block(editing.add_block(shipped(), WALK, kind), WALK, kind, to=1)
    blocks = files.emails[WALK].blocks
    assert blocks[0].type == blocks[-1].type == kind
    assert blocks[0].key != blocks[-1].key


def test_the_same_content_shows_no_difference() -> None:
    assert [one for files in all_shipped() for one in between(files, files)] == []


def test_against_nothing_every_step_is_new() -> None:
    assert [one.kind for one in between(None, shipped())] == ["step_added"] * 5


def test_as_few_steps_as_possible_are_said_to_have_moved() -> None:
    before = shipped()
    first, *others = [step.key for step in before.spec.steps]
    after = editing.move_step(before, first, 5)
    assert [one.step for one in between(before, after)] == [first]
    assert [one.step for one in between(after, before)] == [first]
    assert others == [step.key for step in after.spec.steps][:4]
