"""An email of which nobody knows whether it arrived has its place in the day and the week all the same."""

from pathlib import Path

from aftercare.config import Settings
from aftercare.domain.outcomes import Unknown
from aftercare.testing.inline import inline_app
from aftercare.testing.smtp import RecordingServer
from tests.factories import SECRET
from tests.journeys.harness import MONDAY_14, STRONG, Journey, only_clinic
from tests.journeys.watched import WatchedRelay


def test_what_may_have_arrived_fills_its_day_also_when_it_is_left_out_in_the_end(
    sqlite_url: str, tmp_path: Path
) -> None:
    app = inline_app(Settings(data_dir=tmp_path, database_url=sqlite_url, secret_key=SECRET), MONDAY_14)
    relay = WatchedRelay(app, answers=[Unknown("kept"), Unknown("kept")])
    app.senders["main"] = relay
    journey = Journey(app, *only_clinic(app), server=RecordingServer())
    maya = journey.add_client()
    journey.visit(maya)
    while len(relay.arrivals) < 2:
        journey.live(hours=1)
    assert set(journey.fates(maya).values()) == {"held: ambiguous", "planned"}
    journey.visit(maya, STRONG)
    # The relay complains of a second email on one date, and of a fifth within a week.
    journey.live(days=16)
    assert "skipped: superseded" in journey.fates(maya).values()
    app.close()
