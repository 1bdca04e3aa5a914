"""What the doctor says of who hears of “Please call me”, and of sessions that nothing follows."""

from tests.cli.test_doctor import look, small
from tests.factories import World

from aftercare.models import Clinic
from aftercare.store import sequences

__all__ = ["small"]


def test_a_clinic_where_nobody_hears_of_a_wish_for_a_call_is_named(small: World) -> None:
    assert look(small, "contacts").state == "ok"
    with small.app.transaction() as db:
        db.get_one(Clinic, small.clinic_id).duty_id = None
    found = look(small, "contacts")
    assert found.state == "warn"
    assert found.found.startswith("Willow Lane Clinic: clients can press “Please call me”")
    assert "Settings" in found.mend


def test_a_clinic_where_no_emails_follow_a_session_is_named(small: World) -> None:
    assert look(small, "visits").state == "ok"
    with small.app.transaction() as db:
        for one in sequences.published(db, small.clinic_id):
            one.version.state = "draft"
    found = look(small, "visits")
    assert found.state == "warn"
    assert found.found.startswith("Willow Lane Clinic: nobody gets emails after a visit yet")
    assert "As drafts wait: “After a visit with strong feelings”, “After your visit”." in found.found
    assert "aftercare sequence publish" in found.mend
