"""Who gets an issue: every subscriber has one fate, and the numbers add up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.newsletters import NOTHING, REASONS, Quiet, Subscriber, count, fate, quiet_reason
from aftercare.domain.segments import Segment
from aftercare.errors import InvalidInput

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
INSTANTS = st.none() | st.integers(-400, 400).map(lambda hours: TEN + timedelta(hours=hours))
SUBSCRIBERS = st.builds(
    Subscriber,
    client_id=st.text(min_size=1, max_size=4),
    in_segment=st.booleans(),
    suppressed=st.booleans(),
    stopped=st.booleans(),
    held=st.booleans(),
    paused_until=INSTANTS,
    quiet=st.builds(Quiet, st.booleans(), INSTANTS, INSTANTS),
    asked=st.just(TEN),
    at=st.integers(0, 72).map(lambda hours: TEN + timedelta(hours=hours)),
    no_place=st.none() | st.sampled_from(["capped", "less_often"]),
)


@given(st.lists(SUBSCRIBERS, max_size=30))
def test_the_numbers_add_up_to_the_subscribers(people: list[Subscriber]) -> None:
    fates = [fate(one) for one in people]
    found = count(fates)
    assert found.subscribers == len(people) == found.going + sum(found.left_out.values())
    assert set(found.left_out) <= set(REASONS)
    assert found.later <= found.going
    for one, became in zip(people, fates, strict=True):
        in_the_way = (
            not one.in_segment
            or one.suppressed
            or one.stopped
            or one.held
            or one.no_place is not None
            or (one.paused_until is not None and one.at < one.paused_until)
            or quiet_reason(one.quiet, one.at) is not None
        )
        assert (became.reason is not None) == in_the_way


@pytest.mark.parametrize(
    ("quiet", "reason"),
    [
        (NOTHING, None),
        (Quiet(support=True, visit_until=TEN + timedelta(days=1)), "support_path"),
        (Quiet(tender_until=TEN + timedelta(seconds=1), visit_until=TEN + timedelta(days=1)), "tender_path"),
        (Quiet(tender_until=TEN), None),
        (Quiet(visit_until=TEN + timedelta(seconds=1)), "recent_visit"),
        (Quiet(visit_until=TEN), None),
    ],
)
def test_newsletters_keep_away_until_the_very_instant(quiet: Quiet, reason: str | None) -> None:
    assert quiet_reason(quiet, TEN) == reason


@pytest.mark.parametrize(
    "conditions",
    [
        {"language": "en", "country": "GB", "therapist": "sta_x", "finished": "after-your-visit"},
        {"visited_since": "2026-01-31", "not_visited_since": "2026-11-01"},
        {},
    ],
)
def test_a_segment_is_stored_as_it_was_written(conditions: dict[str, str]) -> None:
    assert Segment.parse(conditions).to_json() == conditions
    assert Segment.parse({**conditions, "country": conditions.get("country", "")}).to_json() == conditions


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        ({"country": "gb"}, "country"),
        ({"language": "'; drop table client; --"}, "language"),
        ({"visited_since": "31.1.2026"}, "visited_since"),
        ({"finished": "a b"}, "finished"),
        ({"therapist": 7}, "therapist"),
        ({"age": "40"}, "age"),
    ],
)
def test_any_other_condition_is_refused_by_name(conditions: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Segment.parse(conditions)
    assert caught.value.field == field
