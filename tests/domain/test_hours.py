"""When a clinic is open, on its own wall clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.domain.hours import DAYS, Hours, from_words
from aftercare.errors import InvalidInput

LONDON = ZoneInfo("Europe/London")
OFFICE = Hours.parse(dict.fromkeys(DAYS[:5], "09:00-12:30, 13:30-17:00"), ["2026-11-24"])
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")


def at(text: str) -> datetime:
    """An instant, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00"),
        ("2026-11-23T08:59", "2026-11-23T09:00"),
        ("2026-11-23T12:30", "2026-11-23T13:30"),
        ("2026-11-23T17:00", "2026-11-25T09:00"),  # the Tuesday is a holiday
        ("2026-11-27T18:00", "2026-11-30T09:00"),
        ("2026-03-27T18:00", "2026-03-30T08:00"),  # summer time begins at the weekend
    ],
)
def test_it_opens_next_on_the_clinics_own_clock(now: str, opens: str) -> None:
    assert OFFICE.next_opening(at(now), LONDON) == at(opens)


def test_two_working_hours_are_counted_over_lunch_nights_weekends_and_holidays() -> None:
    two = timedelta(hours=2)
    assert OFFICE.after(at("2026-11-23T11:30"), two, LONDON) == at("2026-11-23T14:30")
    assert OFFICE.after(at("2026-11-23T16:00"), two, LONDON) == at("2026-11-25T10:00")
    assert OFFICE.after(at("2026-11-28T03:00"), two, LONDON) == at("2026-11-30T11:00")
    assert OFFICE.working_time(at("2026-11-23T00:00"), at("2026-11-30T00:00"), LONDON) == timedelta(hours=28)


def test_a_clinic_that_never_opens_says_so_and_does_not_search_for_ever() -> None:
    never = Hours()
    assert never.next_opening(at("2026-11-23T10:00"), LONDON) is None
    assert never.after(at("2026-11-23T10:00"), timedelta(hours=2), LONDON) is None
    assert not never.ever_open


def test_it_closes_at_the_end_of_the_span_it_is_in() -> None:
    assert OFFICE.closing(at("2026-11-23T10:00"), LONDON) == at("2026-11-23T12:30")
    assert OFFICE.closing(at("2026-11-23T13:00"), LONDON) is None


@pytest.mark.parametrize(
    ("words", "week"),
    [
        ("Monday to Friday, 9:00 to 17:00", dict.fromkeys(DAYS[:5], "09:00-17:00")),
        ("mon-sat 08:30-18:00", dict.fromkeys(DAYS[:6], "08:30-18:00")),
        ("Tuesday, 10:00 – 16:00", {"tue": "10:00-16:00"}),
    ],
)
def test_common_words_for_hours_are_understood(words: str, week: dict[str, str]) -> None:
    found = from_words(words)
    assert found is not None
    assert found.written() == week


NOT_HOURS = ("", "by appointment", "Monday to Friday", "Moonday, 9:00 to 17:00", "Sun to Mon, 9:00 to 8:00")


@pytest.mark.parametrize("words", NOT_HOURS)
def test_words_that_say_something_else_are_not_guessed_at(words: str) -> None:
    assert from_words(words) is None


@pytest.mark.parametrize(
    ("week", "closed", "field"),
    [
        ({"mon": "nine to five"}, [], "mon"),
        ({"mon": "17:00-09:00"}, [], "mon"),
        ({"tue": "09:00-12:00, 11:00-13:00"}, [], "tue"),
        ({"wed": "09:00-25:00"}, [], "wed"),
        ({"someday": "09:00-17:00"}, [], "hours"),
        ({}, ["Christmas"], "closed"),
    ],
)
def test_what_cannot_be_hours_is_refused_by_day(week: dict[str, str], closed: list[str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Hours.parse(week, closed)
    assert refused.value.field == field


def spans_of_a_day() -> st.SearchStrategy[tuple[tuple[time, time], ...]]:
    """Up to two spans, on the quarter, the last perhaps up to midnight."""
    quarters = st.lists(st.integers(0, 96), min_size=0, max_size=4, unique=True).map(sorted)
    return quarters.map(
        lambda q: tuple((_quarter(q[i]), _quarter(q[i + 1])) for i in range(0, len(q) - len(q) % 2, 2))
    )


def _quarter(number: int) -> time:
    return time(number // 4 % 24, number % 4 * 15)


hours_of_all_kinds = st.builds(
    Hours,
    st.tuples(*[spans_of_a_day()] * 7),
    st.frozensets(st.dates(date(2026, 3, 20), date(2026, 4, 10)), max_size=3),
)
instants = st.integers(0, 30 * 1440).map(lambda minutes: at("2026-03-15T00:00") + timedelta(minutes=minutes))
kinds = given(hours=hours_of_all_kinds, start=instants, zone=st.sampled_from(ZONES).map(ZoneInfo))


@settings(max_examples=80, deadline=None)
@kinds
def test_the_next_opening_is_open_and_nothing_before_it_is(
    hours: Hours, start: datetime, zone: ZoneInfo
) -> None:
    opens = hours.next_opening(start, zone)
    if opens is None:
        assert not hours.ever_open
        return
    assert opens >= start
    assert hours.is_open(opens, zone)
    assert hours.working_time(start, opens, zone) == timedelta(0)


@settings(max_examples=80, deadline=None)
@kinds
def test_working_time_adds_up_and_never_exceeds_what_went_by(
    hours: Hours, start: datetime, zone: ZoneInfo
) -> None:
    middle, end = start + timedelta(hours=31), start + timedelta(days=5)
    parts = hours.working_time(start, middle, zone) + hours.working_time(middle, end, zone)
    assert hours.working_time(start, end, zone) == parts <= end - start


@settings(max_examples=80, deadline=None)
@kinds
def test_so_much_working_time_later_is_exactly_so_much_later(
    hours: Hours, start: datetime, zone: ZoneInfo
) -> None:
    later = hours.after(start, timedelta(hours=2), zone)
    if later is not None:
        assert hours.working_time(start, later, zone) == timedelta(hours=2)


@settings(max_examples=50, deadline=None)
@given(hours=hours_of_all_kinds)
def test_what_is_written_is_read_again_the_same(hours: Hours) -> None:
    assert Hours.parse(hours.written()).week == hours.week
