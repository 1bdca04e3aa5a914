"""What the doctor says of who hears of “Please call me”."""

from tests.cli.test_doctor import look, small
from tests.factories import World

from aftercare.models import Clinic

__all__ = ["small"]


def test_a_clinic_where_nobody_hears_of_a_wish_for_a_call_is_named(small: World) -> None:
    assert look(small, "contacts").state == "ok"
    with small.app.transaction() as db:
        db.get_one(Clinic, small.clinic_id).duty_id = None
    found = look(small, "contacts")
    assert found.state == "warn"
    assert found.found.startswith("Willow Lane Clinic: clients can press “Please call me”")
    assert "Settings" in found.mend
