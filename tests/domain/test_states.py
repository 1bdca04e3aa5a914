"""The table of moves is design section 4, no more and no less."""

import pytest

from aftercare.domain.states import CANCELLABLE, FINAL, MOVES, IllegalMove, MessageState, check_move

DESIGN = {
    "planned": "claimed held skipped cancelled",
    "claimed": "planned held transmitting skipped cancelled failed",
    "transmitting": "sent planned failed unknown",
    "unknown": "sent planned held skipped",
    "held": "planned skipped cancelled",
    "sent": "",
    "skipped": "",
    "cancelled": "",
    "failed": "",
}


@pytest.mark.parametrize("old", MessageState)
@pytest.mark.parametrize("new", MessageState)
def test_a_move_is_legal_only_where_the_table_has_it(old: MessageState, new: MessageState) -> None:
    if new in DESIGN[old].split():
        check_move(old, new)
    else:
        with pytest.raises(IllegalMove, match=f"{old} cannot become {new}"):
            check_move(old, new)


def test_what_is_planned_claimed_or_held_can_be_taken_back_and_nothing_that_may_be_on_the_wire() -> None:
    assert set(CANCELLABLE) == {MessageState.PLANNED, MessageState.CLAIMED, MessageState.HELD}


def test_final_states_have_no_way_out() -> None:
    assert {"sent", "skipped", "cancelled", "failed"} == FINAL
    assert set(MOVES) == set(MessageState)
