"""The newsletter's pages: write an issue, see who gets it and who does not, schedule, pause, cancel."""

from datetime import timedelta

from aftercare.clock import SteppedClock
from tests.factories import World
from tests.journeys import issues
from tests.web.staff.colleague import Colleague, colleague
from tests.web.staff.forms import form_to, send

HOME = "/newsletters"
NEWS = ("aftercare", "newsletter")


def begin(owner: Colleague, starter: str = "issue-2") -> tuple[str, str]:
    """Begin an issue; its page and the page where it is written."""
    answer = owner.post(HOME, {"starter": starter})
    editor = answer.headers["location"]
    sequence = editor.rpartition("/steps/")[0]
    return owner.get(sequence).headers["location"], editor


def test_an_issue_is_written_reviewed_and_scheduled_and_the_numbers_add_up(
    world: World, owner: Colleague
) -> None:
    for number in range(3):
        world.add_client(f"reader-{number}@example.com", topics=NEWS)
    here_today = world.add_client(topics=NEWS)
    world.log_session(here_today, world.app.clock.now(), "no_aftercare")
    world.app.drain()
    page, editor = begin(owner)
    assert "Stress and the body, in plain words" in owner.get(HOME).text
    assert "Saved in the draft." in send(
        owner, editor, editor, subject="Settling, in plain words", act="save"
    )
    assert "Written into the outbox folder" in send(owner, editor, editor, act="test")
    review = f"{page}/review?date=2026-11-25&time=10:00"
    told = owner.get(review).text
    for words in ("Get it", "were here within three days before", "All who said yes", "<strong>4</strong>"):
        assert words in told, words
    assert form_to(told, f"{page}/schedule")["date"] == ["2026-11-25"]
    told = send(owner, review, f"{page}/schedule")
    assert "Scheduled." in told
    assert "Settling, in plain words" in told
    assert f"{page}/cancel" in told
    world.app.drain()
    assert issues.tally(world, page.rpartition("/")[2]) == {"planned": 4}
    assert "Wait for its hour" in owner.get(page).text
    assert "it keeps away for three days after a visit" in owner.get(f"/clients/{here_today}").text
    clock = world.app.clock
    assert isinstance(clock, SteppedClock)
    clock.advance(timedelta(hours=44))
    world.app.sweep()
    told = colleague(world, "viewer").get(page).text
    assert "Left out: were here within three days before" in told
    assert f"{page}/pause" not in told


def test_a_group_is_chosen_by_conditions_and_a_wrong_one_is_explained(world: World, owner: Colleague) -> None:
    world.add_client(topics=NEWS)
    page, _ = begin(owner)
    told = owner.get(f"{page}/review?country=France").text
    assert "Left out: not in the group that you chose" in told
    assert form_to(told, f"{page}/schedule")["country"] == ["France"]
    for query in (
        "date=2026-11-20",
        "date=yesterday",
        "visited_since=1.2.2026",
        "therapist=%27%3B--",
        "country=Nowhere",
    ):
        assert owner.get(f"{page}/review?{query}").status_code == 422, query
    assert "still to come" in owner.get(f"{page}/review?date=2026-11-20").text
    fields = form_to(told, f"{page}/schedule") | {"date": ["2026-11-20"]}
    assert owner.post(f"{page}/schedule", fields).status_code == 422
    assert issues.read(world, page.rpartition("/")[2]).issue.state == "draft"


def test_pause_resume_cancel_and_copy_are_one_press_each(world: World, owner: Colleague) -> None:
    world.add_client(topics=NEWS)
    page, _ = begin(owner)
    send(owner, f"{page}/review", f"{page}/schedule")
    world.app.drain()
    assert "Nobody gets it until you resume it" in send(owner, page, f"{page}/pause")
    assert "It goes on" in send(owner, page, f"{page}/resume")
    assert "Cancelled." in send(owner, page, f"{page}/cancel")
    assert "cannot" not in send(owner, page, f"{page}/copy")
    assert "There is nothing to pause" in owner.get(owner.post(f"{page}/pause").headers["location"]).text
    assert issues.tally(world, page.rpartition("/")[2]) == {"cancelled: issue_cancelled": 1}


def test_a_press_too_many_makes_one_issue_and_shows_no_error(world: World, owner: Colleague) -> None:
    def twice(page: str, form: str) -> set[tuple[int, str]]:
        fields = form_to(owner.get(page).text, form)
        answers = [owner.post(form, fields) for _ in range(2)]
        return {(one.status_code, one.headers["location"]) for one in answers}

    [(_, editor)] = twice(HOME, HOME)
    page = owner.get(editor.rpartition("/steps/")[0]).headers["location"]
    [(_, copied)] = twice(page, f"{page}/copy")
    assert twice(copied, f"{copied}/remove") == {(303, HOME)}
    twice(f"{page}/review", f"{page}/schedule")
    assert "Scheduled." in owner.get(page).text
    assert copied not in owner.get(HOME).text


def test_an_issue_is_no_sequence_and_a_draft_can_be_thrown_away(world: World, owner: Colleague) -> None:
    page, editor = begin(owner)
    slug = editor.split("/")[2]
    assert slug not in owner.get("/sequences").text
    for verb in ("pause", "draft", "discard"):
        assert owner.post(f"/sequences/{slug}/{verb}").status_code == 409, verb
    assert "The draft is gone." in send(owner, page, f"{page}/remove")
    assert owner.get(page).status_code == 404
    assert "write what the issue is about" in owner.post(HOME, {"starter": "blank"}).text
    page, _ = begin(owner, "issue-1")
    assert "emails over" not in owner.get(page).text


def test_an_issue_that_breaks_a_rule_cannot_be_scheduled(world: World, owner: Colleague) -> None:
    page, editor = begin(owner)
    send(owner, editor, editor, subject="Trauma and the body", act="save")
    told = owner.get(f"{page}/review").text
    assert "This cannot go yet." in told
    answer = owner.post(f"{page}/schedule", form_to(told, f"{page}/schedule"))
    assert answer.status_code == 422
    assert issues.read(world, page.rpartition("/")[2]).issue.state == "draft"
